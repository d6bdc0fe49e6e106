"""The flips of a comparison as people read them: an entry per fact, with the answers of both sides."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from factharness.runs.comparison import Comparison, Flipped
from factharness.runs.entries import Entry, Identity, entry, identity_of, position
from factharness.runs.filters import Filter
from factharness.runs.mistakes import Mistake, of_record
from factharness.runs.record import MatchRecord, stored_regime
from factharness.runs.texts import Texts
from factharness.score.comparison import Change


class FlipEntry(Struct, frozen=True):
    """A fact with the answers of both sides, and what changed about it."""

    changes: tuple[Change, ...]
    entry: Entry


def admitted(comparison: Comparison, wanted: Filter) -> list[Flipped]:
    """The flips in which a mistake of one of the two sides passes the filter."""
    return [flip for flip, mistakes in _judged(comparison) if any(map(wanted.admits, mistakes))]


def flip_entries(comparison: Comparison, wanted: Filter, texts: Texts) -> Iterator[FlipEntry]:
    """The flips that pass the filter, a fact at a time, in the order of the articles and of their texts."""
    by_article: dict[str, dict[Identity, list[tuple[Flipped, list[Mistake]]]]] = {}
    for flip, mistakes in _judged(comparison):
        if any(map(wanted.admits, mistakes)):
            by_fact = by_article.setdefault(flip.match.article, {})
            by_fact.setdefault(identity_of(mistakes[0]), []).append((flip, mistakes))
    for by_fact in by_article.values():
        listed = [_entry(comparison, same, texts) for same in by_fact.values()]
        for _, flip_entry in sorted(listed, key=lambda one: one[0]):
            yield flip_entry


def _judged(comparison: Comparison) -> Iterator[tuple[Flipped, list[Mistake]]]:
    """Each flip with what is wrong with the answers of the two sides, under the names of the sides."""
    manifest = comparison.head[0].manifest
    paths = {
        article.id: article.path
        for goldset in manifest.goldsets
        for article in goldset.articles
        if goldset.name == comparison.goldset
    }
    for flip in comparison.flips:
        kind, path = flip.match.kind, paths[flip.match.article]
        asked = stored_regime(kind, comparison.first_regime)
        mistakes = []
        for name, record in _sides(comparison, flip):
            made = list(of_record(record, path, manifest.main_regime(kind)))
            # The regime that was asked for may be stricter than that of the suite.
            if not made and asked not in record.match.right:
                made = list(of_record(record, path, asked))
            mistakes += [replace(mistake, backend=name) for mistake in made]
        yield flip, mistakes


def _sides(comparison: Comparison, flip: Flipped) -> Iterator[tuple[str, MatchRecord]]:
    """The sides that have a match on the fact of a flip, by name."""
    for name, record in zip(comparison.names, (flip.base, flip.head), strict=True):
        if record is not None:
            yield name, record


def _entry(
    comparison: Comparison, same: list[tuple[Flipped, list[Mistake]]], texts: Texts
) -> tuple[tuple[int, int, int, bool], FlipEntry]:
    """The entry of one fact with its place in the order; ``same`` are all flips of this fact."""
    mistakes = list(dict.fromkeys(mistake for _, made in same for mistake in made))
    wrong = {mistake.backend for mistake in mistakes}
    sides = dict.fromkeys(name for flip, _ in same for name, _ in _sides(comparison, flip))
    right = tuple(name for name in sides if name not in wrong)
    changes = tuple(flip.change for flip, _ in same)
    return position(mistakes[0]), FlipEntry(changes, entry(mistakes, right, texts))
