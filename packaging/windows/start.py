"""Where the Windows program begins: its launcher gives this file to Python. The same as ``python -m exoalias`` otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def begin() -> int:
    """Say that this is a program of its own, and where its libraries lie; then the program."""
    sys.frozen = True  # type: ignore[attr-defined] # a child of ours is started as the program itself, without "-m"
    if sys.platform == "win32":
        os.add_dll_directory(str(Path(__file__).resolve().parent.parent / "runtime"))  # the C++ runtime that Qt needs
    try:
        from exoalias.__main__ import main

        return main()
    except ImportError as error:
        if sys.stderr is not None:
            raise
        return _refuse(error)


def _refuse(error: ImportError) -> int:
    """Without a console the words have to stand in a window: a library is missing, here or on this Windows."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.MessageBoxW(None, f"exoalias can't start: {error}\nInstall it again.", "exoalias", 0x10)
    return 70


if __name__ == "__main__":
    sys.exit(begin())
