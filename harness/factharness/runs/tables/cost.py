"""What back ends cost: seconds, memory, and what they say that they used."""

from __future__ import annotations

from collections import Counter

from factharness.runs.record import Run
from factharness.runs.tables.block import BACKEND, Block, Column, Row, Value
from factharness.runs.tables.kinds import NAME


def cost_block(run: Run) -> Block:
    """What each back end cost, over all gold sets. Loading is not part of the seconds."""
    rows = []
    for backend in run.manifest.backends:
        on_sets = [one for one in run.scores.backends if one.backend == backend.name]
        if not on_sets:
            continue
        seconds = sum(one.seconds for one in on_sets)
        errors = sum(len(one.errors) for one in on_sets)
        articles = sum(one.articles for one in on_sets) + errors
        values: dict[str, Value] = {
            BACKEND: backend.name,
            "articles": articles,
            "errors": errors,
            "cached": sum(one.cached for one in on_sets),
            "seconds": seconds,
            "rate": articles / seconds if seconds else None,
            "load_seconds": backend.load_seconds if not backend.composed else None,
            "memory": None if backend.memory is None else round(backend.memory),
        }
        rows.append(Row(values))
    columns = (
        NAME,
        Column("articles", "articles", "count"),
        Column("errors", "errors", "count"),
        Column(
            "cached",
            "from cache",
            "count",
            meaning="from cache: articles whose facts, and seconds, are those of an earlier run.",
        ),
        Column(
            "seconds",
            "seconds",
            "seconds",
            meaning="seconds: of reading the articles, without loading; of one made of others, their sum.",
        ),
        Column("rate", "articles/s", "rate"),
        Column(
            "load_seconds",
            "load s",
            "seconds",
            meaning="load s: seconds to load the back end; 0.00 where all was in the cache.",
        ),
        Column(
            "memory",
            "MB",
            "count",
            meaning=(
                "MB: how much the memory of the process grew with it, loading included; – where it did not "
                "run, or ran in other processes."
            ),
        ),
    )
    return Block("cost", "Cost", columns, tuple(rows))


def used_block(run: Run) -> Block | None:
    """What each back end says that it used, over all gold sets: tokens, money; None where none says so."""
    totals: dict[str, Counter[str]] = {}
    for one in run.scores.backends:
        totals.setdefault(one.backend, Counter()).update(one.used)
    names = list(dict.fromkeys(name for used in totals.values() for name in used))
    if not names:
        return None
    rows = tuple(Row({BACKEND: backend, **used}) for backend, used in totals.items() if used)
    meaning = (
        "What was used is what the back ends say; for articles from the cache, what they took then."
    )
    columns = [Column(name, name, "amount", meaning=meaning) for name in names]
    return Block("used", "Used", (NAME, *columns), rows)
