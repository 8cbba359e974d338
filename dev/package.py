"""Build what people install, try it: package [wheel] [folder] [deb] [tarball] [windows] [setup] [msi], [app] [dmg], [--test]."""

from __future__ import annotations

import sys

from _package_common import ROOT, size_mb

FOR_WINDOWS = ("windows", "setup", "msi")


def main() -> int:
    """Build what was asked for (without a name: everything for Linux, on a Mac everything for it), then try it if told to."""
    import _package_macos

    if (ended := _package_macos.asked(sys.argv[1:])) is not None:
        return ended
    from _package_linux import deb, folder, tarball, wheel
    from _package_setup import msi, setup
    from _package_windows import windows

    named = [a for a in sys.argv[1:] if not a.startswith("-")]
    kinds = {"wheel": wheel, "folder": folder, "deb": deb, "tarball": tarball, "windows": windows, "setup": setup, "msi": msi}
    if unknown := [a for a in named if a not in kinds] + [a for a in sys.argv[1:] if a.startswith("-") and a != "--test"]:
        print(f"usage: dev.py package [{'] ['.join(kinds)}] [--test]\nunknown: {' '.join(unknown)}", file=sys.stderr)
        return 2
    if sys.platform != "linux":
        print("This builds on Linux, and on a Mac for it; packaging/README.md says what is built where.", file=sys.stderr)
        return 2
    wanted = named or [kind for kind in kinds if kind not in FOR_WINDOWS]
    made = [kinds[name]() for name in wanted]
    for path in made:
        print(f"{path.relative_to(ROOT)}  {size_mb(path):.1f} MB")
    return _tried(set(wanted)) if "--test" in sys.argv else 0


def _tried(kinds: set[str]) -> int:
    """Try the packages of the systems these are for."""
    from _package_try import try_all

    return try_all((*(("linux",) if kinds - set(FOR_WINDOWS) else ()), *(("windows",) if kinds & set(FOR_WINDOWS) else ())))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
