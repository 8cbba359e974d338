"""The Linux packages tried as their users will: the folder on this machine, the Debian package on a fresh Debian in a folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import _package_common as common
import _package_linux as linux
from _package_common import WITHIN_S, must

if TYPE_CHECKING:
    from collections.abc import Iterator

SUITE = "bookworm"
HANDS = "xvfb openbox xauth dbus gnome-keyring procps chromium desktop-file-utils appstream man-db bash-completion imagemagick"


def built() -> dict[str, Path]:
    """What can be built for Linux and is tried, and where it lies then."""
    made = sorted(common.DIST.glob(f"exoalias_{common.version()}_*.deb"))
    return {"folder": linux.FOLDER, "deb": made[0] if made else common.DIST / "exoalias.deb"}


def sizes() -> str:
    """No larger than said: what grows needs a reason, and the figure in _package_common.py changed with it."""
    folder, deb = (common.size_mb(path) for path in built().values())
    said = f"deb {deb:.1f} MB, installed {folder:.1f} MB"
    must(deb <= common.MOST_MB["deb"] and folder <= common.MOST_MB["installed"], said)
    return said


def same_wheel() -> str:
    """Two builds of the wheel are the same bytes."""
    first = linux.wheel().read_bytes()
    must(linux.wheel().read_bytes() == first, "the second wheel differs")
    return f"{len(first) / 1e6:.1f} MB, twice the same"


def folder_runs() -> str:
    """The program in its folder: nothing on stderr, doctor with a canary in the keyring, the whole demo, a painted window."""
    done = subprocess.run(
        [sys.executable, common.ROOT / "dev" / "session.py", sys.executable, __file__, "folder"],
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    must(done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:])
    return done.stdout.splitlines()[-1]


def _in_the_folder() -> None:
    """Runs on a throwaway desktop."""
    program = linux.FOLDER / "exoalias"
    began = time.monotonic()
    version = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60, check=False)
    must((version.returncode, version.stderr) == (0, ""), f"--version: {version}")
    must(version.stdout.strip() == f"exoalias {common.version()}", version.stdout)
    doctor = subprocess.run([program, "doctor", "--json"], capture_output=True, text=True, timeout=120, check=False)
    probes = _probes(doctor.stdout)
    must(probes.get("Keyring") == "ok", f"the keyring's canary: {probes}")
    demo = subprocess.run([program, "demo", "--headless"], capture_output=True, text=True, timeout=300, check=False)
    must(demo.returncode == 0 and "All holds." in demo.stdout, demo.stdout[-800:] + demo.stderr[-800:])
    colours = _painted([str(program)])
    print(f"version, doctor, keyring, demo and a window of {colours} colours in {time.monotonic() - began:.0f} s")


def _painted(command: list[str]) -> int:
    """How many colours the screen has once the program's window stands; DoesNotHold where nothing is painted, or it complains."""
    with tempfile.TemporaryFile("w+") as stderr, subprocess.Popen(command, stderr=stderr) as running:
        colours = 0
        for _ in range(60):
            time.sleep(0.5)
            done = subprocess.run(
                ["import", "-window", "root", "-format", "%k", "info:"], capture_output=True, text=True, check=False
            )
            colours = int(done.stdout.strip() or 0) if done.returncode == 0 else 0
            if colours > 60 or running.poll() is not None:
                break
        running.terminate()
        running.wait(20)
        stderr.seek(0)
        complaint = stderr.read()
    must(colours > 60, f"nothing was painted: {colours} colours; {complaint}")
    must(not complaint, complaint)
    return colours


# -- a fresh Debian ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Debian:
    """A Debian of its own in a folder."""

    root: Path

    def run(self, line: str) -> str:
        """A command line in it; gives what it printed, DoesNotHold where it ended badly."""
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "LANG": "C.UTF-8",
            "DEBIAN_FRONTEND": "noninteractive",
        }
        done = subprocess.run(
            ["chroot", self.root, "bash", "-c", line],
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=WITHIN_S,
            check=False,
        )
        must(done.returncode == 0, f"{line}\n{done.stdout[-2500:]}\n{done.stderr[-2500:]}")
        return done.stdout

    def on_a_desktop(self, line: str) -> str:
        """The same with a screen, a window manager and an unlocked keyring."""
        keyring = "echo -n pw | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1"
        (self.root / "tmp" / "line.sh").write_text(f"{keyring}\nopenbox &\n{line}\n")
        desktop = "xvfb-run -a -s '-screen 0 1280x900x24' dbus-run-session -- bash /tmp/line.sh"
        return self.run(f"rm -rf /tmp/run; mkdir -m 700 /tmp/run; XDG_RUNTIME_DIR=/tmp/run {desktop}")


@contextmanager
def _debian() -> Iterator[Debian]:
    """A fresh one. The bare system is kept packed for the next time."""
    packed, base = common.BUILD / f"{SUITE}.tar", Path(tempfile.mkdtemp(prefix="exoalias-debian-"))
    root = base / "root"
    root.mkdir()
    if not packed.exists():
        common.say(f"a fresh Debian ({SUITE})")
        common.run("debootstrap", "--variant=minbase", SUITE, root)
        common.run("tar", "-C", root, "-cf", packed, ".")
    else:
        common.run("tar", "-C", root, "-xf", packed)
    for ours in ("/etc/apt/sources.list", "/etc/apt/sources.list.d", "/etc/apt/apt.conf.d", "/etc/resolv.conf"):
        if Path(ours).exists():  # where this machine gets its packages from
            common.run("cp", "-aLf", ours, root / Path(ours).parent.relative_to("/"))
    (root / "etc" / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")  # debootstrap leaves it to an installer
    mounts = [("proc", root / "proc"), ("tmpfs", root / "dev" / "shm"), ("tmpfs", root / "run")]
    for kind, place in mounts:
        place.mkdir(parents=True, exist_ok=True)
        common.run("mount", "-t", kind, kind, place)
    try:
        yield Debian(root)
    finally:
        for _, place in reversed(mounts):
            subprocess.run(["umount", "--lazy", place], check=False)
        shutil.rmtree(base, ignore_errors=True)


def deb_on_a_fresh_debian() -> str:
    """Installed by apt, started by the menu entry's command, the demo with the real browser and keyring, upgraded, removed."""
    if os.geteuid() != 0:
        return "NOT RUN: it needs root, to make a system in a folder"
    if shutil.which("debootstrap") is None:
        common.run("apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "debootstrap")
    deb = built()["deb"]
    newer = _next_version(deb)
    with _debian() as debian:
        for source, name in ((deb, "exoalias.deb"), (newer, "newer.deb")):
            shutil.copy(source, debian.root / "tmp" / name)
        debian.run("apt-get update -q")
        debian.run("apt-get install -y -q --no-install-recommends /tmp/exoalias.deb")
        debian.run("exoalias --version")  # before anything else is there: the package names what it needs
        debian.run(f"apt-get install -y -q --no-install-recommends {HANDS}")
        _looks_right(debian)
        colours = _starts_from_the_menu(debian)
        _demo(debian)
        debian.run("apt-get install -y -q --no-install-recommends /tmp/newer.deb && exoalias --version")
        _goes_without_a_trace(debian)
    return f"installed, started from the menu ({colours} colours), demo, upgraded, removed; the person's settings kept"


def _looks_right(debian: Debian) -> None:
    """Menu entry, metadata, man page, completion."""
    debian.run("desktop-file-validate /usr/share/applications/exoalias.desktop")
    debian.run("appstreamcli validate --no-net /usr/share/metainfo/exoalias.metainfo.xml")
    must("VERBS" in debian.run("man -P cat exoalias"), "no man page")
    words = "COMP_WORDS=(exoalias che); COMP_CWORD=1; _exoalias; echo ${COMPREPLY[@]}"
    must("check" in debian.run(f"source /usr/share/bash-completion/completions/exoalias; {words}"), "no completion")


def _starts_from_the_menu(debian: Debian) -> int:
    """How many colours its window has, started by the command of the menu entry."""
    command = debian.run("sed -n 's/^Exec=//p' /usr/share/applications/exoalias.desktop").strip()
    debian.on_a_desktop(
        f"timeout 12 {command} 2> /tmp/complaint &\nsleep 8\nimport -window root -format %k info: > /tmp/colours\nwait %2\ntrue"
    )
    colours, complaint = int(debian.run("cat /tmp/colours").strip() or 0), debian.run("cat /tmp/complaint")
    must(colours > 60 and not complaint, f"{colours} colours; {complaint}")
    return colours


def _demo(debian: Debian) -> None:
    said = debian.on_a_desktop("exoalias doctor --json > /tmp/doctor.json\nexoalias demo --headless")
    must("All holds." in said, said[-800:])
    probes = _probes((debian.root / "tmp" / "doctor.json").read_text())
    must(probes.get("Keyring") == "ok", f"the keyring's canary: {probes}")


def _goes_without_a_trace(debian: Debian) -> None:
    """Purged, nothing of the program is left; what the person has is."""
    debian.run("mkdir -p /root/.config/exoalias && echo '# mine' >> /root/.config/exoalias/settings.toml")
    debian.run("apt-get purge -y -q exoalias")
    found = debian.run("find / -xdev -name '*exoalias*' -not -path '/proc/*' -not -path '/tmp/*'").split()
    left = [path for path in found if not path.startswith(("/root/", "/var/cache/man/"))]  # man keeps the pages it has shown
    must(not left, f"left behind: {left}")
    must("mine" in debian.run("cat /root/.config/exoalias/settings.toml"), "the person's settings are gone")


def _probes(document: str) -> dict[str, str]:
    return {probe["name"]: probe["result"] for probe in json.loads(document)["result"]["probes"]}


def _next_version(deb: Path) -> Path:
    """The same package with a higher number: what an upgrade is tried with."""
    tree, made = common.BUILD / "next", common.BUILD / "newer.deb"
    shutil.rmtree(tree, ignore_errors=True)
    common.run("dpkg-deb", "--raw-extract", deb, tree)
    control = tree / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(f"Version: {common.version()}\n", f"Version: {common.version()}.1\n"))
    common.run("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", tree, made)
    return made


if __name__ == "__main__":
    sys.path.insert(0, str(common.ROOT))
    if sys.argv[1:] == ["folder"]:
        _in_the_folder()
