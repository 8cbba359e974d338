"""Draw every state of the window to PNG files, light and dark, and the README's pictures."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
README_PICTURES = {"signed-in": "dark", "overview": "overview"}


def main(argv: list[str] | None = None) -> int:
    """Draw them; gives the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    parser.add_argument("--scale", default="1", help="QT_SCALE_FACTOR")
    parser.add_argument("--only", default="", help="states whose name holds this")
    parser.add_argument("--language", default="en", choices=["en", "de"])
    asked = parser.parse_args(argv)
    os.environ["QT_SCALE_FACTOR"] = asked.scale
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.path[:0] = [str(ROOT), str(ROOT / "dev")]
    import _scenes_dialogs
    import _scenes_many
    from _scenes import SCENES, Scene, paint
    from exoalias.adapters import wording

    wording.use(asked.language)
    asked.out.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        for name, play in (SCENES | _scenes_many.SCENES | _scenes_dialogs.SCENES).items():
            if asked.only in name:
                _draw(Scene(scheme), play, asked.out / f"{name}-{scheme}.png", paint)
    if asked.scale == "1" and asked.language == "en" and not asked.only:
        pictures = ROOT / "resources" / "pictures"
        pictures.mkdir(parents=True, exist_ok=True)
        for state, picture in README_PICTURES.items():
            scheme = "dark" if picture == "dark" else "light"
            (pictures / f"{picture}.png").write_bytes((asked.out / f"{state}-{scheme}.png").read_bytes())
    return 0


def _draw(scene: object, play: Callable[..., object], path: Path, paint: Callable[..., None]) -> None:
    print(f"  {path.name}", flush=True)
    play(scene)
    paint(scene, path)


if __name__ == "__main__":
    raise SystemExit(main())
