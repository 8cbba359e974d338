"""Wine, to run what is built for Windows: a Windows of its own in a folder."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import _package_common as common


@dataclass(frozen=True, slots=True)
class Wine:
    """A Windows in *prefix*; *display* is the X screen it draws on, "" for none."""

    prefix: Path
    display: str = ""

    @property
    def drive(self) -> Path:
        """Its C: drive."""
        return self.prefix / "drive_c"

    def ready(self) -> None:
        """Make it where it isn't there yet; it says that it is Windows 10."""
        if (self.prefix / "ready").exists():
            return
        shutil.rmtree(self.prefix, ignore_errors=True)
        self.prefix.mkdir(parents=True)
        for line in (("wineboot", "--init"), ("winecfg", "-v", "win10")):
            done = self.run(*line, within_s=300)
            if done.returncode:
                raise SystemExit(f"{done.stderr[-2000:]}\npackage: {' '.join(line)} ended with {done.returncode}")
        self.wait()
        (self.prefix / "ready").touch()

    def shims(self) -> None:
        """What real Windows has and Wine lacks goes into its system folder; never into what is shipped."""
        system = self.drive / "windows" / "system32"
        for source in sorted(Path(__file__).with_name("wine").glob("*.c")):
            gcc = ["x86_64-w64-mingw32-gcc", "-shared", "-Os", "-s", "-Wall", "-Wextra", "-Werror", str(source)]
            common.run(*gcc, "-o", system / source.with_suffix(".dll").name)
        for font in (
            "Segoe UI",
            "Tahoma",
            "MS Shell Dlg 2",
        ):  # Windows' own can't be had here, and Wine would take one with serifs
            self.run("reg", "add", r"HKCU\Software\Wine\Fonts\Replacements", "/v", font, "/d", "DejaVu Sans", "/f")

    def environment(self) -> dict[str, str]:
        """For a program in it: no Wine of the person's own, no offer to install Mono or Gecko, no X screen but ours."""
        kept = {name: value for name, value in os.environ.items() if name not in {"WAYLAND_DISPLAY", "DISPLAY"}}
        ours = {"WINEPREFIX": str(self.prefix), "WINEARCH": "win64", "WINEDEBUG": "-all"}
        ours["WINEDLLOVERRIDES"] = "mscoree,mshtml=;winemenubuilder.exe=d;mscms=n;wbemprox="
        return kept | ours | ({"DISPLAY": self.display} if self.display else {})

    def command(self, program: Path | str, *arguments: str) -> list[str]:
        """The command line that runs a program in it."""
        return [shutil.which("wine64") or "/usr/lib/wine/wine64", str(program), *arguments]

    def run(self, program: Path | str, *arguments: str, within_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run to the end. All three streams are pipes: Python for Windows can't begin on anything else here."""
        return subprocess.run(
            self.command(program, *arguments),
            env=self.environment(),
            input="",
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=within_s,
            check=False,
        )

    def wait(self) -> None:
        """Until everything in it has ended."""
        subprocess.run(["wineserver", "-w"], env=self.environment(), timeout=120, check=False)

    def path(self, path: Path) -> str:
        """A path of this machine as Windows in it writes it."""
        return "Z:" + str(path).replace("/", "\\")
