"""Renders runs, comparisons, trends and verdicts as text: data in, text out.

:data:`FORMATS` has the formats of ``factharness report``. The tables of a run are made in
:mod:`factharness.runs.tables`; ``layout`` makes each a ``table`` of formatted cells, which ``text`` prints as
text, Markdown or LaTeX. ``comparison``, ``effort`` and ``history`` make the tables of other commands, ``trend``
the picture of a history. ``csv``, ``json`` (with ``schema``) and ``html`` are formats of a run; ``mistakes``
has its lists of facts, ``gate`` and ``comment`` its verdict, and ``sarif`` the problems of gold files. The
columns of ``scores.csv`` are in :mod:`factharness.runs.record`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from factharness.kept import NOTHING, Kept

if TYPE_CHECKING:
    from factharness.runs.record import Run
    from factharness.runs.texts import Texts

WIDTH = 80
"""Columns of the tables in a text file."""


class RunFormat(Protocol):
    """Renders runs in a format; with ``verbose``, tables have the signatures of their numbers under them."""

    def __call__(self, runs: Sequence[Run], *, verbose: bool = False) -> str:
        """The content of the file."""


def text_tables(
    runs: Sequence[Run],
    width: int = WIDTH,
    *,
    styled: bool = False,
    detail: bool = True,
    verbose: bool = False,
    whole: bool = False,
) -> str:
    """The tables of runs as text for a terminal of ``width`` columns; see ``layout.tables``.

    ``whole`` shows all columns, also those that do not fit beside the others.
    """
    from factharness.report import layout, text

    marks = text.MARKS["styled" if styled else "text"]
    choose = layout.every if whole else layout.fitting(width)
    tables = (
        table
        for run in runs
        for table in layout.tables(run, choose, marks, detail=detail, verbose=verbose)
    )
    return text.render(tables, width, styled=styled)


def _text(runs: Sequence[Run], *, verbose: bool = False) -> str:
    return text_tables(runs, verbose=verbose) + "\n"


def _markdown(runs: Sequence[Run], *, verbose: bool = False) -> str:
    from factharness.report import layout, text

    marks = text.MARKS["markdown"]
    return text.markdown(
        table for run in runs for table in layout.tables(run, layout.every, marks, verbose=verbose)
    )


def _csv(runs: Sequence[Run], *, verbose: bool = False) -> str:  # noqa: ARG001
    from factharness.report import csv

    return csv.render(runs)


def _json(runs: Sequence[Run], *, verbose: bool = False) -> str:  # noqa: ARG001
    from factharness.report import json

    return json.render(runs)


def _latex(runs: Sequence[Run], *, verbose: bool = False) -> str:
    from factharness.report import layout, text

    marks = text.MARKS["latex"]
    return text.latex(
        table for run in runs for table in layout.tables(run, layout.narrow, marks, verbose=verbose)
    )


def _junit(runs: Sequence[Run], *, verbose: bool = False) -> str:  # noqa: ARG001
    from factharness.report import gate

    return gate.junit(runs)


def page(
    runs: Sequence[Run],
    *,
    verbose: bool = False,  # noqa: ARG001 - the page always has the signatures
    with_texts: bool = False,
    all_articles: bool = False,
) -> str:
    """``report.html``: one run as one file; ``with_texts`` embeds also texts that may not be passed on.

    ``all_articles`` draws all articles of a large run, too. Raises ``HarnessError`` for several runs.
    """
    from factharness.errors import HarnessError
    from factharness.report import html
    from factharness.runs.texts import Texts

    if len(runs) > 1:
        raise HarnessError(
            f"a page shows one run, not {len(runs)}",
            remedy="make a page of each; `factharness compare A B -o diff.html` makes one of a difference",
        )
    run, texts = runs[0], Texts(runs[0])
    return html.render(run, texts, with_texts=with_texts, all_articles=all_articles)


FORMATS: Mapping[str, RunFormat] = {
    "txt": _text,
    "md": _markdown,
    "html": page,
    "csv": _csv,
    "json": _json,
    "tex": _latex,
    "junit.xml": _junit,
}
"""Suffix of a file to the function that renders runs in that format."""


def renderings(
    run: Run, texts: Texts, *, html: bool = True, with_texts: bool = False, kept: Kept = NOTHING
) -> dict[str, str]:
    """The files for readers that every run writes into its directory beside its data: name to content.

    ``html``: with the page of the run; ``with_texts`` embeds in it also texts that may not be passed on;
    ``kept`` has what was made of the same results before.
    """
    files = {"summary.md": _markdown([run], verbose=True), "scores.csv": _csv([run])}
    if html:
        from factharness.report.html import render

        files["report.html"] = render(run, texts, with_texts=with_texts, kept=kept)
    return files
