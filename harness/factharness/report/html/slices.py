"""The part Slices: F1 of each back end on the articles that have something in common.

A run stores the slices that its suite asked for; here they are all made from the counts per article, so that
every run has those by phenomenon and length, too, with an interval where there are articles enough.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from factharness import escape
from factharness.facts import KINDS, Kind
from factharness.report.html import numerals
from factharness.report.html.differences import Counted
from factharness.report.html.grids import KIND_TITLES, mistakes
from factharness.report.html.page import Part
from factharness.report.html.sentences import KIND_WORDS
from factharness.runs.record import ArticleRecord, GoldSetRecord, Run
from factharness.runs.side_by_side import Name
from factharness.score import Counts
from factharness.score.stats import DRAWS, Interval, intervals
from factharness.signature import SEED

FEWEST = 5
"""Below this many articles a slice has counts and no interval."""
MOST_VALUES = 12
"""A metadata key with more values than this, for which the suite did not ask, is no slice but a name."""
SLICE_DRAWS = DRAWS // 10
"""Draws of an interval: ends of intervals that are shown with two decimals need no more."""
MANY = 200
"""A slice of more articles than this has a narrow interval, and is drawn a fifth as often."""

JOINT = "joint"
"""The regime in which a quote counts with its speaker; in addresses, too, the name of what it counts."""

Members = Mapping[str, Sequence[str]]
"""The ids of the articles of each slice."""


class Dimension(Struct, frozen=True):
    """A way to slice: its title, a sentence on it, and its slices."""

    title: str
    caption: str
    members: Members


class SliceCell(Struct, frozen=True):
    """F1 of a back end, ``below`` it the interval or how many of how many facts were found, and a link to its
    mistakes in the slice."""

    f1: str
    below: str
    best: bool
    borrowed: bool
    href: str = ""
    says: str = ""


class SliceRow(Struct, frozen=True):
    """A slice under one kind. ``number`` is its place in the embedded list of members; ``few`` says that it has
    too few articles for an interval."""

    name: str
    articles: int
    few: bool
    gold: str
    cells: tuple[SliceCell, ...]
    number: int


class SliceTable(Struct, frozen=True):
    """The slices of a dimension by what is counted, and the back ends of the columns."""

    title: str
    caption: str
    backends: tuple[str, ...]
    groups: tuple[tuple[str, str, tuple[SliceRow, ...]], ...]


def part(run: Run, made: Sequence[tuple[SliceTable, ...]]) -> Part:
    """The part Slices of the page, of the :func:`tables` of its gold sets."""
    return Part("slices", "Slices", _context(run, made))


def tables(
    run: Run, counts: Mapping[tuple[str, Kind, str], Counted]
) -> list[tuple[SliceTable, ...]]:
    """The tables of every gold set."""
    return [tuple(_tables(run, goldset, counts)) for goldset in run.manifest.goldsets]


def _context(run: Run, made: Sequence[tuple[SliceTable, ...]]) -> dict[str, Any]:
    sets = list(zip(run.manifest.goldsets, made, strict=True))
    groups = {
        name: title
        for _, of_set in sets
        for table in of_set
        for name, title, rows in table.groups
        if rows
    }
    return {
        "sets": sets,
        "groups": groups,
        "few": FEWEST,
        "draws": numerals.count(SLICE_DRAWS),
        "n": numerals,
        "visible": escape.line,
    }


def data(run: Run, only: Collection[Name] | None = None) -> dict[str, Any]:
    """What the scripts need: the articles of each gold set, and by their places those of each slice.

    ``only``: the articles that the page draws; all without it.

    An address names a slice by its gold set, the place of its dimension, and its own in that:
    ``#mistakes?slice=depeches/0/3``.
    """
    found = {}
    for goldset in run.manifest.goldsets:
        drawn = [
            article.id
            for article in goldset.articles
            if only is None or (goldset.name, article.id) in only
        ]
        place = {name: number for number, name in enumerate(drawn)}
        found[goldset.name] = {
            "articles": list(place),
            "dimensions": [
                {
                    "title": escape.visible(dimension.title),
                    "slices": [escape.visible(name) for name in dimension.members],
                    "members": [
                        [place[name] for name in names if name in place]
                        for names in dimension.members.values()
                    ],
                }
                for dimension in dimensions(run, goldset)
            ],
        }
    return found


def dimensions(run: Run, goldset: GoldSetRecord) -> list[Dimension]:
    """The ways to slice a gold set that make at least two slices, or name a phenomenon."""
    found = [
        *_by_metadata(goldset.articles, run.manifest.slices),
        *_by_seen(run, goldset),
        *_by_length(goldset.articles),
        *_by_phenomenon(goldset.articles),
    ]
    return [dimension for dimension in found if dimension.members]


def _by_metadata(articles: Sequence[ArticleRecord], asked: Sequence[str]) -> Iterator[Dimension]:
    keys = dict.fromkeys((*asked, *sorted({key for one in articles for key in one.meta})))
    for key in keys:
        values: dict[str, list[str]] = {}
        for article in articles:
            if key in article.meta:
                values.setdefault(article.meta[key], []).append(article.id)
        if key in asked or 2 <= len(values) <= MOST_VALUES:
            yield Dimension(
                key, "A key of the metadata in the gold files.", dict(sorted(values.items()))
            )


def _by_seen(run: Run, goldset: GoldSetRecord) -> Iterator[Dimension]:
    """Seen and unseen articles, once for all back ends that have seen the same ones for facts of their own.

    A back end that has seen others for another kind is named with the kinds.
    """
    borrowed = {backend.name: backend.borrows for backend in run.manifest.backends}
    by_articles: dict[frozenset[str], list[str]] = {}
    for on_set in run.scores.backends:
        if on_set.goldset == goldset.name:
            own: dict[frozenset[str], list[str]] = {}
            for kind, names in on_set.seen.items():
                if kind not in borrowed[on_set.backend]:
                    own.setdefault(frozenset(names), []).append(KIND_WORDS[kind])
            for seen, kinds in own.items():
                apart = f" ({', '.join(kinds)})" if len(own) > 1 else ""
                by_articles.setdefault(seen, []).append(on_set.backend + apart)
    for seen, backends in by_articles.items():
        sides = {
            "seen": [article.id for article in goldset.articles if article.id in seen],
            "unseen": [article.id for article in goldset.articles if article.id not in seen],
        }
        yield Dimension(
            f"Seen by {', '.join(backends)}",
            "Articles that were in sight, or trained with, while it was made; and the others, on which its "
            "numbers are worth more.",
            {name: ids for name, ids in sides.items() if ids},
        )


def _by_length(articles: Sequence[ArticleRecord]) -> Iterator[Dimension]:
    """Thirds of the articles by their length in characters."""
    lengths = sorted(article.characters for article in articles)
    if len(lengths) < 3 * FEWEST:
        return
    low, high = lengths[len(lengths) // 3 - 1], lengths[2 * len(lengths) // 3 - 1]
    classes: dict[str, list[str]] = {"short": [], "medium": [], "long": []}
    for article in articles:
        size = article.characters
        classes["short" if size <= low else "medium" if size <= high else "long"].append(article.id)
    yield Dimension(
        "Length",
        f"Thirds of the articles: short is up to {numerals.count(low)} characters, medium up to "
        f"{numerals.count(high)}, long is more.",
        {name: ids for name, ids in classes.items() if ids},
    )


def _by_phenomenon(articles: Sequence[ArticleRecord]) -> Iterator[Dimension]:
    tags: dict[str, list[str]] = {}
    for article in articles:
        for tag in article.phenomena:
            tags.setdefault(tag, []).append(article.id)
    yield Dimension(
        "Phenomena",
        "Articles in which a phenomenon occurs, by the tags of the gold files. The numbers are over all facts "
        "of these articles.",
        dict(sorted(tags.items())),
    )


def _tables(
    run: Run, goldset: GoldSetRecord, counts: Mapping[tuple[str, Kind, str], Counted]
) -> Iterator[SliceTable]:
    backends = tuple(
        dict.fromkeys(one.backend for one in run.scores.backends if one.goldset == goldset.name)
    )
    ways = dimensions(run, goldset)
    counting: list[tuple[str, str, Kind, str]] = [
        *((kind, KIND_TITLES[kind], kind, run.manifest.main_regime(kind)) for kind in KINDS),
        (JOINT, "Quotes with their speaker", "quote", JOINT),
    ]
    scored = {
        name: _scores(counts.get((goldset.name, kind, regime), {}), ways)
        for name, _, kind, regime in counting
    }
    borrowed = {backend.name: backend.borrows for backend in run.manifest.backends}
    for place, way in enumerate(ways):
        groups = []
        for group, title, kind, _ in counting:
            rows = [
                row
                for number, name in enumerate(way.members)
                if (
                    row := _row(
                        name,
                        number,
                        [
                            _Cell(
                                backend,
                                scored[group].get((backend, place, number)),
                                kind in borrowed[backend],
                                mistakes(
                                    slice=f"{goldset.name}/{place}/{number}",
                                    kind=kind,
                                    backend=backend,
                                ),
                            )
                            for backend in backends
                        ],
                    )
                )
            ]
            groups.append((group, title, tuple(rows)))
        yield SliceTable(way.title, way.caption, backends, tuple(groups))


class _Score(Struct, frozen=True):
    articles: int
    counts: Counts
    interval: Interval | None


def _scores(counted: Counted, ways: Sequence[Dimension]) -> dict[tuple[str, int, int], _Score]:
    """The scores of a kind by back end, and the places of dimension and slice."""
    inside = {}
    for place, way in enumerate(ways):
        for number, names in enumerate(way.members.values()):
            for backend, by_article in counted.items():
                counts = tuple(by_article[name] for name in names if name in by_article)
                if counts:
                    inside[backend, place, number] = counts
    drawn = _intervals(inside.values())
    return {
        which: _Score(len(counts), sum(counts, Counts()), drawn.get(counts))
        for which, counts in inside.items()
    }


def _intervals(slices: Iterable[tuple[Counts, ...]]) -> dict[tuple[Counts, ...], Interval | None]:
    """The intervals of F1 of the slices that have articles enough.

    Back ends with the same counts, such as one that borrows and its lender, share one interval.
    """
    by_draws: dict[int, dict[tuple[Counts, ...], None]] = {}
    for counts in slices:
        if len(counts) >= FEWEST:
            draws = SLICE_DRAWS if len(counts) <= MANY else SLICE_DRAWS // 5
            by_draws.setdefault(draws, {})[counts] = None
    return {
        counts: found
        for draws, some in by_draws.items()
        for counts, found in zip(some, intervals(some, draws=draws, seed=SEED), strict=True)
    }


class _Cell(Struct, frozen=True):
    """What a cell is made from; ``score`` is None where the back end was not scored."""

    backend: str
    score: _Score | None
    borrowed: bool
    href: str


def _row(name: str, number: int, cells: Sequence[_Cell]) -> SliceRow | None:
    """The row of a slice; None where no back end was scored on it, or its articles have nothing to find."""
    known = [cell.score for cell in cells if cell.score is not None]
    gold = max((score.counts.gold for score in known), default=0)
    if not gold:
        return None
    articles = max(score.articles for score in known)
    few = articles < FEWEST
    own = [
        cell.score.counts.f1
        for cell in cells
        if cell.score and cell.score.counts.f1 is not None and not cell.borrowed
    ]
    # On a few articles being ahead says nothing.
    best = max(own) if len(own) > 1 and not few else None
    shown = tuple(_shown(name, cell, best) for cell in cells)
    return SliceRow(name, articles, few, numerals.count(gold), shown, number)


def _shown(name: str, cell: _Cell, best: float | None) -> SliceCell:
    score = cell.score
    if score is None or score.counts.f1 is None:
        return SliceCell(numerals.UNDEFINED, "", best=False, borrowed=cell.borrowed)
    f1 = score.counts.f1
    if score.interval is None:
        found, whole = map(numerals.count, (score.counts.tp, score.counts.gold))
        below = f"{found} of {whole}"
    else:
        below = f"{numerals.short(score.interval.low)}–{numerals.short(score.interval.high)}"
    return SliceCell(
        numerals.short(f1),
        below,
        not cell.borrowed and f1 == best,
        cell.borrowed,
        cell.href,
        f"F1 {numerals.score(f1)}, {cell.backend} on {escape.visible(name)}: its mistakes",
    )
