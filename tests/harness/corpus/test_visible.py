"""Phenomena that a text shows: against the tags that people gave the dispatches, and case by case."""

from collections import Counter
from pathlib import Path

import pytest

from factharness.corpus.visible import visible
from factharness.facts import Date, Entity, Quote, Span
from factharness.gold.sets import load_set

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def dispatches():
    return load_set(ROOT / "goldsets" / "depeches").articles


def seen_in(article):
    return visible(article.article.text, [held.fact for held in article.facts if not held.ignore])


def test_what_is_seen_is_tagged_nearly_always(dispatches):
    seen, tagged = Counter(), Counter()
    for article in dispatches:
        for tag in seen_in(article):
            seen[tag] += 1
            tagged[tag] += tag in article.phenomena
    assert len(seen) > 20
    for tag, times in seen.items():
        assert tagged[tag] >= 0.6 * times, tag
    assert tagged.total() >= 0.95 * seen.total()


def test_every_tag_is_described(dispatches):
    page = (ROOT / "docs" / "phenomena.md").read_text(encoding="utf-8")
    tags = {tag for article in dispatches for tag in article.phenomena}
    assert set().union(*map(seen_in, dispatches)) <= tags
    assert "`split-quote`" in page


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Rien", ()),
        ("« Oui »", ("guillemets-nbsp",)),
        ("«\u202fOui\u202f»", ("guillemets-nnbsp",)),
        ("«Oui»", ("guillemets-tight",)),
        ("“Oui”", ("english-quotes",)),
        ('Le "oui" gagne', ("english-quotes",)),
        ("«Un “oui”»", ("guillemets-tight",)),
        ("– Oui\n– Non", ("dialogue-dash",)),
        ("Le 12/03/2024", ("numeric-date",)),
        ("À 18h30 ou 19 h", ("clock-time",)),
        ("M. Petit et Mme Grand", ("title-before-name",)),
        ("J.-P. Petit", ("initials",)),
        ("La SNCF", ("acronym",)),
        ("UN GRAND PONT\n\nIl tient", ("all-caps-headline",)),
        ("LE PONT\n\nIl tient", ("acronym",)),
    ],
)
def test_what_the_text_shows(text, tags):
    assert visible(text.replace("« Oui »", "«\u00a0Oui\u00a0»"), ()) == set(tags)


TEXT = "Elle dit oui\n\net non, Marie-Lou aussi"


@pytest.mark.parametrize(
    ("fact", "tags"),
    [
        (Quote((Span(0, 4),), "direct"), ()),
        (Quote((Span(0, 4), Span(5, 8)), "mixed"), ("mixed-quote", "split-quote")),
        (
            Quote((Span(0, 4), Span(14, 16)), "indirect"),
            ("indirect-quote", "multi-paragraph-quote"),
        ),
        (Quote((Span(9, 12),), "direct", Span(0, 4)), ("pronoun-speaker",)),
        (Quote((Span(9, 12),), "direct", Span(22, 31)), ()),
        (Entity(Span(22, 31), "PER"), ("hyphenated-name",)),
        (Entity(Span(22, 31), "LOC"), ()),
        (Date(Span(0, 4), "DATE", "198"), ("decade",)),
        (Date(Span(0, 4), "DATE", "19"), ("century",)),
        (Date(Span(0, 4), "DATE", "2024-SU"), ("season",)),
        (Date(Span(0, 4), "DATE", "2024-Q3"), ("quarter",)),
        (Date(Span(0, 4), "DATE", "2024-03-05TMO"), ("part-of-day",)),
        (Date(Span(0, 4), "DURATION", "P2Y"), ("duration",)),
        (Date(Span(0, 4), "SET", None), ("set",)),
    ],
)
def test_what_facts_show(fact, tags):
    assert visible(TEXT, [fact]) == set(tags)
