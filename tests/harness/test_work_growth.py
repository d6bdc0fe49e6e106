"""Input four times as long takes about four times the work: no input takes time out of all proportion."""

from datetime import date

import pytest
from counted_work import steps

from factharness.facts import Article, Entity, Prediction, Quote, Span
from factharness.gold import anchors
from factharness.gold.checks import finding
from factharness.gold.format import render
from factharness.gold.marked_quotes import with_marked_quotes
from factharness.gold.new import article_from, proposals, skeleton
from factharness.gold.problems import check_document
from factharness.gold.raw_text import paragraphed
from factharness.gold.syntax import read
from factharness.labels import MAPS
from factharness.score.ensemble import Source, combined
from factharness.text import sha256

SMALL = 60
HEADER = """gold = 1
id = "a"
title = "Lyon"
lang = "fr"
published = 2024-03-05
licence = {{ text = "CC0-1.0", labels = "CC0-1.0" }}
labels = {{ scheme = "fr-news-1", by = ["a"], status = "single", prelabel = "none" }}
text = "full"
sha256 = "{digest}"
+++

> {text}
"""


def gold(text, lines):
    """A gold file of one paragraph."""
    facts = "".join(f"  {line}\n" for line in lines)
    return HEADER.format(digest=sha256(text), text=text) + facts


def unlabelled(size):
    """A name that is labelled once, and stands there many times more."""
    return gold(("Ana Bo est là. " * size).strip(), ["PER Ana Bo<#1>"])


def quoted(size):
    """Many quotes, of one word each."""
    lines = [
        f"QUOTE « oui »<#{n}> | direct | by: Ana<#{n}> | cue: dit<#{n}>" for n in range(1, size + 1)
    ]
    return gold(("« oui » dit Ana. " * size).strip(), lines)


def without_marks(size):
    """Many quotes that lack the marks beside them."""
    lines = [f"QUOTE oui<#{n}> | direct | by: Ana<#{n}>" for n in range(1, size + 1)]
    return gold(("« oui » dit Ana. " * size).strip(), lines)


def indirect(size):
    """Many indirect quotes with a word in marks."""
    lines = [f"QUOTE que « oui »<#{n}> | indirect | by: Ana<#{n}>" for n in range(1, size + 1)]
    return gold(("que « oui » dit Ana. " * size).strip(), lines)


def dated(size):
    """Many dates, each in a sentence of its own."""
    lines = [f"DATE lundi<#{n}> | 2024-03-04" for n in range(1, size + 1)]
    return gold(("Il est venu lundi. " * size).strip(), lines)


@pytest.mark.parametrize(
    "text",
    [unlabelled, quoted, without_marks, indirect, dated],
    ids=lambda f: f.__name__,
)
def test_checking_a_long_paragraph(text, monkeypatch):
    monkeypatch.setattr(anchors, "INDEXED", 2000)  # so that all texts get an index of their words

    def work(size):
        source = text(size)
        for kept in (anchors.hits, anchors._parts, finding._stops):
            kept.cache_clear()
        return steps(lambda: check_document(read(source, "a.gold")))

    small, large = work(3 * SMALL), work(12 * SMALL)
    assert large < 4.6 * small


def named(size):
    """A text with many names, and a back end that finds each twice."""
    facts = [Entity(Span(15 * n, 15 * n + 6), "PER") for n in range(size)]
    return "Ana Bo est là. " * size, facts * 2


def said_in_marks(size):
    """Many stretches in marks, of which a back end finds every second one, with its speaker and cue."""
    facts = [
        Quote((Span(n, n + 7),), "direct", Span(n + 12, n + 15), None, Span(n + 8, n + 11))
        for n in range(0, 34 * size, 34)
    ]
    return "« oui » dit Ana. « non » dit Ana. " * size, facts


def marks_in_marks(size):
    """Many stretches in marks, each with another one in it, and as many in straight marks."""
    return '« "oui" » dit Ana, puis "non". ' * size, []


def crossing_names(size):
    """Many names that cross each other."""
    return "Ana " * size, [Entity(Span(4 * n, 4 * n + 11), "PER") for n in range(size - 2)]


def across_paragraphs(size):
    """A quote that is told in many paragraphs, and names that cross their ends."""
    facts = [Entity(Span(15 * n + 4, 15 * n + 18), "PER") for n in range(size - 1)]
    return "« Oui » dit A.\n\n" * size, [*facts, Quote((Span(0, 15 * size - 2),), "direct")]


@pytest.mark.parametrize(
    "text",
    [named, said_in_marks, marks_in_marks, crossing_names, across_paragraphs],
    ids=lambda f: f.__name__,
)
def test_making_a_gold_file_of_a_long_text(text):
    def made(size):
        raw, facts = text(size)
        article = article_from("a", paragraphed(raw)[0], date(2024, 3, 5))
        proposed, _ = proposals(facts, MAPS["fr-news-1"], article.text)
        document, losses = skeleton(article, proposed=proposed)
        with_marks, _ = with_marked_quotes(document)
        return render(with_marks), list(map(str, losses))

    def work(size):
        for kept in (anchors.hits, anchors._parts):
            kept.cache_clear()
        return steps(lambda: made(size))

    work(SMALL)  # what the first call alone does is not counted
    small, large = work(3 * SMALL), work(12 * SMALL)
    assert large < 4.6 * small


def apart(size):
    return [Entity(Span(4 * n, 4 * n + 3), "PER") for n in range(size)]


def chained(size):
    return [Entity(Span(2 * n, 2 * n + 3), "PER") for n in range(size)]


def said(size):
    return [Quote((Span(13 * n, 13 * n + 7),), "direct") for n in range(size)]


@pytest.mark.parametrize("facts", [apart, chained, said], ids=lambda f: f.__name__)
@pytest.mark.parametrize("how", ["vote", "first"])
def test_combining_back_ends(facts, how):
    def work(size):
        article = Article("a", "« oui » dit. " * size, None, "fr", {})
        answers = {name: Prediction("a", tuple(facts(size))) for name in ("one", "two", "three")}
        kind = "quote" if facts is said else "entity"
        source = {kind: Source(how, tuple(answers))}
        return steps(lambda: combined(article, source, answers))

    work(SMALL)  # what the first call alone does is not counted
    assert work(8 * SMALL) < 4.6 * work(2 * SMALL)


@pytest.mark.parametrize("end", ["", "e"], ids=["found", "not found"])
@pytest.mark.parametrize("before", ["", '"non" '], ids=["alone", "behind others"])
def test_looking_for_words_with_many_marks_of_another_kind(before, end, monkeypatch):
    monkeypatch.setattr(anchors, "INDEXED", 2000)  # so that all texts get an index of their words

    def work(size):
        words = "« oui » " * size + "fin"
        text = before * size + '"oui" ' * size + f"fin{end}"
        found = () if end else ((len(before) * size, len(text)),)
        assert anchors.hits(words, text) == found
        anchors.hits.cache_clear()
        return steps(lambda: anchors.hits(words, text))

    assert work(40 * SMALL) < 4.6 * work(10 * SMALL)
