"""Quotation marks: which stretches of a text stand in them.

One pass with a stack of open marks, so time is linear and nothing backtracks. A mark left open is closed at
the end of its paragraph, unless the quotation runs on: by French custom a paragraph of a long quotation
starts with a mark of its own (``«`` or ``»``) and only the last one is closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from msgspec import Struct

from fact_extractors.speech import odd_marks

PAIRS = {"«": "»", "“": "”", "„": "“”", "‹": "›", '"': '"', "‟": "”", "»": "«", "”": "”"}
"""Opening mark to the marks that close it; the last two open only where nothing else is meant."""

DASHES = "—–"
_CLOSERS = frozenset("".join(PAIRS.values()))
_MARKS = '«»“”„‹›"‟'
_MARK = re.compile(f"[{_MARKS}]")
_DASH = re.compile(rf"[{DASHES}](?:(?<=\A.)|(?<=\n.))[ \u00a0\u202f]?(?=\w|«)")
_LINE = re.compile(r"\n[ \u00a0\u202f]*(?=«)")
_SIGNED = re.compile(r"[»”\"]\s*$")
"""What stands before a dash that signs the marked words above it."""
_SIGNATURE = re.compile(
    rf"[{DASHES}]\s?[A-ZÀ-Þ][\w'’-]+ (?:[a-z'’]{{1,3}} )?[A-ZÀ-Þ][\w'’-]+(?:,[^.!?]{{0,80}})?\s*"
)
"""A line that names somebody and says no more."""
_DEEPEST = 8

Stretch = tuple[int, int]


class MarkedStretch(Struct, frozen=True, gc=False):
    """A stretch in quotation marks; offsets are code points into the text, half-open.

    ``open``, ``close``
        the stretch with its marks. A stretch that is never closed ends with its paragraph.
    ``inner``
        the stretch without the marks and the spaces beside them; empty when nothing else is there.
    ``mark``
        the opening mark.
    ``paragraph``
        the number of the paragraph it stands in, from 0.
    ``depth``
        0 for an outer stretch, 1 for one inside it ...
    ``closed``
        whether its closing mark was found in this paragraph.
    ``continues``
        whether it carries on the stretch before it, which was left open at the end of its paragraph.
    """

    open: int
    close: int
    inner: tuple[int, int]
    mark: str
    paragraph: int
    depth: int
    closed: bool
    continues: bool

    @property
    def nested(self) -> bool:
        """Whether it stands inside another marked stretch."""
        return self.depth > 0


def _inner(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _opens(text: str, at: int) -> bool:
    """Whether a straight mark opens, judged by its neighbours alone."""
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "('’«—–[:") and not (
        after.isspace() or after in ".,;:!?)"
    )


def _opens_reversed(text: str, at: int, later: int | None) -> bool:
    """Whether a mark that closes elsewhere opens here: *»a«*, *”a”*; ``later`` is the next mark."""
    before = text[at - 1] if at else " "
    if later is None or not before.isspace() or not text[at + 1 : at + 2].isalnum():
        return False
    return text[later] in PAIRS[text[at]] and not text[later - 1].isspace()


def _closes(text: str, at: int) -> bool:
    """Whether a mark closes, judged by its neighbours alone."""
    after = text[at + 1 : at + 2]
    return at > 0 and not text[at - 1].isspace() and not after.isalnum()


def _match(stack: list[tuple[str, int]], mark: str) -> int | None:
    """The place in the stack of the mark that ``mark`` closes."""
    for place in range(len(stack) - 1, -1, -1):
        if mark in PAIRS[stack[place][0]]:
            return place
    return None


def _paragraph(
    text: str, start: int, end: int, number: int, open_before: bool
) -> list[MarkedStretch]:
    """The marked stretches of one paragraph, outer before inner."""
    found: list[MarkedStretch] = []
    marks = [m.start() for m in _MARK.finditer(text, start, end)]
    if not marks and not open_before:
        return found
    stack: list[tuple[str, int]] = []
    continues = False

    def close(place: int, inner_end: int, stop: int, closed: bool) -> None:
        mark, at = stack[place]
        inner = _inner(text, min(at + (text[at] in _MARKS), inner_end), inner_end)
        goes_on = continues and place == 0 and at == first
        found.append(MarkedStretch(at, stop, inner, mark, number, place, closed, goes_on))
        del stack[place:]

    first = start
    while first < end and text[first].isspace():
        first += 1
    if open_before and first < end:
        head = text[first]
        resumes = head in '«»“"'
        closes_first = bool(marks) and text[marks[0]] == "»"
        if resumes or closes_first:
            continues = True
            stack.append(("«" if head in "«»" or not resumes else head, first))
            if resumes:
                marks = marks[1:]
    lacking = sum(text[at] == "«" for at in marks) - sum(text[at] == "»" for at in marks)
    reached = first
    for at, later in zip_longest(marks, marks[1:]):
        mark = text[at]
        place = _match(stack, mark) if mark in _CLOSERS else None
        if (
            place is None
            and stack
            and mark not in "«„‹"
            and not _opens(text, at)
            and _closes(text, at)
        ):
            own = later is not None and text[later] in PAIRS[stack[-1][0]]
            place = None if own else len(stack) - 1  # closed by a mark of another kind
        if place is not None:
            close(place, at, at + 1, True)
            reached = at + 1
        elif mark in "»”" or (mark == '"' and not stack and not _opens(text, at)):
            if mark != '"' and _opens_reversed(text, at, later):
                stack.append((mark, at))
            elif not stack and not open_before and _closes_alone(text, reached, at):
                stack.append(("«", _said_from(text, reached, at)))
                close(0, at, at + 1, True)
                reached = at + 1
        elif mark in PAIRS and (mark != '"' or _opens(text, at)) and len(stack) < _DEEPEST:
            if mark == "«" and lacking > 0 and stack and _follows_stop(text, at):
                stop = _inner(text, start, at)[1]
                while stack:  # the mark before was never closed
                    close(len(stack) - 1, stop, stop, False)
                lacking -= 1
            stack.append((mark, at))
    stop = _inner(text, start, end)[1]
    while stack:
        close(len(stack) - 1, stop, stop, False)
    return found


_LONGEST_ALONE = 600
"""Characters before a closing mark without its opening one that may be speech."""


def _closes_alone(text: str, start: int, at: int) -> bool:
    """Whether a closing mark lacks its opening one: words stand before it, a comma or a stop behind."""
    behind = text[at + 1 : at + 2]
    return (
        0 < at - start <= _LONGEST_ALONE
        and not text[at - 1].isdigit()
        and behind in ",."
        and any(map(str.isalnum, text[start:at]))
    )


def _said_from(text: str, start: int, at: int) -> int:
    """Where speech without its opening mark begins: after a colon, else with the paragraph or the last mark."""
    colon = max(text.rfind(": ", start, at), text.rfind(":\u00a0", start, at))
    start = colon + 1 if colon >= 0 else start
    while start < at and (text[start].isspace() or text[start] in ",.;"):
        start += 1
    return start


def _follows_stop(text: str, at: int) -> bool:
    """Whether a sentence ends right before ``at``."""
    before = text[max(0, at - 3) : at].rstrip()
    return before[-1:] in (".", "!", "?", "…")


def _carried(text: str, start: int, end: int) -> Iterator[Stretch]:
    """A paragraph in pieces: where a line starts with a mark of its own while one is open, speech carries on
    as it does over a paragraph. Each such mark lacks its closing one: where none is lacking they are nested."""
    lacking = text.count("«", start, end) - text.count("»", start, end)
    counted, depth = start, 0
    for line in _LINE.finditer(text, start, end):
        depth += text.count("«", counted, line.start()) - text.count("»", counted, line.start())
        counted = line.start()
        if depth > 0 and lacking > 0:
            yield start, line.start()
            start, depth, lacking = line.start(), 0, lacking - 1
    yield start, end


def quoted(text: str) -> list[MarkedStretch]:
    """Every stretch of ``text`` in quotation marks, in the order of their opening marks."""
    return stretches(odd_marks.usual(text))


def stretches(text: str) -> list[MarkedStretch]:
    """:func:`quoted` for a text that has the usual marks."""
    if not any(mark in text for mark in PAIRS):
        return []
    found: list[MarkedStretch] = []
    start = number = 0
    left_open = False
    while start < len(text):
        end = text.find("\n\n", start)
        if end < 0:
            end = len(text)
        for first, last in _carried(text, start, end):
            part = _paragraph(text, first, last, number, left_open)
            found += part
            left_open = any(m.depth == 0 and not m.closed and m.mark in "«“" for m in part)
        start, number = end + 2, number + 1
    return sorted(found, key=lambda m: (m.open, -m.close))


def dialogue(text: str) -> list[MarkedStretch]:
    """The lines of ``text`` that a dash opens as speech in a dialogue, each a stretch up to its end."""
    found = []
    number = counted = 0
    for match in _DASH.finditer(text):
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        signed = _SIGNED.search(text, max(0, match.start() - 4), match.start())
        if signed or _SIGNATURE.fullmatch(text, match.start(), end):
            continue
        inner = _inner(text, match.end(), end)
        number += text.count("\n\n", counted, match.start())
        counted = match.start()
        found.append(MarkedStretch(match.start(), inner[1], inner, "—", number, 0, True, False))
    return found
