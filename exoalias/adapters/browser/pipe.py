"""The debugging pipe: JSON messages, each ended by a NUL, over two file descriptors. No port, nothing to connect to.

What arrives is cut down at once to what the product may know: of a paused request its address, ids and frame; headers (they
carry cookies) and bodies never leave this file. Titles and addresses of windows are dropped too. The one exception is the
cookie header of one address on the instance itself, named beforehand (``keep_cookies_of``): the session of a person who
signed in there.
"""

from __future__ import annotations

import collections
import json
import os
import queue
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CHUNK = 65_536
_LONGEST = 64 * 1024 * 1024  # a message beyond this is no message of a browser: the pipe is given up


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the browser, cut down to what may be known."""

    method: str
    facts: dict[str, str]
    cookies: str = field(default="", repr=False)  # of the one address named for it, "" for every other


@dataclass(frozen=True, slots=True)
class Gone:
    """The browser closed its end: it ended, or was killed."""


class Events:
    """What was told, in order. One thread takes; another may wait for there to be something without taking it."""

    def __init__(self) -> None:
        self._told: collections.deque[Told | Gone] = collections.deque()
        self._there = threading.Condition()

    def put(self, told: Told | Gone) -> None:
        """Add one at the end."""
        with self._there:
            self._told.append(told)
            self._there.notify_all()

    def get(self, timeout: float) -> Told | Gone:
        """Take the oldest; queue.Empty when none came in time (seconds)."""
        with self._there:
            if not self._there.wait_for(lambda: bool(self._told), max(0.0, timeout)):
                raise queue.Empty
            return self._told.popleft()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for there to be one; whether there is."""
        with self._there:
            return self._there.wait_for(lambda: bool(self._told), timeout)


class CommandError(Exception):
    """The browser answered a command with an error. ``code`` is its number (-32602: the request is gone)."""

    def __init__(self, method: str, code: int, message: str) -> None:
        super().__init__(f"{method}: {message} ({code})")
        self.code = code


class PipeClosedError(Exception):
    """There is no browser at the other end any more."""


class Pipe:
    """Commands go out and are waited for; events come in through ``events``, in order."""

    def __init__(self, read_fd: int, write_fd: int, *, tap: Callable[[bytes], None] | None = None) -> None:
        self.events = Events()
        self.keep_cookies_of = ""  # an address, whole; set before the browser is told to stop it
        self._read_fd, self._write_fd = read_fd, write_fd
        self._tap = tap
        self._next = 0
        self._waiting: dict[int, queue.SimpleQueue[dict[str, Any] | None]] = {}
        self._posted: set[int] = set()
        self._lock = threading.Lock()
        self._closed = False
        self._deaf = False  # the browser has closed its end: nothing will be answered any more
        self._reader = threading.Thread(target=self._read, name="browser-pipe", daemon=True)
        self._reader.start()

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command with these parameters and wait for its answer: ``send`` in its usual form."""
        return self.send(method, params)

    def send(self, method: str, params: Mapping[str, object], *, timeout_s: float = 20.0) -> dict[str, Any]:
        """Send a command and wait for its answer. CommandError, or PipeClosedError when the browser is gone or mute."""
        box: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        with self._lock:
            if self._closed or self._deaf:
                raise PipeClosedError
            self._next += 1
            number = self._next
            self._waiting[number] = box
            self._write(json.dumps({"id": number, "method": method, "params": params}).encode() + b"\0")
        try:
            answer = box.get(timeout=timeout_s)
        except queue.Empty:
            answer = None
        finally:
            with self._lock:
                self._waiting.pop(number, None)
        if answer is None:
            raise PipeClosedError
        if "error" in answer:
            error = answer["error"] if isinstance(answer["error"], dict) else {}
            code = error.get("code")
            raise CommandError(method, code if isinstance(code, int) else 0, str(error.get("message", ""))[:200])
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    def post(self, method: str, params: Mapping[str, object]) -> None:
        """Send a command without waiting. Should the browser refuse it, a ``refused`` event says so."""
        with self._lock:
            if self._closed or self._deaf:
                return  # its end is told as an event
            self._next += 1
            self._posted.add(self._next)
            try:
                self._write(json.dumps({"id": self._next, "method": method, "params": params}).encode() + b"\0")
            except PipeClosedError:
                self._posted.discard(self._next)

    def close(self) -> None:
        """Let go of both ends. The browser ends when its pipe does."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            os.close(self._write_fd)
        self._reader.join(timeout=5)

    def _write(self, message: bytes) -> None:
        view = memoryview(message)
        try:
            while view:
                view = view[os.write(self._write_fd, view) :]
        except OSError as broken:
            raise PipeClosedError from broken

    def _read(self) -> None:
        rest = b""
        try:
            while chunk := os.read(self._read_fd, _CHUNK):
                if self._tap is not None:
                    self._tap(chunk)
                *messages, rest = (rest + chunk).split(b"\0")
                for message in messages:
                    self._take(message)
                if len(rest) > _LONGEST:
                    break
        except OSError:
            pass  # closed under us: the same as an end
        finally:
            os.close(self._read_fd)
            with self._lock:
                self._deaf = True
                waiting, self._waiting = self._waiting, {}
            for box in waiting.values():
                box.put(None)
            self.events.put(Gone())

    def _take(self, message: bytes) -> None:
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict):
            return
        number = said.get("id")
        if isinstance(number, int):
            with self._lock:
                box = self._waiting.get(number)
                posted = number in self._posted
                self._posted.discard(number)
            if box is not None:
                box.put(_without_titles(said))
            elif posted and "error" in said:
                self.events.put(Told("refused", {}))
            return
        told = _cut_down(said, self.keep_cookies_of)
        if told is not None:
            self.events.put(told)


def _without_titles(said: dict[str, Any]) -> dict[str, Any]:
    """An answer that describes windows, without their addresses and titles."""
    result = said.get("result")
    if not isinstance(result, dict):
        return said
    kept = dict(result)
    if isinstance(infos := result.get("targetInfos"), list):
        kept["targetInfos"] = [_ids(info) for info in infos]
    if isinstance(info := result.get("targetInfo"), dict):
        kept["targetInfo"] = _ids(info)
    return said | {"result": kept}


def _ids(info: object) -> dict[str, Any]:
    named = info if isinstance(info, dict) else {}
    return {name: named[name] for name in ("targetId", "type", "browserContextId") if name in named}


def _cut_down(said: dict[str, Any], keep_cookies_of: str) -> Told | None:
    """The event without anything the product may not know; None for events it has no use for."""
    method, params = said.get("method"), said.get("params")
    if not isinstance(params, dict):
        return None
    cookies = ""
    if method == "Fetch.requestPaused":
        request = params.get("request")
        if not isinstance(request, dict):
            return None
        kept = {
            "request": params.get("requestId"),
            "frame": params.get("frameId"),
            "kind": params.get("resourceType"),
            "follows": params.get("redirectedRequestId"),
            "url": request.get("url"),
            "method": request.get("method"),
        }
        if keep_cookies_of and request.get("url") == keep_cookies_of:
            cookies = _cookies(request.get("headers"))
    elif method in {"Target.targetCreated", "Target.targetInfoChanged"}:
        info = params.get("targetInfo")
        if not isinstance(info, dict) or info.get("type") != "page":
            return None
        kept = {"window": info.get("targetId"), "context": info.get("browserContextId")}
    elif method in {"Target.targetDestroyed", "Target.targetCrashed"}:
        kept = {"window": params.get("targetId")}
    else:
        return None
    return Told(str(method), {name: value for name, value in kept.items() if isinstance(value, str)}, cookies)


def _cookies(headers: object) -> str:
    named = headers.items() if isinstance(headers, dict) else ()
    return next((value for name, value in named if str(name).lower() == "cookie" and isinstance(value, str)), "")
