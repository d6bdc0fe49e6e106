"""Reads a value of a date while it is typed."""

from __future__ import annotations

from factharness.errors import GoldError
from factharness.facts import Article, DateType, Span
from factharness.gold.readings import reading
from factharness.gold.short_values import expand
from factharness.gold.timex import contradiction
from factharness.label.date_mods import mod_of
from factharness.label.wire import ValueRead


def read_value(article: Article, typed: str, span: Span, type: DateType | None) -> ValueRead:
    """What ``typed`` means for the date at ``span``: its TIMEX3 value, and what it says in words."""
    assert article.published is not None  # every gold file has one
    words = span.of(article.text)
    try:
        meant = expand(typed, article.published, type=type, words=words)
    except GoldError as error:
        return ValueRead(None, type or "DATE", None, f"{error.message}; {error.remedy}")
    mod = mod_of(article.text, span, meant.type)
    return ValueRead(
        meant.value,
        meant.type,
        reading(meant.type, meant.value, article.published, mod=mod),
        contradiction(words, meant.value),
        mod,
    )
