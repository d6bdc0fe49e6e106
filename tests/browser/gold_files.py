"""Gold files written by tests: an article from its text and the words that are facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from factharness.facts import Article, Date, Entity, Fact, GoldArticle, GoldFact, Quote, Span
from factharness.gold.compose import compose, header_for
from factharness.gold.format import render
from factharness.gold.header import Labelling
from factharness.text import normalise


def write(
    folder: Path,
    name: str,
    text: str,
    facts: Iterable[Fact] = (),
    meta: Mapping[str, str] | None = None,
) -> GoldArticle:
    """Write ``folder/name.gold``, in full text, and return the article."""
    assert normalise(text) == text
    article = Article(name, text, date(2024, 3, 5), meta=dict(meta or {}))
    gold = GoldArticle(article, tuple(GoldFact(fact) for fact in facts))
    document, losses = compose(header_for(article, labels=Labelling(by=("test",))), gold)
    assert losses == ()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.gold").write_text(render(document), encoding="utf-8", newline="\n")
    return gold


def place(text: str, words: str, after: int = 0) -> Span:
    """Where ``words`` stand in ``text`` for the first time from an offset on."""
    start = text.index(words, after)
    return Span(start, start + len(words))


NAME, TOWN = "Zoé K̂ato-Ñúñez", "Sète-les-Bains"
QUOTED = ("« Rien n’est perdu,", f"et l’Université de {TOWN} restera »")
HEADLINE = f"🦊 Le maire de {TOWN}, {NAME} 👩‍🚀, est là"
TRICKY = (
    f"{HEADLINE}\n\n{QUOTED[0]} a dit {NAME} mardi 🎉, {QUOTED[1]}, selon l’agence Nord-Sud Presse. "
    "Le maire partira pour Paris."
)
"""Characters of one to four code units, a letter that has no composed form, names within and across names."""

FORGOTTEN = Entity(place(TRICKY, "Paris"), "LOC")
"""What gold lacks and every back end finds: gold to look at again."""


def tricky(folder: Path) -> GoldArticle:
    """An article of nested, crossing and interrupted facts among characters that are hard to count."""

    def at(words: str, after: int = len(HEADLINE)) -> Span:
        return place(TRICKY, words, after)

    content = tuple(map(at, QUOTED))
    return write(
        folder,
        "tricky",
        TRICKY,
        [
            Entity(at(TOWN, 0), "LOC"),
            Entity(at(NAME, 0), "PER"),
            Quote(content, "direct", at(NAME), NAME, at("a dit")),
            Entity(at(NAME), "PER"),
            Date(at("mardi"), "DATE", "2024-03-05"),
            Entity(at(f"Université de {TOWN}"), "ORG"),
            Entity(at(TOWN), "LOC"),
            Entity(at("agence Nord-Sud"), "ORG"),
            Entity(at("Nord-Sud Presse"), "ORG"),
        ],
        {"rubrique": "société"},
    )
