"""What the model has to answer, as a JSON schema, and how its words become offsets.

A language model cannot count characters, so it copies words, and they are looked for in the text. Differences
in typography are ignored (’ for ', no-break for plain spaces, « » for "); what is still not in the text is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from factharness.facts import Article, Date, DateType, Entity, Fact, Kind, Quote, QuoteType, Span

_STRING = Meta(extra_json_schema={"type": "string"})  # some services want one beside an enum


class EntityWords(Struct, frozen=True, forbid_unknown_fields=True):
    """An entity, by its words."""

    text: str
    label: Annotated[Literal["PER", "ORG", "LOC", "MISC"], _STRING]


class DateWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A date, by its words."""

    text: str
    type: Annotated[DateType, _STRING]
    value: str | None


class QuoteWords(Struct, frozen=True, forbid_unknown_fields=True):
    """A quote, by its words."""

    content: list[str]
    type: Annotated[QuoteType, _STRING]
    speaker: str | None
    speaker_name: str | None
    cue: str | None


class ModelAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """All that the model says of an article."""

    entities: list[EntityWords]
    dates: list[DateWords]
    quotes: list[QuoteWords]


T = TypeVar("T", EntityWords, DateWords)


# Services may leave out the opening mark, which stands in the prompt's template.
_THOUGHTS = re.compile(r"\A(?!\s*[{`]).*</think(?:ing)?>", re.DOTALL)


@cache
def schema() -> dict[str, Any]:
    """The JSON schema of :class:`ModelAnswer`: an object at its root, as services want it."""
    parts = msgspec.json.schema(ModelAnswer)["$defs"]
    return {**parts.pop(ModelAnswer.__name__), "$defs": parts}


def decode(content: str) -> ModelAnswer:
    """The answer in a message. Raises ``ValueError``.

    The thoughts of a reasoning model before it, and a Markdown fence around it, are left out.
    """
    bare = _THOUGHTS.sub("", content)
    bare = re.sub(r"\A\s*```(?:json)?\s*|\s*```\s*\Z", "", bare)
    try:
        return msgspec.json.decode(bare, type=ModelAnswer)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise ValueError(f"not the JSON asked for: {error}") from error


class Placed(Struct, frozen=True):
    """The facts of an answer, and the words of it that are not in the text."""

    facts: list[Fact]
    missing: list[str]


def place(answer: ModelAnswer, article: Article, kinds: Collection[Kind]) -> Placed:
    """Look for the words of an answer in the text of its article.

    Of words that stand there several times, those are meant that come after the last ones found, or else the
    first that no other fact of the list has taken.
    """
    finder = _Finder(article.text)
    facts: list[Fact] = []
    if "entity" in kinds:
        facts += finder.each(answer.entities, lambda one, span: Entity(span, one.label))
    if "date" in kinds:
        facts += finder.each(
            answer.dates, lambda one, span: Date(span, one.type, one.value or None)
        )
    if "quote" in kinds:
        facts += finder.quotes(answer.quotes)
    return Placed(facts, finder.missing)


_SAME = str.maketrans(
    dict.fromkeys("’‘ʼ", "'") | dict.fromkeys("«»“”„", '"') | dict.fromkeys("–—‑", "-")
)
_UNIT = re.compile(r'[^\s"]+|"')


class _Finder:
    """Finds words in a text, and keeps those it does not find."""

    def __init__(self, text: str) -> None:
        self.missing: list[str] = []
        self._text = text.translate(_SAME)  # character for character: offsets stay

    def each(self, said: Sequence[T], make: Callable[[T, Span], Fact]) -> Iterator[Fact]:
        """A fact for each of the words that is found, in the order of the list."""
        at, taken = 0, set[Span]()
        for one in said:
            spans = list(self._spans(one.text))
            if not spans:
                self.missing.append(one.text)
                continue
            free = [span for span in spans if span not in taken] or spans
            span = next((span for span in free if span.start >= at), free[0])
            at = span.start
            taken.add(span)
            yield make(one, span)

    def quotes(self, said: Sequence[QuoteWords]) -> Iterator[Fact]:
        """A quote for each one whose words are all found."""
        at, taken = 0, set[tuple[Span, ...]]()
        for one in said:
            content = self._content(one.content, at)
            if content in taken or not content:
                content = self._content(one.content, 0) or content
            if not content:
                self.missing.append(" […] ".join(one.content))
                continue
            at = content[0].start + 1
            taken.add(content)
            speaker, cue = self._near(one.speaker, content), self._near(one.cue, content)
            yield Quote(content, one.type, speaker, one.speaker_name or None, cue)

    def _content(self, pieces: Sequence[str], at: int) -> tuple[Span, ...]:
        """The pieces one after the other; none when one of them is not there."""
        found: list[Span] = []
        for piece in pieces:
            span = next(self._spans(piece, at), None)
            if span is None:
                return ()
            found.append(span)
            at = span.end
        return tuple(found)

    def _near(self, words: str | None, content: tuple[Span, ...]) -> Span | None:
        """The place of a mention nearest to a quote; inside its content only if there is no other."""
        if not words:
            return None

        def farness(span: Span) -> tuple[bool, int]:
            distance = min(max(part.start - span.end, span.start - part.end, 0) for part in content)
            return any(span.overlaps(part) for part in content), distance

        span = min(self._spans(words), key=farness, default=None)
        if span is None:
            self.missing.append(words)
        return span

    def _spans(self, words: str, at: int = 0) -> Iterator[Span]:
        """Where the words stand from ``at`` on, not beginning or ending inside a word."""
        units = _UNIT.findall(words.translate(_SAME))
        if not units:
            return
        pattern = re.escape(units[0])
        for left, right in pairwise(units):
            # Spaces beside quotation marks come and go with the language of the marks.
            pattern += (r"\s*" if '"' in (left, right) else r"\s+") + re.escape(right)
        before = r"(?<!\w)" if units[0][0].isalnum() else ""
        after = r"(?!\w)" if units[-1][-1].isalnum() else ""
        for match in re.compile(before + pattern + after).finditer(self._text, at):
            yield Span(*match.span())
