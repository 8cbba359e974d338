"""The pages in a real browser, each ending in both windows and languages: contrast as painted, width, large type, address.

They are laid into frames of one page that measures them, so that two starts of the browser look at all of them.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.adapters.browser.find import find
from exoalias.app import pages
from exoalias.app.page_words import LANGUAGES
from exoalias.domain.happenings import Which
from tests.app.endings import ENDINGS, FACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCHEMES = {"light": "1", "dark": "0"}  # as Chromium's own setting has them
WIDTHS = {"narrow": (320, "100%"), "large type": (320, "200%"), "wide": (1280, "100%")}

# Asks each frame what a person would see: text colours over what is painted behind them, and whether anything sticks out.
MEASURE = """
const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
const lum = (c) => { const l = c.slice(0, 3).map((v) => v / 255)
  .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
const behind = (node, view) => { for (let at = node; at; at = at.parentElement) {
  const c = rgb(view.getComputedStyle(at).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
addEventListener("load", () => {
  const found = {};
  for (const frame of document.querySelectorAll("iframe")) {
    const doc = frame.contentDocument, view = frame.contentWindow, root = doc.documentElement;
    root.style.fontSize = frame.dataset.size;
    let worst = 21, cut = 0;
    for (const node of doc.querySelectorAll("main *")) {
      if (![...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim())) continue;
      const [a, b] = [lum(rgb(view.getComputedStyle(node).color)), lum(behind(node, view))].sort((x, y) => y - x);
      worst = Math.min(worst, (a + 0.05) / (b + 0.05));
      const box = node.getBoundingClientRect();
      if (box.left < 0 || box.right > view.innerWidth + 0.5 || box.width === 0) cut += 1;
    }
    found[frame.id] = { worst, cut, wide: root.scrollWidth, room: view.innerWidth, lang: root.lang,
      dark: view.matchMedia("(prefers-color-scheme: dark)").matches, title: doc.title };
  }
  const out = document.createElement("pre"); out.id = "found"; out.textContent = JSON.stringify(found); document.body.append(out);
});
"""


def _frames() -> str:
    frames = []
    for ending, (notice, problem) in ENDINGS.items():
        for which in Which:
            for language in LANGUAGES:
                page, _ = pages.render(notice, problem, which=which, language=language, facts=FACTS)
                inside = html.escape(page.decode().replace("history.replaceState", "void"))  # a frame without an address has none
                for name, (width, size) in WIDTHS.items():
                    where = f'id="{ending}|{which.name}|{language}|{name}" width="{width}" height="700" data-size="{size}"'
                    frames.append(f'<iframe {where} style="border:0" srcdoc="{inside}"></iframe>')
    return f'<!doctype html><meta charset="utf-8"><body>{"".join(frames)}<script>{MEASURE}</script>'


def _run(folder: Path, address: str, *more: str) -> str:
    command = [
        str(find(None).path),
        "--headless",
        "--disable-gpu",
        "--virtual-time-budget=20000",
        f"--user-data-dir={folder}/profile",
    ]
    command += ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    done = subprocess.run([*command, *more, address], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


@pytest.fixture(scope="module", params=SCHEMES)
def measured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Mapping[str, Any]]:
    folder = tmp_path_factory.mktemp("pages")
    file = folder / "all.html"
    file.write_text(_frames(), "utf-8")
    scheme = f"--blink-settings=preferredColorScheme={SCHEMES[request.param]}"
    document = _run(folder, file.as_uri(), scheme, "--dump-dom")
    said = re.search(r'<pre id="found">(.*?)</pre>', document, re.DOTALL)
    assert said is not None
    return request.param, json.loads(html.unescape(said[1]))


def test_each_page_is_there_in_the_scheme_asked_for(measured: tuple[str, Mapping[str, Any]]) -> None:
    scheme, found = measured
    assert len(found) == len(ENDINGS) * len(Which) * len(LANGUAGES) * len(WIDTHS)
    assert {each["dark"] for each in found.values()} == {scheme == "dark"}
    assert all(each["lang"] == name.split("|")[2] for name, each in found.items())
    assert all(each["title"].endswith(" – exoalias") for each in found.values())


def test_every_text_stands_out_as_painted(measured: tuple[str, Mapping[str, Any]]) -> None:
    _, found = measured
    assert {name: each["worst"] for name, each in found.items() if each["worst"] < 4.5} == {}


def test_nothing_sticks_out_of_a_narrow_window_or_with_large_type(measured: tuple[str, Mapping[str, Any]]) -> None:
    _, found = measured
    assert {name: each for name, each in found.items() if each["wide"] > each["room"] or each["cut"]} == {}


def test_the_measure_would_notice(tmp_path: Path) -> None:
    bad = html.escape('<!doctype html><main style="width:900px;color:#999;background:#aaa">long and pale<p>and pale</p></main>')
    file = tmp_path / "bad.html"
    frame = f'<iframe id="bad" width="320" height="300" data-size="100%" srcdoc="{bad}"></iframe>'
    file.write_text(f'<!doctype html><meta charset="utf-8"><body>{frame}<script>{MEASURE}</script>', "utf-8")
    said = re.search(r'<pre id="found">(.*?)</pre>', _run(tmp_path, file.as_uri(), "--dump-dom"), re.DOTALL)
    assert said is not None
    found = json.loads(html.unescape(said[1]))["bad"]
    assert found["worst"] < 2
    assert found["wide"] > found["room"]
