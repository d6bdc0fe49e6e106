"""One request to a service over HTTP: a time limit that holds, retries, and an error that says what happened.

With the standard library alone; redirects are not followed. Shared by ``http`` and ``llm``.

urllib3 and httpx make this no simpler. Their time limits are for one read each, so a service that sends a byte
now and then holds them as long as it likes, and the socket that has to be cut then is out of reach behind their
pools. What is decided here (which failures may pass, waits that end with the article's time, proxies that are
refused without showing their password, keys taken out of answers) they leave to their caller.
"""

from __future__ import annotations

import functools
import http.client
import os
import re
import socket
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from fact_extractors.options import seconds as seconds_of
from fact_extractors.options import table, text, whole
from fact_extractors.records import shown
from fact_extractors.services.deadline import LONGEST, deadline
from factharness.errors import BackendError, BackendUnavailable, ExtractionError

T = TypeVar("T")
R = TypeVar("R")

PASSING = frozenset({408, 425, 429, *range(500, 600)} - {501, 505})
"""Statuses that another try may do away with: not those of a service that lacks the method or the version."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

SHORTEST_KEY = 6
"""Characters of a key that is looked for in answers: a shorter one is no secret (``x``, ``none``)."""

HIDDEN = b"***"
"""What stands in an answer for the key."""

FIRST_WAIT = 0.5
"""Seconds before the second try; doubled before each further one."""


class Service:
    """Where to ask, and how patiently.

    ``timeout`` is the seconds one question may take, all its tries and the waits between them included;
    ``retries`` is how often a failure that may pass is tried again. ``key_env`` names the environment
    variable that holds a bearer token, which stands in no record, also when the service repeats it. Raises
    ``BackendError`` for a URL, headers or numbers that make no sense.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        retries: int,
        headers: Mapping[str, str] | None = None,
        key_env: str = "",
    ) -> None:
        self.url, self._place = url, _parsed(url)
        self._timeout = seconds_of(timeout, "timeout")
        self._retries = whole(retries, "retries", 0)
        self._key_env = text(key_env, "key_env", empty=True)
        self.headers = {} if headers is None else _sendable(table(headers, "headers"))

    def reach(self) -> None:
        """Open a connection and close it.

        Raises ``BackendUnavailable`` when nobody listens there, or when there is no key to send.
        """
        self._authorization()
        try:
            connection = self._connection(min(self._timeout, 10))
            connection.connect()
            connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise BackendUnavailable(
                f"{self.url} cannot be reached: {error}",
                remedy="start the service, or mend the url",
            ) from error

    def post(self, body: bytes) -> bytes:
        """The body of the answer. Raises ``ExtractionError``. The key stands in neither."""
        try:
            return self._post(body)
        except ExtractionError as error:
            told = self._without_key(str(error).encode("utf-8", "surrogatepass"))
            raise ExtractionError(told.decode("utf-8", "surrogatepass")) from None

    def _post(self, body: bytes) -> bytes:
        headers = {"Content-Type": "application/json"} | self.headers
        try:
            headers |= self._authorization()
            if not self._secure and (proxy := self._proxy()):
                headers |= _credentials(proxy)
        except BackendUnavailable as error:
            raise ExtractionError(str(error)) from error
        end = time.monotonic() + self._timeout
        wait = FIRST_WAIT
        for left in range(self._retries, -1, -1):
            try:
                return self._post_once(body, headers, end)
            except _Passing as error:
                pause = wait if error.pause is None else error.pause
                if not left or time.monotonic() + pause >= end:
                    raise
                time.sleep(pause)
                wait *= 2
        raise AssertionError("unreachable")

    def _post_once(self, body: bytes, headers: Mapping[str, str], end: float) -> bytes:
        seconds = end - time.monotonic()
        connection = self._connection(max(seconds, 0.01))
        sock: socket.socket | None = None
        try:
            with deadline(seconds, lambda: _cut(sock or connection.sock)) as passed:
                try:
                    connection.connect()
                    # Kept, as the connection drops its socket when the server closes after the answer.
                    sock = connection.sock
                    if passed.is_set():  # the time was over before there was a socket to cut
                        raise TimeoutError
                    connection.request("POST", self._target(), body, headers)
                    response = connection.getresponse()
                    # Before anything is cut off the answer: a part of the key could not be found any more.
                    answer = self._without_key(response.read(LONGEST + 1))
                except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
                    # Cutting a connection may surface as any of these.
                    if passed.is_set() or time.monotonic() >= end:
                        raise ExtractionError(f"no answer within {self._timeout:g} s") from error
                    if isinstance(
                        error, TimeoutError
                    ):  # of the connection, or raised by the caller's own timer
                        raise ExtractionError(f"no answer: {error}") from error
                    raise _Passing(f"{type(error).__name__}: {error}") from error
            if passed.is_set():
                raise ExtractionError(f"no answer within {self._timeout:g} s")
        finally:
            connection.close()
        if response.status in PASSING:
            raise _Passing(_status(response, answer), _pause(response.headers.get("Retry-After")))
        if response.status != 200:
            raise ExtractionError(_status(response, answer))
        if len(answer) > LONGEST:
            raise ExtractionError(f"an answer of more than {LONGEST:,} bytes: {shown(answer)}")
        if response.length:
            raise _Passing(f"the answer ended {response.length} bytes too early")
        return answer

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        host, port, secure = self._place.hostname or "", self._place.port, self._secure
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        proxy = self._proxy()
        if proxy is None:
            return kind(host, port, timeout=seconds)
        connection = kind(proxy.hostname or "", proxy.port, timeout=seconds)
        if secure:
            connection.set_tunnel(host, port, _credentials(proxy))
        return connection

    def _target(self) -> str:
        if self._proxy() is not None and not self._secure:
            return self.url
        query = f"?{self._place.query}" if self._place.query else ""
        return (self._place.path or "/") + query

    @property
    def _secure(self) -> bool:
        return self._place.scheme == "https"

    def _proxy(self) -> SplitResult | None:
        """The proxy the environment names for this place, if any. Raises ``BackendUnavailable``."""
        host = self._place.hostname or ""
        if host in LOOPBACK or proxy_bypass(host):
            return None
        named = getproxies().get(self._place.scheme)
        if not named:
            return None
        try:
            proxy = urlsplit(named if "://" in named else f"http://{named}")
            valid = proxy.scheme in ("http", "https") and proxy.hostname and proxy.port != 0
        except ValueError:
            valid = False
        if not valid:  # its value is not shown: it may hold a password
            raise BackendUnavailable(
                f"the environment variable {self._place.scheme}_proxy names no HTTP proxy",
                remedy="write http://host:port, or http://name:password@host:port",
            )
        return proxy

    def _authorization(self) -> dict[str, str]:
        """The header with the key, if there is one. Raises ``BackendUnavailable`` that does not show it."""
        if not self._key_env:
            return {}
        key = os.environ.get(self._key_env)
        if not key:
            raise BackendUnavailable(
                f"the environment variable {self._key_env} is not set", remedy="put the key there"
            )
        if not _KEY.fullmatch(key):
            raise BackendUnavailable(
                f"the environment variable {self._key_env} holds what no key can: a space, a line end, "
                "or a letter beyond ASCII",
                remedy="put the bare key there",
            )
        return {"Authorization": f"Bearer {key}"}

    def _without_key(self, answer: bytes) -> bytes:
        """``answer`` with :data:`HIDDEN` in each place of the key, as it is or escaped as in JSON."""
        key = os.environ.get(self._key_env, "") if self._key_env else ""
        return answer if len(key) < SHORTEST_KEY else _spellings(key).sub(HIDDEN, answer)


def _credentials(proxy: SplitResult) -> dict[str, str]:
    """The header that lets one through a proxy, when its address holds a name."""
    if proxy.username is None:
        return {}
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


class _Passing(ExtractionError):
    """A failure that may not happen again on another try, after ``pause`` seconds if the service names them."""

    def __init__(self, message: str, pause: float | None = None) -> None:
        super().__init__(message)
        self.pause = pause


def in_order(ask: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """The results of ``ask`` for each item, in order and lazily, with up to ``at_once`` calls under way."""
    if at_once == 1:
        yield from map(ask, items)
        return
    waiting: deque[Future[R]] = deque()
    pool = ThreadPoolExecutor(at_once)
    try:
        for item in items:
            waiting.append(pool.submit(ask, item))
            if len(waiting) == at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@functools.lru_cache(maxsize=8)
def _spellings(key: str) -> re.Pattern[bytes]:
    """All ways to write a key in JSON, and in JSON within JSON: any character of it may be escaped."""
    return re.compile(
        b"".join(
            rb"(?:\\{1,8}u00(?i:%02x)|\\{0,7}%b)" % (ord(character), re.escape(character.encode()))
            for character in key
        )
    )


_KEY = re.compile(r"[!-~]+")
_HEADER_NAME = re.compile(r"[\w!#$%&'*+.^`|~-]+", re.ASCII)
_HEADER_VALUE = re.compile(r"[ -~\xa0-\xff]*")


def _sendable(headers: dict[str, str]) -> dict[str, str]:
    """The headers, when HTTP can carry them. Raises ``BackendError`` that does not show their values."""
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise BackendError(f"headers: {name!r} is no name of a header", remedy="as in X-Team")
        if not _HEADER_VALUE.fullmatch(value):
            raise BackendError(
                f"headers.{name} holds what no header can",
                remedy="write it on one line, in the letters of Latin-1",
            )
    return headers


def _parsed(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not url.isascii() or any(c.isspace() for c in url):
        raise BackendError(f"{url!r} is no URL", remedy='write url = "http://127.0.0.1:8000/facts"')
    if parts.username or parts.password:
        raise BackendError(
            "a URL with a password in it would stand in every record",
            remedy="put a token into an environment variable and name it with key_env",
        )
    return parts


def _status(response: http.client.HTTPResponse, answer: bytes) -> str:
    return f"status {response.status} {response.reason}: {shown(answer)}"


def _pause(retry_after: str | None) -> float | None:
    """The seconds a Retry-After header asks for; its other form, a date, counts as none."""
    try:
        seconds = float(retry_after or "")
    except ValueError:
        return None
    return seconds if 0 <= seconds < 86_400 else None


def _cut(sock: socket.socket | None) -> None:
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)
