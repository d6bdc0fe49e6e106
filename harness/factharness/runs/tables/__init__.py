"""The tables of a run as data: for each gold set a block for each kind, then labels and slices; then the cost.

``report/`` renders them as text, Markdown, LaTeX, JSON and HTML, ``notebook`` as HTML for a notebook. ``block``
has the types of a table, ``cells`` writes its numbers. ``kinds``, ``detail``, ``variants`` and ``cost`` make
the blocks and say which columns they have; ``notes`` are the sentences under them.
"""

from __future__ import annotations

from factharness.runs.record import Run
from factharness.runs.tables.block import Section, Tables
from factharness.runs.tables.cost import cost_block, used_block
from factharness.runs.tables.detail import (
    confusion_blocks,
    label_blocks,
    repeated_block,
    seen_block,
    slice_blocks,
)
from factharness.runs.tables.kinds import View, kind_blocks
from factharness.runs.tables.notes import left_out, notes, signatures
from factharness.runs.tables.variants import variant_blocks, variant_notes


def of_run(run: Run) -> Tables:
    """The tables of a run, from its scores alone."""
    scores = run.over_all_articles()
    views = [View(run, goldset, scores) for goldset in run.manifest.goldsets]
    return Tables(tuple(map(_section, views)), cost_block(run), used_block(run))


def _section(view: View) -> Section:
    goldset, regime = view.goldset, view.run.manifest.regimes[0]
    proposed = sum(article.unconfirmed for article in goldset.articles)
    number = len(goldset.articles)
    articles = (
        f"{number} article{'s' * (number != 1)}{f' ({proposed} unconfirmed)' if proposed else ''}"
    )
    return Section(
        goldset=goldset.name,
        title=f"{goldset.name}@{goldset.version}, {articles}, regime {regime}",
        kinds=tuple(kind_blocks(view)),
        seen=seen_block(view),
        repeated=repeated_block(view),
        variants=tuple(variant_blocks(view)),
        labels=tuple(label_blocks(view)),
        slices=tuple(slice_blocks(view)),
        confusions=tuple(confusion_blocks(view)),
        notes=(*notes(view), *variant_notes(view)),
        left_out=tuple(left_out(view)),
        signatures=tuple(signatures(view)),
    )
