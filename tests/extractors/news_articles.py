"""Texts for the tests of pipelines, and a look at what was found in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from factharness.errors import ExtractionError
from factharness.extractor import Extractor
from factharness.facts import Article, Entity, Fact

DAY = date(2024, 3, 5)
NEWS = (
    "Le président Emmanuel Macron a rencontré Angela Merkel à Berlin, le 12 mai 2018.",
    "« Rien n’est joué », a déclaré Jean Martin devant l’ONU.",
    "Selon l’Insee, le chômage a baissé en France en janvier 2017.",
    "Le Paris Saint-Germain a battu l'Olympique lyonnais dimanche à 21 h.",
)
ARTICLE = Article("news", "\n\n".join(NEWS), DAY)


def facts(extractor: Extractor, *articles: Article) -> list[list[Fact]]:
    """The facts of each article, of which none may have failed."""
    outcomes = list(extractor.extract(articles))
    assert not any(isinstance(outcome, ExtractionError) for outcome in outcomes), outcomes
    return [list(outcome) for outcome in outcomes if not isinstance(outcome, ExtractionError)]


def entities(found: Iterable[Fact], text: str) -> set[tuple[str, str]]:
    """The names and their labels."""
    return {(f.span.of(text), f.label) for f in found if isinstance(f, Entity)}
