"""Counts how much a DocBin unpacks to before it is built, because a few kilobytes can unpack to gigabytes.

A DocBin is zlib over msgpack: a table of numbers per token, the strings they are hashes of, and for each
document its span groups and user data, in msgpack of their own.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

BYTES = 100_000_000
"""The most bytes that a DocBin may unpack to; 1000 articles have a few millions."""
TOKENS = 1_000_000
OBJECTS = 1_000_000
"""The most values of msgpack: strings, spans, members of user data; each takes up to some hundred bytes."""
CHARACTERS = 20_000_000
"""Characters of all texts: a token may be a hash of a very long string."""


class Damaged(Exception):
    """Raised for bytes that are not a DocBin; the message says what is wrong."""


class TooLarge(Exception):
    """Raised for a DocBin that is too large; the message says what it has too much of."""


class _Shape(Struct, frozen=True):
    """What follows the first byte of a value: ``fixed`` bytes and ``inside`` values, and a number of ``width``
    bytes that counts further ``bytes`` and ``values``."""

    fixed: int = 0
    inside: int = 0
    width: int = 0
    bytes: int = 0
    values: int = 0


def _shapes() -> dict[int, _Shape]:
    """The shape of each value by its first byte; the specification of msgpack has the same table."""
    shapes = {first: _Shape() for first in (*range(0x80), 0xC0, 0xC2, 0xC3, *range(0xE0, 0x100))}
    shapes |= {0x80 + size: _Shape(inside=2 * size) for size in range(16)}
    shapes |= {0x90 + size: _Shape(inside=size) for size in range(16)}
    shapes |= {0xA0 + size: _Shape(fixed=size) for size in range(32)}
    for power, width in enumerate((1, 2, 4)):
        shapes[0xC4 + power] = shapes[0xD9 + power] = _Shape(width=width, bytes=1)
        shapes[0xC7 + power] = _Shape(fixed=1, width=width, bytes=1)
    for power, width in enumerate((2, 4)):
        shapes[0xDC + power] = _Shape(width=width, values=1)
        shapes[0xDE + power] = _Shape(width=width, values=2)
    for power in range(4):
        shapes[0xCC + power] = shapes[0xD0 + power] = _Shape(fixed=1 << power)
    shapes |= {0xCA: _Shape(fixed=4), 0xCB: _Shape(fixed=8)}
    return shapes | {0xD4 + power: _Shape(fixed=1 + (1 << power)) for power in range(5)}


_SHAPES = _shapes()


def unpacked(raw: bytes) -> bytes:
    """``raw`` unpacked by zlib. Raises :class:`Damaged`, and :class:`TooLarge` as soon as it has more than
    :data:`BYTES`."""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(raw, BYTES + 1)
    except zlib.error as error:
        raise Damaged(f"it cannot be unpacked ({error})") from None
    if len(found) > BYTES:
        raise TooLarge(f"{BYTES:,} bytes")
    if not unpacker.eof:
        raise Damaged("it ends too early")
    return found


def objects_in(packed: bytes, most: int) -> int:
    """How many values the msgpack ``packed`` holds, itself and all inside. Raises :class:`TooLarge` for more
    than ``most``, :class:`Damaged` for what is no msgpack."""
    at = count = 0
    waiting = 1
    while waiting:
        count += 1
        if count > most:
            raise TooLarge(f"{OBJECTS:,} values")
        shape = _SHAPES.get(packed[at]) if at < len(packed) else None
        if shape is None:
            raise Damaged(f"no msgpack at byte {at:,}")
        first, last = at + 1, at + 1 + shape.width
        size = int.from_bytes(packed[first:last], "big")
        at = last + shape.fixed + shape.bytes * size
        waiting += shape.inside + shape.values * size - 1
        if waiting > len(packed) - at:
            raise Damaged("it ends too early")
    return count


def check_bounds(packed: bytes, loads: Any, hash_of: Any) -> None:
    """Raise :class:`TooLarge` or :class:`Damaged` for an unpacked DocBin that is not to be built.

    ``loads`` reads msgpack, ``hash_of`` gives spaCy's hash of a string."""
    import numpy as np
    from spacy.attrs import ORTH

    left = OBJECTS - objects_in(packed, OBJECTS)
    content = loads(packed)
    if not isinstance(content, Mapping):
        raise Damaged("no object")
    for key in ("attrs", "tokens", "spaces", "lengths", "strings", "cats"):
        if key not in content:
            raise Damaged(f"it has no {key!r}")
    for part in content.get("user_data", ()):
        left -= objects_in(part, left) if part else 0
    for part in content.get("span_groups", ()):
        if not part:
            continue
        left -= objects_in(part, left)
        groups = loads(part)
        for group, names in groups.items() if isinstance(groups, Mapping) else ():
            left -= len(names) * objects_in(group, left)
            if left < 0:
                raise TooLarge(f"{OBJECTS:,} values")
    columns = len(content["attrs"])
    tokens = np.frombuffer(content["tokens"], dtype="uint64")
    lengths = np.frombuffer(content["lengths"], dtype="int32")
    spaces = len(content["spaces"])
    if len(tokens) > columns * TOKENS:
        raise TooLarge(f"{TOKENS:,} tokens")
    if len(tokens) != columns * spaces or lengths.sum() != spaces or (lengths < 0).any():
        raise Damaged("its tables have different numbers of tokens")
    words = tokens.reshape(-1, columns)[:, list(content["attrs"]).index(ORTH)]
    length_of = {hash_of(each): len(each) for each in content["strings"]}
    hashes, times = np.unique(words, return_counts=True)
    characters = sum(
        length_of.get(int(each), 0) * int(count) for each, count in zip(hashes, times, strict=True)
    )
    if characters > CHARACTERS:
        raise TooLarge(f"{CHARACTERS:,} characters")
