"""``report.html``: one run as one file that needs no network: overview, articles, mistakes, slices.

:mod:`factharness.report.html.page` puts the file together. Each part of the page has a module here that makes
its data, a template, and where it needs them a style sheet and a script of the same name. What the labelling
page uses too is in ``web/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factharness.runs.record import Run
    from factharness.runs.side_by_side import SideBySide
    from factharness.runs.texts import Texts


def render(run: Run, texts: Texts, *, with_texts: bool = False) -> str:
    """The report on one run. ``with_texts`` embeds also the texts that may not be passed on."""
    from factharness.report.html import articles, mistakes, overview, slices
    from factharness.report.html.differences import Counting, counted
    from factharness.report.html.page import page
    from factharness.report.html.review import Reviewing
    from factharness.report.html.sides import of_run

    title = f"{run.manifest.suite} suite, {run.manifest.started[:10]}"
    sides = of_run(run)
    counting, reviewing = Counting(run), Reviewing(run, texts, with_texts=with_texts)

    def count(article: SideBySide) -> None:
        for backend, result in article.results.items():
            counting.add(backend, result)

    drawn = articles.data(sides, texts, with_texts=with_texts, listeners=(count, reviewing.add))
    counts = counting.counts if drawn else counted(run)
    parts = [
        overview.part(run, counts),
        articles.part(sides),
        mistakes.part(sides),
        slices.part(run, counts),
    ]
    data = {
        **overview.data(run),
        **drawn,
        "review": reviewing.review,
        "slices": slices.data(run),
    }
    return page(title, parts, data)
