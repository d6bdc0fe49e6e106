"""Keeps one comment on a pull request up to date, by the interface of GitHub or GitLab.

The comment of an earlier job is found by its first line, which is not shown. Only a comment of our own account
counts: whoever got us to write the verdict into a comment of theirs could change it afterwards.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from http.client import HTTPException
from typing import TypeVar
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec
from msgspec import Struct

from factharness import __version__
from factharness.ci.hosts import Host, NotAllowed
from factharness.errors import HarnessError

PAGE = 100
"""How many comments are asked for at a time: the most that both services give."""

TIMEOUT = 30
"""Seconds that an answer may take."""

REFUSALS = (401, 403, 404)
"""The HTTP statuses that mean that a permission is missing; 404, when the token may not even read."""

WORK_ON_IT = ("OWNER", "MEMBER", "COLLABORATOR")
"""What GitHub calls those who may write into a repository."""

Reply = TypeVar("Reply")


class _Author(Struct):
    id: int
    type: str = ""


class _Comment(Struct):
    """A comment of GitHub, or a note of GitLab, as far as it matters here."""

    id: int
    body: str | None = None
    user: _Author | None = None
    author: _Author | None = None
    author_association: str = ""


def keep_one(host: Host, text: str) -> str:
    """Replace the comment that begins as ``text`` does, or write a first one; returns what was done.

    Raises :class:`NotAllowed` when the token may not, and ``HarnessError`` when the service does not answer as
    it should.
    """
    body = msgspec.json.encode({"body": text})
    mark = text.partition("\n")[0]
    me = _ask(host, "GET", host.me, _Author).id if host.me else None
    for comment in _comments(host):
        if (comment.body or "").partition("\n")[0].rstrip() == mark and _ours(comment, me):
            _ask(host, host.method, f"{host.comment}/{comment.id}", _Comment, body)
            return f"comment {comment.id} is up to date"
    return f"comment {_ask(host, 'POST', host.comments, _Comment, body).id} is written"


def _comments(host: Host) -> Iterator[_Comment]:
    for page in itertools.count(1):
        address = f"{host.comments}?per_page={PAGE}&page={page}"
        found = _ask(host, "GET", address, list[_Comment])
        yield from found
        if len(found) < PAGE:
            return


def _ours(comment: _Comment, me: int | None) -> bool:
    if me is not None:
        return comment.author is not None and comment.author.id == me
    by_bot = comment.user is not None and comment.user.type == "Bot"
    return by_bot or comment.author_association in WORK_ON_IT


class _NoRedirects(HTTPRedirectHandler):
    """A redirect is an error: it would take the token along."""

    def redirect_request(self, *_args: object) -> None:
        """None, so that the answer is raised as an error."""


def _ask(
    host: Host, method: str, address: str, kind: type[Reply], body: bytes | None = None
) -> Reply:
    headers = {**host.headers, "User-Agent": f"factharness/{__version__}"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    try:
        request = Request(address, data=body, headers=headers, method=method)
        with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as answer:
            return msgspec.json.decode(answer.read(), type=kind)
    except HTTPError as error:
        with error:
            said = f"{host.name} answered {error.code} {error.reason} to {method} {address}"
        if error.code in REFUSALS:
            raise NotAllowed(f"{said}; {host.remedy}") from error
        raise HarnessError(said, remedy="run the job again") from error
    except (OSError, HTTPException, msgspec.DecodeError, ValueError) as error:
        raise HarnessError(
            f"{host.name} gave no answer that can be read to {method} {address}: {error}",
            remedy="run the job again",
        ) from error
