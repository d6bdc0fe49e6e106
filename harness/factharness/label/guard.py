"""Lets only the browser that the user opened talk to the server of the labelling page.

The address that the command prints has a random token. The first request with it gets a cookie, which all
others need. A request that comes by another name of this machine (``Host``) or from a page of another site
(``Origin``, ``Sec-Fetch-Site``) is refused, so that no other page can have the browser act for it.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

COOKIE = "factharness-label"
MAX_BODY = 4_000_000
"""The largest body of a request, in bytes: more than the text of a long article."""

OPEN = "copy the address that the command printed into a new tab"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; "
        "object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""The headers of every answer: nothing from elsewhere, in no frame, kept nowhere."""


class AccessGuard:
    """The token of one server on one port, and the checks of each request."""

    def __init__(self, port: int) -> None:
        self.token = secrets.token_urlsafe(32)
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._port = port

    @property
    def address(self) -> str:
        """The address to open, with the token."""
        return f"http://127.0.0.1:{self._port}/?token={self.token}"

    @property
    def cookie_name(self) -> str:
        """The name of the cookie: of its own for each port, since browsers share cookies between ports."""
        return f"{COOKIE}-{self._port}"

    def knows(self, token: str | None) -> bool:
        """Whether a token, from the address or the cookie, is the right one."""
        return token is not None and hmac.compare_digest(token.encode(), self.token.encode())

    def objection(self, method: str, headers: Mapping[str, str]) -> tuple[int, str, str] | None:
        """What is wrong with the headers of a request, as status, message and remedy; None when nothing is."""
        if headers.get("host", "") not in self._hosts:
            return 403, "asked for under another name", OPEN
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return 403, "asked for by another site", OPEN
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return 403, "asked for by another site", OPEN
        if method == "POST":
            if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
                return 415, "the body is not JSON", "send application/json"
            size = headers.get("content-length", "")
            if not (size.isascii() and size.isdigit()):
                return 411, "the length of the body is not said", "send Content-Length"
            if int(size) > MAX_BODY:
                return 413, f"more than {MAX_BODY:,} bytes", "send less at once"
        return None
