"""Writes the figures of agreement as text: data in, text out."""

from __future__ import annotations

from collections.abc import Iterator

from factharness import escape
from factharness.agreement.measure import LEVELS, Agreement
from factharness.agreement.pairs import WORDS_ONLY
from factharness.facts import KINDS

UNDEFINED = "–"


def tables(agreement: Agreement, style: str = "simple") -> str:
    """F1 by layer and label, α by layer, accuracies, firm against don't care, and a row per article when
    there are several; ``style`` is a table format of tabulate."""
    from tabulate import tabulate

    shown = escape.markdown if style == "github" else escape.line
    rows = [
        [row.kind, shown(row.label), row.a, row.b, *(_figure(row.f1(level)) for level in LEVELS)]
        for row in agreement.rows
    ]
    alphas = [
        [row.kind, _figure(row.with_outside), _figure(row.without_outside)]
        for row in agreement.alphas
    ]
    shares = [
        [row.kind, row.what, row.agreeing, row.pairs, _figure(row.share)]
        for row in agreement.accuracies
    ]
    firm = [
        [row.kind, row.firm, row.firm_a, row.firm_b, row.both, row.alone]
        for row in agreement.firmness
    ]
    parts = [
        tabulate(
            rows,
            ["layer", "label", "a", "b", *(f"F1 {level}" for level in LEVELS)],
            tablefmt=style,
            disable_numparse=True,
            colalign=("left", "left", *["right"] * 5),
        ),
        tabulate(
            alphas,
            ["layer", "α with O", "α without O"],
            tablefmt=style,
            disable_numparse=True,
            colalign=("left", "right", "right"),
        ),
        tabulate(
            shares,
            ["layer", "of matched pairs, same", "agreeing", "pairs", "accuracy"],
            tablefmt=style,
            disable_numparse=True,
            colalign=("left", "left", "right", "right", "right"),
        ),
        tabulate(
            firm,
            [
                "layer",
                "firm in both",
                "firm in a, ? in b",
                "? in a, firm in b",
                "? in both",
                "? alone",
            ],
            tablefmt=style,
            disable_numparse=True,
            colalign=("left", *["right"] * 5),
        ),
    ]
    if agreement.articles > 1:
        articles = [
            [
                shown(row.article),
                row.a,
                row.b,
                *(_figure(row.f1(kind)) for kind in KINDS),
                row.disagreements,
            ]
            for row in agreement.by_article
        ]
        headings = ["article", "a", "b", *(f"F1 exact {kind}" for kind in KINDS), "disagreements"]
        parts.append(
            tabulate(
                articles,
                headings,
                tablefmt=style,
                disable_numparse=True,
                colalign=("left", *["right"] * (len(headings) - 1)),
            )
        )
    return "\n\n".join([_head(agreement), *parts])


def _head(agreement: Agreement) -> str:
    """How many disagreements there are, and how many of those the tables do not count."""
    listed = agreement.disagreements
    words_only = sum(WORDS_ONLY.issuperset(each.what) for each in listed)
    more = f", {words_only} of them only in the words for the same speaker or cue" * bool(
        words_only
    )
    articles = "1 article" if agreement.articles == 1 else f"{agreement.articles} articles"
    differences = "1 disagreement" if len(listed) == 1 else f"{len(listed)} disagreements"
    return f"{articles}, {differences}{more}"


def disagreements(agreement: Agreement) -> Iterator[str]:
    """One block per disagreement: what differs, then the line and the words of each side."""
    for each in agreement.disagreements:
        yield ""
        yield f"{each.article}: {each.kind}: {', '.join(each.what)}"
        for side, line, words in (("a", each.a_line, each.a), ("b", each.b_line, each.b)):
            yield f"  {side}: {UNDEFINED}" if words is None else f"  {side}:{line}: {words}"


def _figure(value: float | None) -> str:
    return UNDEFINED if value is None else f"{value:.3f}"
