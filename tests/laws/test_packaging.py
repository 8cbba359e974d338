"""What a package carries beside the program is made from tables, and each tool that reads it can; what it takes is pinned."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.app.verbs import VERBS
from exoalias.cli.parser import ENDS

if TYPE_CHECKING:
    import _package_common as common
    import _package_msi as msi
    import _package_texts as texts
    import _package_windows as windows
else:  # scripts, not a package: loaded from where they stand
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "dev"))
        names = ("_package_msi", "_package_texts", "_package_windows", "_package_common")
        msi, texts, windows, common = map(import_module, names)

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 29, tzinfo=UTC)
ALWAYS = ("--help", "--set")


def completed(*words: str) -> set[str]:
    """What bash offers for the last of these words."""
    script = texts.bash_completion(VERBS, ALWAYS)
    typed = " ".join(words) or "''"
    line = f'COMP_WORDS=(exoalias {typed}); COMP_CWORD={max(1, len(words))}; _exoalias; echo "${{COMPREPLY[@]}}"'
    done = subprocess.run(["bash", "-c", f"{script}\n{line}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.split())


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_completion_offers_every_verb_its_second_word_and_its_options() -> None:
    assert {verb.name.partition(" ")[0] for verb in VERBS} <= completed()
    for verb in VERBS:
        head, _, tail = verb.name.partition(" ")
        if tail:
            assert tail in completed(head, "''")
        flags = {argument.flag for argument in verb.arguments if argument.flag.startswith("--")}
        assert flags | set(ALWAYS) <= completed(*verb.name.split(), "--"), verb.name
    assert completed("che") == {"check"}


def test_the_man_page_names_every_verb_and_exit_code() -> None:
    page = texts.man_page("1.2", NOW, VERBS, ENDS)
    for verb in VERBS:
        assert f"\\fB{verb.name.replace('-', chr(92) + '-')}\\fR" in page
    assert "wrong user signed in" in page
    assert page.startswith('.TH EXOALIAS 1 "2026-11-29" "exoalias 1.2"')
    body = [line for line in page.splitlines() if not line.startswith((".TH", ".SH", ".TP", ".B"))]
    assert not [line for line in body if line.startswith((".", "'"))], "such a line would be taken for a macro"


def test_the_menu_entry_starts_the_program() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign] # keys keep their case
    entry.read(ROOT / "packaging" / "linux" / "exoalias.desktop", encoding="utf-8")
    head = entry["Desktop Entry"]
    assert (head["Exec"], head["Icon"], head["Terminal"]) == ("exoalias", "exoalias", "false")
    assert head["Comment[de]"]


def test_the_metadata_is_well_formed_and_dated() -> None:
    root = ET.fromstring(texts.metainfo("1.2", NOW))  # noqa: S314 - our own text
    release = root.find("releases/release")
    assert release is not None
    assert (release.get("version"), release.get("date")) == ("1.2", "2026-11-29")
    assert root.findtext("launchable") == "exoalias.desktop"


def test_the_control_file_has_its_fields_and_no_line_too_many() -> None:
    control = texts.control("1.2", "amd64", 1234)
    fields = [line.partition(":")[0] for line in control.splitlines() if not line.startswith(" ")]
    assert fields == [
        *("Package", "Version", "Architecture", "Maintainer", "Installed-Size", "Depends", "Recommends", "Section", "Priority"),
        "Description",
    ]
    assert "libxcb-cursor0" in control, "what is missing most often on people's machines"
    assert control.endswith(".\n")


def test_the_debian_changelog_and_copyright_are_in_their_forms() -> None:
    assert texts.debian_changelog("1.2", NOW).splitlines()[0] == "exoalias (1.2) stable; urgency=medium"
    stanzas = texts.copyright_file((ROOT / "LICENSE").read_text(encoding="utf-8")).split("\n\n")
    assert [stanza.partition(":")[0] for stanza in stanzas] == ["Format", "Files"]
    assert "Permission is hereby granted" in stanzas[1]


# -- Windows ---------------------------------------------------------------------------------------------------------------


def test_the_windows_lock_has_windows_keyring_and_none_of_linux() -> None:
    lines = windows.locked("3.13.2")
    names = {line.partition("==")[0] for line in lines}
    assert {"pywin32-ctypes", "pyside6-essentials", "keyring"} <= names
    assert not names & {"jeepney", "secretstorage", "pyinstaller", "backports-tarfile"}
    assert any(line.startswith("pyside6-essentials==6.12") for line in lines)
    assert all(" --hash" in line for line in lines)


def test_what_is_not_what_was_pinned_is_refused() -> None:
    pin = windows.inputs()["python"]
    assert {len(pin["archive_sha256"]), len(pin["member_sha256"])} == {64}
    with pytest.raises(SystemExit, match="not what was pinned"):
        windows._must_hash("python.zip", b"another", pin["member_sha256"])


def test_a_python_that_was_given_needs_its_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = tmp_path / "python.zip"
    given.write_bytes(b"anything")
    monkeypatch.setenv(windows.GIVEN, str(given))
    monkeypatch.delenv(windows.GIVEN_HASH, raising=False)
    with pytest.raises(SystemExit, match=windows.GIVEN_HASH):
        windows.embeddable()
    monkeypatch.setenv(windows.GIVEN_HASH, "0" * 64)
    with pytest.raises(SystemExit, match="not what was pinned"):
        windows.embeddable()


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/styles/qmodernwindowsstyle.dll", True),
        ("PySide6/QtOpenGL.pyd", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/plugins/tls/qschannelbackend.dll", False),
        ("PySide6/plugins/imageformats/qjpeg.dll", False),
        ("PySide6/translations/qt_de.qm", False),
    ],
)
def test_of_qt_only_what_is_used_is_taken_by_name(name: str, taken: bool) -> None:
    assert bool(windows._QT.fullmatch(name)) is taken
    assert windows._UNUSED_FILES.search(name), "nothing of Qt is taken otherwise"


def test_the_version_of_pythons_library_is_read_from_it() -> None:
    library = b"MZ" + "FileVersion\0\0".encode("utf-16-le") + "3.13.2\0".encode("utf-16-le") + b"\0" * 60
    assert windows._file_version(library) == "3.13.2"


def test_the_launchers_resources_say_who_they_are() -> None:
    said = texts.windows_resources("1.2.3", "exoalias-gui")
    assert "FILEVERSION 1,2,3,0" in said
    assert 'VALUE "OriginalFilename", "exoalias-gui.exe"' in said
    assert said.startswith("IDI_ICON1 ICON"), "Qt takes the window's icon by this name"


def test_the_msi_has_a_component_a_file_and_the_same_ids_each_time(tmp_path: Path) -> None:
    for name in ("exoalias.exe", "app/a b/x.pyc", "app/y&z.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    ids = windows.inputs()["ids"]
    source = msi.source(tmp_path, "1.2.3", "icon.ico", ids)
    assert source == msi.source(tmp_path, "1.2.3", "icon.ico", ids)
    wix = "{http://schemas.microsoft.com/wix/2006/wi}"
    product = ET.fromstring(source.encode()).find(f"{wix}Product")  # noqa: S314 - our own text
    assert product is not None
    assert (product.get("UpgradeCode"), product.get("Version")) == (ids["upgrade_code"], "1.2.3")
    components = [(c.get("Id"), c.get("Guid")) for c in product.iter(f"{wix}Component")]
    assert len(components) == 3 + len(("Menu", "Known", "OnPath"))
    assert len({guid for _, guid in components}) == len(components)
    wanted = {reference.get("Id") for reference in product.iter(f"{wix}ComponentRef")}
    assert wanted == {name for name, _ in components}
    newer = ET.fromstring(msi.source(tmp_path, "1.2.4", "icon.ico", ids).encode()).find(f"{wix}Product")  # noqa: S314
    assert newer is not None
    assert newer.get("Id") != product.get("Id"), "another version is another product, or it is no upgrade"


def test_what_the_windows_installers_can_be_told_is_written_down() -> None:
    told = (ROOT / "packaging" / "windows" / "README.md").read_text(encoding="utf-8")
    script = (ROOT / "packaging" / "windows" / "setup.nsi").read_text(encoding="utf-8")
    for switch in ("/CurrentUser", "/AllUsers", "/NoMenuEntry"):
        assert f'"{switch}"' in script
        assert f"`{switch}`" in told
    codes = re.findall(r"^!define [A-Z_]+ (\d+)", script, re.MULTILINE)
    assert len(codes) == 4
    assert all(f"{code}:" in told for code in codes)
    properties = ("INSTALLFOLDER", "MENUENTRY", "ADDTOPATH")
    assert all(f"| `{name}` |" in told and any(name in query for query in msi.queries()) for name in properties)
    assert windows.inputs()["ids"]["upgrade_code"] in told


def test_where_tools_are_missing_the_line_that_installs_them_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match=r"sudo apt-get install .* no-such-package"):
        common.needs({"no-such-program": "no-such-package"})
    common.needs({"python3": "python3"})
