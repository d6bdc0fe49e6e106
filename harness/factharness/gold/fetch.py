"""Downloads the texts of a text-free set from the address in its ``set.toml``.

Each text is verified twice: its bytes against ``set.toml``, its normal form against the gold file. Nothing
that fails is kept, and one failure does not stop the others.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPMessage
from pathlib import Path
from typing import IO, Literal

from msgspec import Struct

from factharness import __version__
from factharness.errors import GoldError, HarnessError
from factharness.files import MAX_BYTES, decode, read_bytes
from factharness.gold.parse import read_document
from factharness.gold.set_file import Origin, SetInfo, read_set
from factharness.gold.sets import gold_files, store_text, with_text
from factharness.gold.tree import Document
from factharness.gold.withhold import attach

BASE_URL = "https://raw.githubusercontent.com"
TIMEOUT = 30
"""Seconds a server may stay silent."""


class Fetched(Struct, frozen=True):
    """What became of one article's text."""

    id: str
    state: Literal["here", "fetched", "failed"]
    detail: str = ""


def base_url() -> str:
    """Where repositories are served: ``$FACTHARNESS_TEXTS_URL``, else GitHub's raw files."""
    return os.environ.get("FACTHARNESS_TEXTS_URL", BASE_URL)


def fetch_set(
    folder: Path, *, local: Path | None = None, base: str | None = None
) -> Iterator[Fetched]:
    """Bring the texts of the withheld articles of a set, from ``local`` (a folder) or over the network.

    Yields one :class:`Fetched` per withheld article, in order. Raises :class:`GoldError` when the set does not
    say where its texts are.
    """
    info = read_set(folder)
    documents = [read_document(file) for file in gold_files(folder)]
    withheld = [document for document in documents if document.header.text == "withheld"]
    if withheld and not info.articles:
        raise GoldError(
            "does not say where its texts are published",
            file=folder / "set.toml",
            remedy="attach your own copies with factharness gold attach",
        )
    if local is None:
        _check_place(info, folder)
    root = f"{(base or base_url()).rstrip('/')}/{info.repository}/{info.commit}"
    for document in withheld:
        name = document.header.id
        if not with_text(document)[1]:
            yield Fetched(name, "here")
            continue
        try:
            _fetch(
                document, info, lambda path: _local(local, path) if local else _download(root, path)
            )
            yield Fetched(name, "fetched")
        except HarnessError as error:
            yield Fetched(name, "failed", str(error))


def _fetch(document: Document, info: SetInfo, get: Callable[[str], bytes]) -> None:
    origin = info.articles.get(document.header.id)
    if origin is None:
        raise GoldError(
            f"{document.header.id!r} has no path and sha256",
            file=Path(info.path) / "set.toml",
            remedy="add it under articles",
        )
    raw = get(_checked(origin, info).path)
    found = hashlib.sha256(raw).hexdigest()
    if found != origin.sha256:
        raise GoldError(
            f"{origin.path} has the SHA-256 {found[:12]}…, not {origin.sha256[:12]}…",
            remedy="it is another version of the text: give one that is unchanged with --from",
        )
    text = decode(raw, origin.path)
    _, missing = attach(document, text)
    if missing:
        raise GoldError(
            f"{len(missing)} paragraphs of {origin.path} are not those that were labelled",
            file=document.path,
            remedy="the gold file and set.toml disagree: report it to the set's authors",
        )
    store_text(document, text)


def _checked(origin: Origin, info: SetInfo) -> Origin:
    parts = origin.path.split("/")
    if origin.path.startswith("/") or "\\" in origin.path or {"", ".", ".."} & set(parts):
        raise GoldError(
            f"{origin.path!r} is not a path inside the repository",
            file=Path(info.path) / "set.toml",
            remedy="write it from the repository's root, with / between",
        )
    return origin


def _check_place(info: SetInfo, folder: Path) -> None:
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", info.repository) or not re.fullmatch(
        r"[0-9a-f]{7,64}", info.commit
    ):
        raise GoldError(
            f"repository {info.repository!r} and commit {info.commit!r} name no place",
            file=folder / "set.toml",
            remedy='write texts = { repository = "owner/name", commit = "40 hex digits" }, or use --from DIR',
        )


def _local(folder: Path | None, path: str) -> bytes:
    """The file under its path, or under its bare name."""
    assert folder is not None
    whole = folder / path
    return read_bytes(whole if whole.exists() else folder / Path(path).name)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to the same server: the authors of the set have named no other."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Like urllib's own, but raises :class:`GoldError` for another host or port."""
        if _server(newurl) != _server(req.full_url):
            fp.close()
            raise GoldError(
                f"{req.full_url}: the server sends on to another one, {newurl!r}, which is not followed",
                remedy="name that server with --base-url if you trust it, or give a local copy with --from DIR",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _server(url: str) -> tuple[str | None, int | None]:
    place = urllib.parse.urlsplit(url)
    return place.hostname, place.port


def _download(root: str, path: str) -> bytes:
    url = f"{root}/{urllib.parse.quote(path)}"
    if not url.startswith(("https://", "http://")):
        raise GoldError(f"{url}: not a web address", remedy="use https:// or http://")
    request = urllib.request.Request(url, headers={"User-Agent": f"factharness/{__version__}"})
    remedy = "check the connection and run it again, or give a local copy with --from DIR"
    try:
        with urllib.request.build_opener(_SameHost).open(request, timeout=TIMEOUT) as answer:
            raw: bytes = answer.read(MAX_BYTES + 1)
            expected = answer.headers.get("Content-Length")
    except urllib.error.HTTPError as error:
        error.close()
        raise GoldError(f"{url}: HTTP {error.code} {error.reason}", remedy=remedy) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise GoldError(f"{url}: {reason or type(error).__name__}", remedy=remedy) from None
    if len(raw) > MAX_BYTES:
        raise GoldError(f"{url}: more than {MAX_BYTES:,} bytes", remedy=remedy)
    if expected is not None and expected.isdigit() and len(raw) < int(expected):
        raise GoldError(f"{url}: the connection was cut", remedy=remedy)
    return raw
