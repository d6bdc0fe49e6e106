"""Reads token tags as spans: IOB1, BIO, IOE1, IOE2, BIOES and BILOU, and treats invalid ones as asked.

All schemes are decoded by the rules of conlleval (Tjong Kim Sang & Buchholz 2000), which read any sequence of
tags: a chunk opens at B or S, and at I or E when no chunk of the label is open; it closes after E or S, and
before whatever does not continue it. L and U of BILOU are E and S. A boundary that the scheme does not allow
is *invalid*:

=========  =======================================================================
IOB1       B that does not follow a chunk of the same label
BIO        a chunk that opens with I
IOE1       E that is not followed by a chunk of the same label
IOE2       a chunk that does not close with E (``IOE`` is this one)
BIOES      a chunk that does not open with B or S, or does not close with E or S
BILOU      the same with L and U
=========  =======================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from msgspec import Struct

from factharness.errors import ScoreError, unknown

Policy: TypeAlias = Literal["repair", "discard", "refuse"]

_PREFIXES = {
    "IOB1": "BI",
    "BIO": "BI",
    "IOE1": "IE",
    "IOE2": "IE",
    "BIOES": "BIES",
    "BILOU": "BILU",
}
_ALIASES = {"IOE": "IOE2", "IOB2": "BIO", "IOB": "IOB1", "IOBES": "BIOES"}
_AS_BIOES = {"L": "E", "U": "S"}
UNLABELLED = "_"
"""The label of a tag that has none, as ``B``."""


class Decoded(Struct, frozen=True):
    """Spans of tokens, ``(start, end, label)`` half-open, and how many boundaries were invalid.

    ``policy`` is the part of the signature that says how they were read: ``bio:repair``.
    """

    spans: tuple[tuple[int, int, str], ...]
    invalid: int
    policy: str


def decode(tags: Sequence[str], scheme: str = "BIO", invalid: Policy = "repair") -> Decoded:
    """The chunks of one sentence's tags, like ``B-PER``, ``I-PER``, ``O``.

    ``invalid`` chunks are taken as conlleval takes them (``repair``), left out (``discard``), or are an error
    (``refuse``). Raises :class:`ScoreError` for a tag or scheme that is none, and by the policy ``refuse``;
    its ``line`` is the number of the tag, from 1.

    >>> decode(["I-PER", "I-PER", "O", "B-LOC"], "BIO")
    Decoded(spans=((0, 2, 'PER'), (3, 4, 'LOC')), invalid=1, policy='bio:repair')
    """
    scheme = scheme_named(scheme)
    if invalid not in ("repair", "discard", "refuse"):
        message, remedy = unknown("policy", invalid, ("repair", "discard", "refuse"))
        raise ScoreError(message, remedy=remedy)
    marks = [_split(tag, place, scheme) for place, tag in enumerate(tags)]
    spans, wrong = [], set()
    for start, end in _chunks(marks):
        bad = _invalid(marks, start, end, scheme)
        wrong |= bad
        if bad and invalid == "refuse":
            place = min(bad)
            before, after = (tags[i] if 0 <= i < len(tags) else "O" for i in (place - 1, place))
            raise ScoreError(
                f"{before} {after} at token {place} is not valid {scheme}",
                line=min(place, len(tags) - 1) + 1,
                remedy="mend the tags, or have them repaired or discarded",
            )
        if not bad or invalid == "repair":
            spans.append((start, end, marks[start][1]))
    return Decoded(tuple(spans), len(wrong), f"{scheme.lower()}:{invalid}")


def scheme_named(name: str) -> str:
    """The scheme that goes by this name, in any case. Raises :class:`ScoreError` when there is none."""
    scheme = _ALIASES.get(name.upper(), name.upper())
    if scheme not in _PREFIXES:
        message, remedy = unknown("tag scheme", name, _PREFIXES)
        raise ScoreError(message, remedy=remedy)
    return scheme


def parts(tag: object, scheme: str) -> tuple[str, str] | None:
    """Prefix (O B I E S; L and U of BILOU are E and S) and label of a tag, None when it is none of ``scheme``,
    which :func:`scheme_named` has given."""
    if tag == "O":
        return "O", ""
    prefix, dash, label = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    if prefix not in _PREFIXES[scheme] or len(prefix) != 1 or (dash and not label):
        return None
    return _AS_BIOES.get(prefix, prefix), label or UNLABELLED


def _split(tag: str, place: int, scheme: str) -> tuple[str, str]:
    found = parts(tag, scheme)
    if found is None:
        raise ScoreError(
            f"token {place}: {tag!r} is no {scheme} tag",
            line=place + 1,
            remedy=f"O, or one of {', '.join(_PREFIXES[scheme])} with a label, as B-PER"
            if "B" in _PREFIXES[scheme]
            else "O, I-… or E-…",
        )
    return found


def _chunks(marks: Sequence[tuple[str, str]]) -> list[tuple[int, int]]:
    """Where chunks begin and end, by the rules of conlleval."""
    chunks: list[tuple[int, int]] = []
    start = None
    for place, (prefix, label) in enumerate([*marks, ("O", "")]):
        before, label_before = marks[place - 1] if place else ("O", "")
        goes_on = prefix in "IE" and before in "BI" and label == label_before
        if start is not None and not goes_on:
            chunks.append((start, place))
            start = None
        if prefix != "O" and not goes_on:
            start = place
    return chunks


def _invalid(marks: Sequence[tuple[str, str]], start: int, end: int, scheme: str) -> set[int]:
    """The boundaries of a chunk that the scheme does not allow, as the token after each."""
    first, last, label = marks[start][0], marks[end - 1][0], marks[start][1]
    follows = start > 0 and marks[start - 1][1] == label
    leads = end < len(marks) and marks[end][1] == label
    opens, closes = True, True
    if scheme == "IOB1":
        opens = first == "I" or follows
    elif scheme == "BIO":
        opens = first == "B"
    elif scheme == "IOE1":
        closes = last == "I" or leads
    elif scheme == "IOE2":
        closes = last == "E"
    else:
        opens, closes = first in "BS", last in "ES"
    return ({start} if not opens else set()) | ({end} if not closes else set())
