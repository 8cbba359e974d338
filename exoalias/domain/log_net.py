"""The second net of the log: a written line that looks as if it held a secret is replaced by a note.

The first net is the table in log_events.py, which lets nothing through that could be one. This one looks at the finished
line, knowing nothing of the table, so that a fault in the one is caught by the other.
"""

from __future__ import annotations

import re

SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a JSON web token", re.compile(r"eyJ[A-Za-z0-9_-]{5,}")),
    ("a credential of HTTP", re.compile(r"\b(?:bearer|basic|digest|negotiate|ntlm)\s+[A-Za-z0-9+/=_.~-]{4,}", re.IGNORECASE)),
    (
        "a named secret",
        re.compile(
            r"(?:password|passwd|passphrase|pwd|secret|token|cookie|session|code|state|api[_-]?key|g_ck|otp|assertion)"
            r"(?:\\?[\"'])?\s*(?:=|:|%3[ad])\s*(?:\\?[\"'])?[^\s\"',}]",
            re.IGNORECASE,
        ),
    ),
    ("a session of an instance", re.compile(r"JSESSIONID|glide_(?:user|session)|BIGip|x-usertoken", re.IGNORECASE)),
    ("a key in a file's form", re.compile(r"-----\s*(?:BEGIN|END)")),
    ("an address with a user in it", re.compile(r"[a-z][a-z0-9+.-]*:(?://|%2f%2f|\\/\\/)[^\s/\"]*(?:@|%40)", re.IGNORECASE)),
    ("a mail address", re.compile(r"[^\s\"@]+(?:@|%40)[^\s\"@]+\.[^\s\"@]{2,}", re.IGNORECASE)),
    ("an address with a question", re.compile(r"\w\?\w[^\s\"]*=")),
    ("an id", re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)),
    ("a long run of digits", re.compile(r"\d{6,}")),
    ("an opaque token", re.compile(r"(?=[A-Za-z+/=_-]*\d)(?=[a-z0-9+/=_-]*[A-Z])[A-Za-z0-9+/=_-]{16,}")),
)


def caught(line: str) -> str:
    """What in that line looks like a secret, in words; "" where nothing does.

    A line of the log is printable ASCII: anything else is caught too, because a reader could be steered by it.
    """
    if not line.isascii() or not line.isprintable():
        return "a character that is not printed"
    return next((words for words, shape in SHAPES if shape.search(line)), "")
