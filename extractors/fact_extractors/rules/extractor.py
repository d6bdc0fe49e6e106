"""The rule back end behind the harness's ``Extractor`` protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from fact_extractors import digests
from fact_extractors.folded import folded
from fact_extractors.options import kinds_named
from factharness.facts import KINDS, Article, Date, Fact, Kind, Span, spans_of

Explained: TypeAlias = tuple[Fact, str]
"""A fact and the id of the rule that produced it."""

_SENTENCE = Article(
    "sentence",
    "« Le plan sera prêt lundi », a déclaré mardi à Lyon la ministre Claire Dumoulin, qui attend Pâques.",
    date(2024, 3, 5),
)


def _dates(article: Article) -> list[Explained]:
    from fact_extractors.rules import dates

    return [
        (Date(Span(f.start, f.end), f.value.type, f.value.value), f"date.{f.rule}")
        for f in dates.find(article.text, article.published)
    ]


def _names(article: Article, kinds: Collection[Kind]) -> list[Explained]:
    """Entities and quotations: the names of the speakers come from the entities."""
    from fact_extractors.rules import entities, quotes

    named = entities.find(article.text) if "entity" in kinds else None
    found: list[Explained] = [(f.entity, f"entity.{f.rule}") for f in named or ()]
    if "quote" in kinds:
        known = None if named is None else [f.entity for f in named]
        found += [(f.quote, f"quote.{f.rule}") for f in quotes.find(article.text, known)]
    return found


class RuleExtractor:
    """Facts by rules; see ``docs/rules.md``."""

    label_scheme = "fr-news-1"
    languages = frozenset({"fr"})
    deterministic = True

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self.kinds = frozenset(kinds)

    def fingerprint(self) -> Mapping[str, str]:
        """The hash of code and data files, the versions of the libraries they use, the kinds asked for."""
        from importlib.metadata import version

        return {
            "rules": digests.code("rules", "speech", "words.py", "tables.py"),
            "folded": digests.code("folded.py", "capitals.py"),
            "babel": version("babel"),
            "holidays": version("holidays"),
            "kinds": " ".join(sorted(self.kinds)),
        }

    def load(self) -> None:
        """Read the data files and compile the rules, by reading a sentence with a fact of each kind."""
        self.explain(_SENTENCE)

    def extract(self, articles: Iterable[Article]) -> Iterator[Sequence[Fact]]:
        """The facts of each article, by their place in the text."""
        for article in articles:
            yield [fact for fact, _ in self.explain(article)]

    def explain(self, article: Article) -> list[Explained]:
        """The facts of one article, each with the id of the rule that produced it."""
        clean, view = folded(article)
        found = self._explain(clean)
        return found if view.same else [(view.fact(fact), rule) for fact, rule in found]

    def _explain(self, article: Article) -> list[Explained]:
        """:meth:`explain`, of an article that is clean."""
        found = _dates(article) if "date" in self.kinds else []
        if self.kinds & {"entity", "quote"}:
            found += _names(article, self.kinds)
        return sorted(found, key=_place)


def _place(explained: Explained) -> tuple[int, int]:
    span = spans_of(explained[0])[0]
    return span.start, -span.end


def build(*, kinds: Collection[str] = KINDS) -> RuleExtractor:
    """The rule back end.

    ``kinds``
        the kinds to extract; by default all three.

    Raises ``BackendError`` for a kind that does not exist, or none.
    """
    return RuleExtractor(kinds_named(kinds))
