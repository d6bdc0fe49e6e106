"""Computes the slow parts of the page of a run: those that need the large files of the run, or random draws."""

from __future__ import annotations

from msgspec import Struct

from factharness.facts import Kind
from factharness.kept import Kept
from factharness.report.html import articles, differences, shown, slices
from factharness.report.html.differences import ComparedMeasure, Counting, counted
from factharness.report.html.review import Review, Reviewing
from factharness.report.html.sides import of_run
from factharness.runs.record import Run
from factharness.runs.side_by_side import Name, SideBySide
from factharness.runs.texts import Texts
from factharness.score import Counts


class Contents(Struct):
    """The slow parts of the page.

    ``drawn`` has the articles, as :func:`factharness.report.html.articles.data` gives them; ``review`` the gold
    to look at again. ``counts`` are the counts per article by gold set, kind, regime, back end and article;
    ``compared`` the differences and ``slices`` the tables of slices, by gold set. ``shown`` are the articles
    that are drawn; None stands for all.
    """

    drawn: dict[str, bytes]
    review: Review
    counts: list[tuple[str, Kind, str, dict[str, dict[str, Counts]]]]
    compared: dict[str, list[ComparedMeasure]]
    shown: list[Name] | None
    slices: list[tuple[slices.SliceTable, ...]]


def contents(
    run: Run, texts: Texts, kept: Kept, *, with_texts: bool, all_articles: bool
) -> Contents:
    """The slow parts of the page; ``kept`` has those of earlier runs with the same results.

    They depend on the large files of the run and on the gold files as they are now, which are read in any case.
    """
    few = kept.of_few(sum(len(goldset.articles) for goldset in run.manifest.goldsets))
    return few.of(
        "contents of a page",
        lambda: (
            run.timeless(),
            run.scores.backends,
            run.scores.leads,
            run.hashes(),
            texts.hashes(),
            with_texts,
            all_articles,
        ),
        Contents,
        lambda: _contents(run, texts, with_texts=with_texts, all_articles=all_articles),
    )


def _contents(run: Run, texts: Texts, *, with_texts: bool, all_articles: bool) -> Contents:
    counting, reviewing = Counting(run), Reviewing(run, texts, with_texts=with_texts)

    def count(article: SideBySide) -> None:
        for backend, result in article.results.items():
            counting.add(backend, result)

    # A run of which only some articles are drawn is read once more: the counts say which ones.
    counts = counted(run) if shown.limited(run) and not all_articles else None
    only = None if counts is None else shown.by_mistakes(run, counts)
    listeners = [reviewing.add] if counts is not None else [count, reviewing.add]
    drawn = articles.data(of_run(run), texts, with_texts=with_texts, only=only, listeners=listeners)
    if counts is None:
        counts = counting.counts if drawn else counted(run)
    asked = differences.measures(run.manifest)
    return Contents(
        drawn,
        reviewing.review,
        [(*which, by_backend) for which, by_backend in counts.items()],
        {
            one.name: differences.compare(one.name, counts, asked, run.scores.leads)
            for one in run.manifest.goldsets
        },
        None if only is None else sorted(only),
        slices.tables(run, counts),
    )
