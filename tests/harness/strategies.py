"""Hypothesis strategies for facts and articles, shared by the tests of the engine."""

from __future__ import annotations

from hypothesis import strategies as st

from factharness.facts import (
    DATE_TYPES,
    QUOTE_TYPES,
    Article,
    Date,
    Entity,
    Prediction,
    Quote,
    Span,
)


def spans(length: int = 60) -> st.SearchStrategy[Span]:
    return st.tuples(st.integers(0, length - 1), st.integers(1, length)).map(
        lambda pair: Span(min(pair[0], pair[1] - 1), max(pair[0] + 1, pair[1]))
    )


def fragments(length: int = 60) -> st.SearchStrategy[tuple[Span, ...]]:
    """One to three sorted, disjoint spans."""
    return st.lists(st.integers(0, length), min_size=2, max_size=6, unique=True).map(
        lambda cuts: tuple(
            Span(start, end) for start, end in zip(*[iter(sorted(cuts))] * 2, strict=False)
        )
    )


entities = st.builds(Entity, spans(), st.sampled_from(["PER", "ORG", "LOC", "MISC"]))
dates = st.builds(
    Date, spans(), st.sampled_from(DATE_TYPES), st.sampled_from([None, "2024", "2024-03-05", "P2Y"])
)
quotes = st.builds(
    Quote,
    fragments(),
    st.sampled_from(QUOTE_TYPES),
    st.none() | spans(),
    st.sampled_from([None, "Claire Dumoulin", "Yann Le Goff"]),
    st.none() | spans(),
)
facts = st.one_of(entities, dates, quotes)


def predictions(article: str = "a") -> st.SearchStrategy[Prediction]:
    return st.one_of(
        st.builds(Prediction, st.just(article), st.lists(facts, max_size=8).map(tuple)),
        st.text(min_size=1, max_size=9).map(lambda error: Prediction(article, error=error)),
    )


articles = st.builds(Article, id=st.uuids().map(str), text=st.text(min_size=60, max_size=80))
