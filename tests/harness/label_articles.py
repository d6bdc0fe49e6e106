"""Articles for the tests of the labelling page, and facts in them by their words."""

from datetime import date

from factharness.facts import Span
from factharness.gold.format import render
from factharness.gold.new import article_from, skeleton
from factharness.label.operations import LabelledFact, Operation

ASTRAL = "𝔓𝔞𝔯𝔦𝔰"
"""A name outside the basic plane: a code point of Python, two units of JavaScript."""

TEXT = f"""La maire, Alice Rey 👩‍🌾, a vu {ASTRAL} et l’Élysée mardi.

« Nous irons à Brivac », a-t-elle dit. Brivac attend, dit Alice Rey.

« Rien », dit-il. « Tout », répond Marc Osse."""


def source(text=TEXT, **more):
    """The content of a new gold file."""
    article = article_from("essai", text, date(2024, 3, 5))
    document, _ = skeleton(article, **more)
    return render(document)


def at(words, text=TEXT, nth=1):
    """The span of the nth place where the words stand."""
    start = -1
    for _ in range(nth):
        start = text.index(words, start + 1)
    return Span(start, start + len(words))


def entity(words, label="PER", nth=1, text=TEXT, **more):
    return LabelledFact("entity", label, (at(words, text, nth),), **more)


def date_fact(words, value, text=TEXT, **more):
    return LabelledFact("date", "DATE", (at(words, text),), value=value, **more)


def change(before=None, after=None, text=TEXT):
    """An operation with the words that stand at the places of ``after``."""
    words = tuple(span.of(text) for span in after.places()) if after else ()
    return Operation(before=before, after=after, words=words)
