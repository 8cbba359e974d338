#!/usr/bin/env python3
"""The one door to working on exoalias: standard library only, so that a bare machine with Python can open it.

Every verb first makes sure that the system packages, the virtual environment and the locked requirements are there; when
they are, that takes a blink. ``setup``, ``demo`` and ``test`` live here; each module in ``dev/`` is a verb of its own name.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "exoalias-setup.txt"
LOCK = ROOT / "requirements" / "dev.txt"
PROJECT = ROOT / "pyproject.toml"
SYSTEM_PYTHON = Path("/usr/bin/python3")  # Debian's own

# What Qt's xcb platform, a real Chromium, window manager, Secret Service and bus of screen readers need on Debian 12.
SYSTEM_PACKAGES = (
    "at-spi2-core chromium chromium-sandbox dbus fonts-dejavu-core fonts-liberation gnome-keyring imagemagick openbox openssl "
    "procps libnss3-tools xauth xdotool xvfb libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 libx11-6 "
    "libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 "
    "libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libxcb1 "
    "libxkbcommon-x11-0 libxkbcommon0"
).split()


def say(text: str) -> None:
    """One line of progress, on stderr: what a verb prints itself stays clean."""
    print(f"dev: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> SystemExit:
    """A failure's last line: what happened and what to do about it."""
    return SystemExit(f"dev: {text}")


# -- setting up ---------------------------------------------------------------------------------------------------------


def missing_system_packages() -> list[str]:
    """Debian packages still to be installed; empty where dpkg isn't the way packages are kept."""
    if shutil.which("dpkg-query") is None:
        return []
    wanted = list(SYSTEM_PACKAGES)
    if importlib.util.find_spec("ensurepip") is None:
        wanted.append("python3-venv")
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\n", *wanted]
    known = subprocess.run(query, capture_output=True, text=True, check=False).stdout.splitlines()
    installed = {line.split()[1] for line in known if line.startswith("installed ")}
    return [name for name in wanted if name not in installed]


def install_system_packages() -> None:
    """Install what is missing if we may; else say the one line that does it, and go on."""
    missing = missing_system_packages()
    if not missing:
        return
    line = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    if os.name == "nt" or os.geteuid() != 0:
        say(
            f"some system packages are missing; tests with a real browser or keyring will fail. Install them with:\n  sudo {line}"
        )
        return
    say(f"installing {len(missing)} system packages: {', '.join(missing[:6])}{' …' if len(missing) > 6 else ''}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in ("apt-get update", line):
        command = [*arguments.split(), "-q", "-o", "DPkg::Lock::Timeout=600"]
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
        )
        if done.returncode:
            say(done.stdout[-2000:])
            raise stop(f"apt-get ended with {done.returncode}. Repair that (its last words are above) and repeat: {arguments}")


def maker() -> Path:
    """The Python an environment is made with: on Debian the system's own, where it is of this one's version; else this one.

    People there have that one, the packages are frozen from what the environment is made with, and one that was built
    without optimisation (as pyenv does it unless told) takes a quarter more of the processor for everything.
    """
    this = Path(sys.executable)
    if shutil.which("dpkg-query") is None:
        return this
    ask = "import sys, importlib.util as u; print(*sys.version_info[:2], u.find_spec('ensurepip') is not None)"
    try:
        done = subprocess.run([str(SYSTEM_PYTHON), "-I", "-c", ask], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.SubprocessError):
        return this
    said = done.stdout.decode("utf-8", "replace").split()
    return SYSTEM_PYTHON if said == [*map(str, sys.version_info[:2]), "True"] else this


def make_environment() -> None:
    """The virtual environment, where there is none. One that somebody made with another Python stays as it is."""
    if PYTHON.exists():
        return
    python = maker()
    say(f"creating .venv with {python}")
    if python != SYSTEM_PYTHON:
        venv.create(VENV, with_pip=True, symlinks=os.name != "nt")
    elif subprocess.run([str(python), "-I", "-m", "venv", str(VENV)], check=False).returncode:
        raise stop(f"{python} could not make a virtual environment in {VENV} (why: above). Remove what is there and repeat.")


def pip(*arguments: str) -> None:
    """Run the environment's pip quietly; its own last words come out when it fails."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise stop("pip failed (above). Is the package index reachable? Then repeat; or remove .venv to start over.")


def set_up() -> None:
    """Bring the machine to where every verb can run. Idempotent; the stamp says which lock and project were installed."""
    install_system_packages()
    place = f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}"
    locked, project = (hashlib.sha256(place.encode() + file.read_bytes()).hexdigest() for file in (LOCK, PROJECT))
    stamped = STAMP.read_text().split() if STAMP.exists() and PYTHON.exists() else []
    if stamped == [locked, project]:
        return
    if not stamped or stamped[0] != locked:
        make_environment()
        say("installing the locked requirements (about 250 MB the first time)")
        # The lock is whole: a resolver could only find a newer release for an extra (pip 23 does), and refuse it.
        pip("--no-deps", "--require-hashes", "-r", str(LOCK))
        STAMP.write_text(f"{locked}\n")
    say("installing exoalias for editing")
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    STAMP.write_text(f"{locked}\n{project}\n")
    say("ready")


# -- verbs --------------------------------------------------------------------------------------------------------------


def run(*command: str) -> int:
    """Run a command of the environment in the repository's root and give its exit code."""
    return subprocess.run([str(PYTHON), *command], cwd=ROOT, check=False).returncode


def setup(_arguments: list[str]) -> int:
    """Install what is missing, and nothing else."""
    say(f"set up: {PYTHON.relative_to(ROOT)}")
    return 0


def demo(arguments: list[str]) -> int:
    """The whole job on the embedded simulator: demo [--headless] [--scenario S]."""
    screen = os.name == "nt" or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not screen and not {"--headless", "--help", "-h"} & set(arguments):
        say("there is no screen here. Try: python3 dev.py demo --headless")
        return 2
    return run("-m", "exoalias", "demo", *arguments)


def test(arguments: list[str]) -> int:
    """Check, then the whole suite on a throwaway desktop: test [pytest arguments]."""
    if run("dev/check.py"):
        say("the check failed; the suite was not started")
        return 1
    workers = [] if any(a.startswith(("-n", "--numprocesses", "--pdb")) for a in arguments) else ["-n", "2"]
    return run("dev/session.py", str(PYTHON), "-m", "pytest", *workers, *arguments)


BUILT_IN = {"setup": setup, "demo": demo, "test": test}


def scripts() -> dict[str, str]:
    """Verbs that are modules in dev/: name and the first line of the docstring."""
    found = {}
    for path in sorted((ROOT / "dev").glob("[!_]*.py")):
        words = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        found[path.stem] = words.partition("\n")[0]
    return found


def usage() -> str:
    """The verbs and what each is for."""
    lines = {name: verb.__doc__ or "" for name, verb in BUILT_IN.items()} | scripts()
    return "usage: python3 dev.py VERB [arguments]\n\n" + "\n".join(f"  {name:12} {words}" for name, words in lines.items())


def main(arguments: list[str]) -> int:
    """Set up, then hand over to the verb; its exit code is ours."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if arguments else 2
    name, rest = arguments[0], arguments[1:]
    if name not in BUILT_IN and name not in scripts():
        print(usage(), file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words, before an older Python trips over something
        raise stop(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Start dev.py with a newer one.")
    set_up()
    return BUILT_IN[name](rest) if name in BUILT_IN else run(f"dev/{name}.py", *rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
