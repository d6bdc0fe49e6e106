"""The value types that all other modules pass along: spans, facts, articles, predictions.

This module imports nothing of the project. Offsets count code points of ``Article.text``, half-open. All types
are frozen msgspec structs, so that msgspec reads and writes them as JSON without further code; invariants are
checked once, when a value is made.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from msgspec import Struct, field

Kind: TypeAlias = Literal["entity", "date", "quote"]
DateType: TypeAlias = Literal["DATE", "TIME", "DURATION", "SET"]
QuoteType: TypeAlias = Literal["direct", "mixed", "indirect"]

KINDS: tuple[Kind, ...] = get_args(Kind)
DATE_TYPES: tuple[DateType, ...] = get_args(DateType)
QUOTE_TYPES: tuple[QuoteType, ...] = get_args(QuoteType)


# Facts, spans and articles are many and cannot form a reference cycle: with `gc=False` the garbage collector
# does not visit them.
class Span(Struct, frozen=True, array_like=True, order=True, gc=False):
    """A half-open stretch ``[start, end)`` of a text, in code points; ``[start, end]`` in JSON.

    Raises ``ValueError`` unless ``0 <= start < end``.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, not [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character; adjacent spans do not."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """The characters of ``text`` the span covers."""
        return text[self.start : self.end]


class Entity(Struct, frozen=True, tag="entity", tag_field="kind", gc=False):
    """A named mention.

    ``label`` is a label of the gold (PER, ORG, LOC, MISC) or of the back end that found it.
    """

    span: Span
    label: str


class Date(Struct, frozen=True, tag="date", tag_field="kind", gc=False):
    """A temporal expression; ``value`` is its TIMEX3 value, None when it could not be resolved."""

    span: Span
    type: DateType
    value: str | None = None


class Quote(Struct, frozen=True, tag="quote", tag_field="kind", gc=False):
    """A quotation.

    ``content`` holds one span per fragment, in the order of the text; fragments do not overlap, and an incise
    (« …, a-t-il dit, … ») is the gap between two of them. ``type`` is None only on don't-care gold.
    ``speaker`` and ``cue`` are spans of the text. ``speaker_name`` is the resolved name, also where
    ``speaker`` is a pronoun or None.

    Raises ``ValueError`` for an empty content, or fragments that overlap or are out of order.
    """

    content: tuple[Span, ...]
    type: QuoteType | None
    speaker: Span | None = None
    speaker_name: str | None = None
    cue: Span | None = None

    def __post_init__(self) -> None:
        if not self.content:
            raise ValueError("a quote needs at least one content span")
        for left, right in pairwise(self.content):
            if right.start < left.end:
                raise ValueError(f"content spans must be sorted and disjoint: {left}, {right}")


Fact: TypeAlias = Entity | Date | Quote


def kind_of(fact: Fact) -> Kind:
    """``"entity"``, ``"date"`` or ``"quote"``."""
    return fact.__struct_config__.tag  # type: ignore[return-value]


def label_of(fact: Fact) -> str:
    """The label under which a fact is counted: the label of an entity, the type of a date or quote."""
    if isinstance(fact, Entity):
        return fact.label
    return fact.type or "?"


def spans_of(fact: Fact) -> tuple[Span, ...]:
    """The spans by which a fact is matched: the fragments of a quote, the single span of another fact."""
    return fact.content if isinstance(fact, Quote) else (fact.span,)


def places_of(fact: Fact) -> tuple[Span, ...]:
    """Every span of a fact: those by which it is matched, then a quote's speaker and cue, if it has them."""
    more = (fact.speaker, fact.cue) if isinstance(fact, Quote) else ()
    return (*spans_of(fact), *(span for span in more if span is not None))


class Article(Struct, frozen=True, gc=False):
    """A text to extract facts from.

    ``meta`` holds free names and strings; a suite can slice its scores by them.

    ``published`` is the day or moment on which relative dates are resolved.
    """

    id: str
    text: str
    published: date | datetime | None = None
    lang: str = "fr"
    meta: dict[str, str] = field(default_factory=dict)


class GoldFact(Struct, frozen=True, eq=False, gc=False):
    """A hand-labelled fact.

    ``ignore`` marks don't-care gold: the fact counts neither for nor against a back end. ``attributes`` holds
    what is labelled but not scored (``meto``, ``mod``, ``quant``, ``freq``, ``note``). ``line`` is the line of
    its file, 0 when it is from no file; equality does not look at it.
    """

    fact: Fact
    ignore: bool = False
    attributes: dict[str, str] = field(default_factory=dict)
    line: int = 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GoldFact):
            return NotImplemented
        return (self.fact, self.ignore, self.attributes) == (
            other.fact,
            other.ignore,
            other.attributes,
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]


class GoldArticle(Struct, frozen=True, eq=False, gc=False):
    """An article with its gold.

    ``skip`` names the layers that nobody labelled in this article. ``prelabel`` is the back end whose output
    the annotators started from, ``"none"`` when they started from the text alone. ``path`` is the file it was
    read from, ``withheld`` whether that file holds no text because it may not be passed on, and ``phenomena``
    are the tags of its header that say what occurs in it; equality looks at none of these.
    """

    article: Article
    facts: tuple[GoldFact, ...]
    skip: frozenset[Kind] = frozenset()
    prelabel: str = "none"
    path: str = ""
    withheld: bool = False
    phenomena: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GoldArticle):
            return NotImplemented
        return (self.article, self.facts, self.skip, self.prelabel) == (
            other.article,
            other.facts,
            other.skip,
            other.prelabel,
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # type: ignore[assignment]


class Prediction(Struct, frozen=True, omit_defaults=True):
    """The facts that a back end found in one article, or the error with which it failed.

    ``used`` is what the back end says that it used for the article, by name: tokens, money. ``without`` has,
    for a back end that is combined of others, those of them that failed on the article, with their errors: the
    facts are what the others say. Exactly one of ``facts`` and ``error`` is set, else ``ValueError``: an
    article that a back end failed on is an error, not an article without facts.
    """

    article_id: str
    facts: tuple[Fact, ...] | None = None
    error: str | None = None
    used: dict[str, float] = field(default_factory=dict)
    without: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.facts is None) == (self.error is None):
            raise ValueError(f"{self.article_id}: a prediction has either facts or an error")
