"""Where a frozen program begins: the same as ``python -m exoalias``."""

from __future__ import annotations

import sys

from exoalias.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
