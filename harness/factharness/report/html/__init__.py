"""``report.html``: one run as one file that needs no network: overview, articles, mistakes, slices.

``page`` puts the file together, ``contents`` reads what it is made from. Each part of the page has a module
here that makes its data (``overview``, ``articles``, ``mistakes``, ``slices``), a template, and where it needs
them a style sheet and a script of the same name. Of the overview, ``sentences``, ``tables``, ``charts``,
``grids``, ``differences`` and ``verdict`` make what their names say, and ``numerals`` writes its numbers.
``sides`` are the back ends that stand side by side, ``facts`` is what the page knows of an article, ``shown``
chooses the articles of a large run, and ``review`` the gold to look at again. ``difference`` is the page of
``factharness compare``. What the labelling page uses too is in ``web/``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from factharness.kept import NOTHING, Kept

if TYPE_CHECKING:
    from factharness.runs.record import Run
    from factharness.runs.texts import Texts


def render(
    run: Run,
    texts: Texts,
    *,
    with_texts: bool = False,
    all_articles: bool = False,
    kept: Kept = NOTHING,
) -> str:
    """The report on one run. ``with_texts`` embeds also the texts that may not be passed on; ``all_articles``
    draws all articles of a large run, too; ``kept`` has what was made of the same results before."""
    from factharness.report.html import articles, mistakes, overview, shown, slices
    from factharness.report.html.contents import contents
    from factharness.report.html.page import page
    from factharness.report.html.sides import of_run

    title = f"{run.manifest.suite} suite, {run.manifest.started[:10]}"
    sides = of_run(run)
    made = contents(run, texts, kept, with_texts=with_texts, all_articles=all_articles)
    counts = {(goldset, kind, regime): some for goldset, kind, regime, some in made.counts}
    only = None if made.shown is None else frozenset(made.shown)
    parts = [
        overview.part(run, counts, made.compared, only),
        articles.part(sides),
        mistakes.part(sides),
        slices.part(run, made.slices),
    ]
    data = {
        **overview.data(run),
        **made.drawn,
        "review": made.review,
        "slices": slices.data(run, only),
    }
    return page(title, parts, data, note="" if only is None else shown.note(run))
