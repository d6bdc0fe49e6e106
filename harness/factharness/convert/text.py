"""Decodes bytes without changing any character, so that offsets stay right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from factharness.convert.model import MarkedText, Notes, Read
from factharness.errors import GoldError


def read_texts(
    files: Mapping[str, bytes], documents: Callable[[str, str, Notes], Iterable[MarkedText]]
) -> Read:
    """The documents of text files, and what was left out of all of them or mended.

    ``documents`` makes those of one file of its text, its name and the notes to add to."""
    notes = Notes()
    read = [
        document
        for file, raw in files.items()
        for document in documents(decode_raw(raw, file), file, notes)
    ]
    return Read(tuple(read), notes)


def decode_raw(raw: bytes, file: str) -> str:
    """``raw`` as UTF-8, with its line ends as they are, without a byte-order mark."""
    if raw.startswith(b"PK\x03\x04"):
        raise GoldError("is a zip archive", file=file, remedy="unpack it and import what is inside")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GoldError(
            f"is not UTF-8: byte 0x{raw[error.start]:02x} at offset {error.start}",
            file=file,
            line=raw.count(b"\n", 0, error.start) + 1,
            remedy="save the file as UTF-8",
        ) from None


def read_json(source: str, file: str, line: int | None = None) -> Any:
    """``source`` as JSON; :class:`GoldError` otherwise."""
    try:
        return json.loads(source)
    except (ValueError, RecursionError) as error:
        where = getattr(error, "lineno", 1)
        message = getattr(error, "msg", type(error).__name__)
        raise GoldError(
            f"not JSON: {message}",
            file=file,
            line=where if line is None else line,
            remedy="check that the file is whole and of this format",
        ) from None
