"""``report.html``: one run as one file that needs no network: overview, articles, mistakes, slices.

:mod:`factharness.report.html.page` puts the file together. Each part of the page has a module here that makes
its data, a template, and where it needs them a style sheet and a script of the same name. What the labelling
page uses too is in ``web/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from factharness.runs.record import Run
    from factharness.runs.texts import Texts


def render(run: Run, texts: Texts, *, with_texts: bool = False) -> str:
    """The report on one run. ``with_texts`` embeds also the texts that may not be passed on."""
    from factharness.report import FORMATS
    from factharness.report.html import (
        articles,
        differences,
        mistakes,
        overview,
        review,
        slices,
        tables,
    )
    from factharness.report.html.page import Part, page
    from factharness.report.html.sides import of_run

    title = f"{run.manifest.suite} suite, {run.manifest.started[:10]}"
    counts = differences.counted(run)
    sides = of_run(run)
    parts = [
        Part("overview", "Overview", overview.context(run, counts)),
        articles.part(sides),
        mistakes.part(sides),
        Part("slices", "Slices", slices.context(run, counts)),
    ]
    data = {
        "scores": tables.stored(run),
        "slices": slices.members(run),
        "markdown": FORMATS["md"]([run]),
        **articles.data(sides, texts, with_texts=with_texts),
        "review": review.data(run, texts, with_texts=with_texts),
    }
    return page(title, parts, data)
