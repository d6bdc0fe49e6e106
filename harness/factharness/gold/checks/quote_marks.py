"""Checks of quotes against the quotation marks of their paragraphs, and of the names of their speakers."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice, takewhile

from factharness.covered import Covered
from factharness.escape import cited
from factharness.facts import GoldFact, Quote, Span
from factharness.gold.anchors import hits
from factharness.gold.checks.finding import Checked, Finding
from factharness.gold.marks import CLOSING, OPENING, marked
from factharness.text import fold

_ANY_MARK = re.compile(r"[«»“”\"„‘‹›]")
_OPENS = re.compile(rf"[{OPENING}]\s?$")
_CLOSES = re.compile(rf"[\s.,!?…]{{0,3}}[{CLOSING}]")
_JOINT = re.compile("[-']")
_NAME_WORD = re.compile(r"[^\W\d_][^\W_]*(?:[-'][^\W_]+)*")


def marks_in_quotes(file: Checked) -> Iterator[Finding]:
    """The marks around the words of a quote are in the quote, and its type says what they enclose."""
    text = file.text or ""
    stretches = [
        Span(offset + start, offset + end)
        for (offset, part), _ in file.paragraphs()
        for start, end in marked(part)
    ]
    quoted = Covered(span for fact in file.facts for span in _content(fact))
    for fact, quote in _quotes(file):
        own = Covered(quote.content)
        touched = [span for one in quote.content for span in _touched(stretches, one)]
        beside = [mark for one in quote.content for mark in _beside(text, one)]
        # A mark that another quote has, too, is in one quote more than its own.
        lacking = [mark for mark in beside if quoted.times(mark) == own.times(mark)]
        if lacking:
            yield Finding(
                fact.line,
                f"the quote lacks the mark {lacking[0].of(text)} beside it",
                "quote it with its marks",
                rule="Q10",
            )
        elif quote.type == "indirect":
            if not all(quoted.times(span) > own.times(span) for span in touched):
                yield Finding(
                    fact.line, "an indirect quote with words in marks", "label it mixed", rule="Q4"
                )
        elif not touched and not any(_ANY_MARK.search(one.of(text)) for one in quote.content):
            yield Finding(
                fact.line,
                f"a {quote.type} quote without a word in marks",
                "without marks it is indirect, or QUOTE? when no verb of saying has it",
                rule="Q1" if quote.type == "direct" else "Q2",
            )
        elif quote.type == "direct" and any(_outside(text, one, touched) for one in quote.content):
            yield Finding(
                fact.line,
                "a direct quote with words outside its marks",
                "label it mixed",
                rule="Q2",
            )


def _touched(stretches: list[Span], fragment: Span) -> list[Span]:
    """Those of the stretches, which are in order and apart, that share characters with a fragment."""
    first = bisect_right(stretches, fragment.start, key=lambda span: span.end)
    return list(takewhile(fragment.overlaps, islice(stretches, first, None)))


def _outside(text: str, fragment: Span, stretches: list[Span]) -> bool:
    """Whether a fragment is partly in marks, and has letters outside of them."""
    outside, position = "", fragment.start
    for span in stretches:
        if span.overlaps(fragment):
            outside += text[position : span.start]
            position = max(position, span.end)
    return position > fragment.start and any(
        map(str.isalpha, outside + text[position : fragment.end])
    )


def _content(fact: GoldFact) -> tuple[Span, ...]:
    """The fragments of a quote; nothing for another fact."""
    return fact.fact.content if isinstance(fact.fact, Quote) else ()


def _beside(text: str, span: Span) -> Iterator[Span]:
    """The opening mark just before a fragment and the closing one just behind it, when it has no mark there."""
    words = span.of(text)
    opening = _OPENS.search(text[max(0, span.start - 2) : span.start])
    if opening and words[0] not in OPENING:
        start = span.start - len(opening[0])
        yield Span(start, start + 1)
    closing = _CLOSES.match(text[span.end : span.end + 4])
    if closing and words.rstrip(" .,!?…\u00a0\u202f")[-1:] not in tuple(CLOSING):
        end = span.end + len(closing[0])
        yield Span(end - 1, end)


def speaker_names(file: Checked) -> Iterator[Finding]:
    """The name of a speaker is one that the article has."""
    if file.text is None:
        return
    here: set[str] = set()
    for fact, quote in _quotes(file):
        given = quote.speaker_name or ""
        words = [
            word for word in _NAME_WORD.findall(fold(given)) if word[0].isupper() and len(word) > 1
        ]
        missing = [word for word in words if not hits(word, file.text)]
        if missing:  # as they are typed, and perhaps not in other capitals
            here = here or _words_of(file.text)
            missing = [word for word in missing if word.lower() not in here]
        if not missing:
            continue
        near = get_close_matches(missing[0].lower(), sorted(here), 1, 0.75)
        remedy = (
            f"did you mean {cited(near[0])}?" if near else "write the name as the article has it"
        )
        sure = len(missing) == len(words)
        if sure or "note" not in fact.attributes:
            yield Finding(
                fact.line,
                f"{cited(missing[0])} of the speaker {cited(given)} stands nowhere in the article",
                remedy,
                "error" if sure else "warning",
                "Q24",
            )


def _words_of(text: str) -> set[str]:
    """The words of a text and the parts of compounds, in lower case."""
    words = {word.lower() for word in _NAME_WORD.findall(fold(text))}
    return words | {part for word in words for part in _JOINT.split(word)}


def _quotes(file: Checked) -> Iterator[tuple[GoldFact, Quote]]:
    """The quotes of an article whose text is here, don't-care ones left out."""
    for fact in file.facts:
        if isinstance(fact.fact, Quote) and not fact.ignore and file.text is not None:
            yield fact, fact.fact
