"""The recipe for macOS and the workflow that builds everything: what can be known of them without a Mac and without a run."""

from __future__ import annotations

import plistlib
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "packaging" / "macos"
NOW = datetime(2026, 11, 29, tzinfo=UTC)
WORKFLOW = (ROOT / ".github" / "workflows" / "packages.yml").read_text(encoding="utf-8")

if TYPE_CHECKING:
    import _package_macos as macos
    import _package_macos_sign as signing
    import _package_smoke as smoke
    import _package_texts as texts
else:  # scripts, not a package: loaded from where they stand, where they find each other

    def _script(name: str) -> object:
        spec = util.spec_from_file_location(name, ROOT / "dev" / f"{name}.py")
        made = util.module_from_spec(spec)
        sys.modules[name] = made
        spec.loader.exec_module(made)
        return made

    for beside in ("_package_parts", "_package_texts", "package"):
        _script(beside)
    signing, macos, smoke = map(_script, ("_package_macos_sign", "_package_macos", "_package_smoke"))
    texts = sys.modules["_package_texts"]


# -- the bundle ------------------------------------------------------------------------------------------------------------


def test_macos_is_told_what_the_linux_metadata_says() -> None:
    said = plistlib.loads((SOURCES / "Info.plist").read_bytes())
    assert f"<id>{said['CFBundleIdentifier']}</id>" in texts.metainfo("1.2", NOW)
    assert {path.stem for path in (ROOT / "resources" / "language").glob("*.po")} < set(said["CFBundleLocalizations"])
    assert said["NSHumanReadableCopyright"].endswith("MIT")
    assert not [key for key in said if "Version" in key and not key.startswith("LS")], "the version is put in when built"


def test_the_released_program_may_do_nothing_that_the_hardened_runtime_forbids() -> None:
    released = signing.Signature("Developer ID Application: Somebody (TEAM)")
    assert signing.entitlements(SOURCES, released) == {}
    assert signing.entitlements(SOURCES, signing.Signature()) == {"com.apple.security.cs.disable-library-validation": True}


def test_the_spec_is_python_and_takes_the_files_that_are_there() -> None:
    text = (SOURCES / "exoalias.spec").read_text(encoding="utf-8")
    compile(text, "exoalias.spec", "exec")
    assert "Info.plist" in text
    assert f'"{macos.WORK.name}" / "exoalias.icns"' in text


def test_the_icon_is_drawn_in_every_size_iconutil_wants(tmp_path: Path) -> None:
    drawn = sorted(path.name for path in macos.iconset(tmp_path / "exoalias.iconset").iterdir())
    sizes = (16, 32, 128, 256, 512)
    assert drawn == sorted(f"icon_{size}x{size}{ending}.png" for size in sizes for ending in ("", "@2x"))
    head = (tmp_path / "exoalias.iconset" / "icon_512x512@2x.png").read_bytes()[16:24]
    assert (int.from_bytes(head[:4]), int.from_bytes(head[4:])) == (1024, 1024)


def _bundle(root: Path) -> Path:
    """One as PyInstaller lays it, in small."""
    contents = root / "exoalias.app" / "Contents"
    framework = contents / "Frameworks" / "PySide6" / "Qt" / "lib" / "QtCore.framework"
    code = (
        contents / "MacOS" / "exoalias",
        contents / "Frameworks" / "libpython3.13.dylib",
        framework / "Versions" / "A" / "QtCore",
    )
    for path in code:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xcf\xfa\xed\xfe and so on")
    (contents / "Frameworks" / "QtCore").symlink_to("PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore")
    (contents / "Resources").mkdir()
    (contents / "Resources" / "LICENSE.txt").write_text("MIT")
    return root / "exoalias.app"


def test_what_lies_inside_is_signed_first_and_the_program_with_the_bundle(tmp_path: Path) -> None:
    bundle = _bundle(tmp_path)
    frameworks = "Contents/Frameworks"
    assert [path.relative_to(bundle).as_posix() for path in signing.to_sign(bundle)] == [
        f"{frameworks}/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        f"{frameworks}/libpython3.13.dylib",
        f"{frameworks}/PySide6/Qt/lib/QtCore.framework",
    ]


def test_a_library_that_is_not_shipped_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = (
        "somewhere/QtCore:\n\t@rpath/QtCore (compatibility version 6.0.0, current version 6.12.0)\n"
        "\t@loader_path/../../libpython3.13.dylib (compatibility version 3.13.0)\n"
        "\t/usr/lib/libSystem.B.dylib (compatibility version 1.0.0)\n"
        "\t/opt/local/lib/libssl.3.dylib (compatibility version 3.0.0)\n"
        "\t@rpath/QtPdf (compatibility version 6.0.0)\n"
    )
    assert len(macos.named_in(said)) == 5
    otool = subprocess.CompletedProcess([], 0, said, "")
    monkeypatch.setattr(subprocess, "run", lambda *_given, **_more: otool)
    bundle = _bundle(tmp_path)
    program = [line for line in macos.strays(bundle) if line.startswith("Contents/MacOS/")]
    assert [line.rpartition(" ")[2] for line in program] == ["/opt/local/lib/libssl.3.dylib", "@rpath/QtPdf"]


# -- signing ---------------------------------------------------------------------------------------------------------------


def test_who_signs_comes_from_the_environment_and_half_of_it_is_refused(tmp_path: Path) -> None:
    key = tmp_path / "key.p8"
    key.write_text("a key")
    who, whole = {signing.IDENTITY: "Developer ID Application"}, {signing.KEY: str(key), signing.KEY_ID: "K", signing.ISSUER: "I"}
    assert signing.Signature.of({}) == signing.Signature("-", ())
    assert signing.Signature.of({signing.IDENTITY: " "}).is_ad_hoc, "an unset secret arrives as nothing"
    assert signing.Signature.of(who | whole).notary == ("--key", str(key), "--key-id", "K", "--issuer", "I")
    assert signing.Signature.of(who | {signing.PROFILE: "mine"}).notary == ("--keychain-profile", "mine")
    for half in (whole, who | {signing.KEY: str(key)}, who | whole | {signing.KEY: str(tmp_path / "none")}):
        with pytest.raises(SystemExit, match="package: "):
            signing.Signature.of(half)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ('{"id": "1", "status": "Accepted"}', "Accepted"),
        ('{"id": "1", "status": "Invalid"}', "Invalid"),
        ("Error: no", "no answer"),
    ],
)
def test_apples_answer_is_read_and_not_the_exit_code(said: str, status: str) -> None:
    assert signing.outcome(said)["status"] == status


@pytest.mark.skipif(sys.platform == "darwin", reason="here it is built")
@pytest.mark.parametrize("kind", ["app", "dmg"])
def test_elsewhere_than_on_a_mac_it_is_refused_in_words(kind: str) -> None:
    done = subprocess.run([sys.executable, "dev/package.py", kind], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("package: app and dmg are built on a Mac: ")
    assert len(done.stderr.splitlines()) == 1


def test_without_the_texts_of_qts_licences_nothing_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(macos, "COMMON_LICENCES", tmp_path)
    with pytest.raises(SystemExit, match="EXOALIAS_LICENCE_TEXTS"):
        macos.app()


def test_on_a_mac_what_is_built_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert macos.asked(["wheel"]) is None or sys.platform == "darwin"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert macos.asked(["deb", "dmg"]) == 2
    assert "not here: deb" in capsys.readouterr().err


# -- trying what was installed ---------------------------------------------------------------------------------------------


def _program(folder: Path, noise: str) -> str:
    from exoalias import __version__

    path = folder / "program"
    path.write_text(
        f"#!/bin/sh\n{noise}\ncase $1 in\n--version) echo 'exoalias {__version__}';;\n"
        'doctor) echo \'{"result": {"probes": [{"name": "Keyring", "result": "ok"}]}}\';;\ndemo) echo All holds.;;\nesac\n'
    )
    path.chmod(0o755)
    return str(path)


@pytest.mark.skipif(sys.platform == "win32", reason="the program played here is a shell script")
def test_the_smoke_test_passes_what_holds_and_notices_a_word_on_stderr(tmp_path: Path) -> None:
    assert smoke.failures(_program(tmp_path, ""), keyring=True, demo=True) == []
    noisy = smoke.failures(_program(tmp_path, "echo a warning >&2"), keyring=True, demo=True)
    assert [each.partition(":")[0] for each in noisy] == ["--version"]
    dead = smoke.failures(_program(tmp_path, "exit 3"), keyring=True, demo=True)
    assert [each.partition(":")[0] for each in dead] == ["--version", "doctor", "demo"]


# -- the workflow ----------------------------------------------------------------------------------------------------------


def _kinds() -> set[str]:
    """Every kind that `dev.py package` builds, as it says itself, and those for a Mac."""
    usage = subprocess.run(
        [sys.executable, "dev/package.py", "no-such-kind"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return set(re.findall(r"\[([a-z]+)\]", usage.stderr)) | set(macos.KINDS)


def test_every_command_of_the_workflow_is_one_we_have() -> None:
    commands = re.findall(r"python3 dev\.py ([^\n#|>&]+)", WORKFLOW)
    assert len(commands) == 3
    for verb, *words in map(str.split, commands):
        assert (ROOT / "dev" / f"{verb}.py").is_file()
        assert set(words) <= _kinds() | {"--test"}, words
    files = re.findall(r"(?:python3?|bash) ((?:dev|packaging)[/\\][\w/\\.]+)", WORKFLOW)
    assert len(files) > 4
    assert [file for file in files if not (ROOT / file.replace("\\", "/")).is_file()] == []


def test_the_workflow_may_read_and_no_more_but_for_one_sign_in() -> None:
    assert "\npermissions:\n  contents: read\n\n" in WORKFLOW
    granted = re.findall(r"^\s+([\w-]+): (?:write|write-all)\b", WORKFLOW, re.MULTILINE)
    assert granted == ["id-token"], "for Microsoft's signing service, in its own job"
    assert WORKFLOW.count("actions/checkout@") == WORKFLOW.count("persist-credentials: false")
    assert "pull_request" not in WORKFLOW, "a stranger's code must not run where the secrets are"


def test_actions_are_pinned_by_their_major_version() -> None:
    used = re.findall(r"uses: (\S+)", WORKFLOW)
    assert len(used) > 10
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@v\d+", action)] == []


def test_no_secret_stands_on_a_command_line() -> None:
    """They go by the environment: into a variable of one step, or as the yes or no whether they are there."""
    for line in WORKFLOW.splitlines():
        if "secrets." in line:
            is_handed_on = re.fullmatch(r" {10}[A-Z]+: \$\{\{ secrets\.\w+ \}\}|.*: \$\{\{ secrets\.\w+ \}\}", line) is not None
            says_whether = (
                re.fullmatch(r" {6}[A-Z_]+: \$\{\{ (secrets\.\w+ != ''( && )?)+('[\w ]+' \|\| '')? ?\}\}", line) is not None
            )
            assert is_handed_on or says_whether, line
    script = (SOURCES / "keychain.sh").read_text(encoding="utf-8")
    outside = [line for line in script.split("COMMANDS", 1)[0].splitlines() if line.startswith("security")]
    assert [line for line in outside if "PASSWORD" in line or "$own" in line] == []
    assert "security -i" in script


def test_the_workflow_has_the_shape_of_yaml() -> None:
    """No parser is among our tools; tabs, odd indentation and a name twice are what goes wrong by hand."""
    lines = [line for line in WORKFLOW.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert not [line for line in lines if "\t" in line or (len(line) - len(line.lstrip())) % 2]
    jobs = re.findall(r"^  ([\w-]+):$", WORKFLOW.partition("\njobs:\n")[2], re.MULTILINE)
    assert jobs == ["licence-texts", "linux", "windows", "windows-signed", "macos", "installed"]
    needed = re.findall(r"^    needs: (.+)$", WORKFLOW, re.MULTILINE)
    assert {job.strip("[] ") for line in needed for job in line.split(",")} <= set(jobs)
    named = set(re.findall(r"name: (built-\w+|signed-\w+|licence-texts)$", WORKFLOW, re.MULTILINE))
    assert named == {"built-linux", "built-windows", "signed-windows", "licence-texts"}
