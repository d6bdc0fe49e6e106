"""Narrows the facts of a run to some kinds, labels, sorts of mistakes, articles or words.

The command, ``Run.mistakes`` and the flips of a comparison narrow in this one way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from factharness.errors import HarnessError, unknown
from factharness.facts import KINDS, Kind
from factharness.runs.mistakes import WHATS, Mistake, What
from factharness.runs.record import FactRef, Run
from factharness.score import ALL
from factharness.text import fold

Asked: TypeAlias = str | Sequence[str] | None
"""One value, several, or none, which asks for everything."""


class Filter(Struct, frozen=True):
    """Lets a fact pass that has one of the values of each list; an empty list lets everything pass.

    ``articles`` are gold sets and ids, ``patterns`` are searched in the words, capitals or not.
    """

    kinds: tuple[Kind, ...] = ()
    labels: tuple[str, ...] = ()
    whats: tuple[What, ...] = ()
    articles: frozenset[tuple[str, str]] | None = None
    patterns: tuple[re.Pattern[str], ...] = ()

    def admits(self, mistake: Mistake) -> bool:
        """Whether a mistake passes; of its two labels, one is enough, as with its words."""
        return (not self.whats or mistake.what in self.whats) and self.admits_fact(
            mistake.goldset,
            mistake.article,
            mistake.kind,
            (mistake.label, mistake.predicted),
            (mistake.gold, mistake.pred),
        )

    def admits_fact(
        self,
        goldset: str,
        article: str,
        kind: Kind,
        labels: Collection[str | None],
        facts: Iterable[FactRef | None],
    ) -> bool:
        """Whether a fact passes that has these labels and these forms, in gold and in predictions."""
        if self.kinds and kind not in self.kinds:
            return False
        if self.labels and not any(label in self.labels for label in labels):
            return False
        if self.articles is not None and (goldset, article) not in self.articles:
            return False
        return not self.patterns or any(
            pattern.search(words)
            for fact in facts
            if fact is not None
            for words in _words(fact)
            for pattern in self.patterns
        )


def narrowed(
    *runs: Run,
    kind: Asked = None,
    label: Asked = None,
    what: Asked = None,
    article: Asked = None,
    grep: Asked = None,
) -> Filter:
    """A filter of the facts of ``runs``. Raises ``HarnessError`` for a value that nothing in them can have.

    ``article`` is an id, or ``SET/ID``; ``grep`` a regular expression, searched in the words, speaker, cue and
    value of a fact, whatever their capitals, apostrophes and spaces.
    """
    pairs = [
        (goldset.name, one.id)
        for run in runs
        for goldset in run.manifest.goldsets
        for one in goldset.articles
    ]
    ids = {name for pair in pairs for name in (pair[1], "/".join(pair))}
    named = _known("article", article, ids)
    wanted = frozenset(pair for pair in pairs if pair[1] in named or "/".join(pair) in named)
    return Filter(
        _known("kind", kind, KINDS),  # type: ignore[arg-type]
        _known("label", label, set().union(*map(labels_of, runs))),
        _known("sort of mistake", what, WHATS),  # type: ignore[arg-type]
        wanted or None,
        tuple(map(_pattern, _several(grep))),
    )


def labels_of(run: Run) -> set[str]:
    """The labels under which facts of a run are counted, and those that its label maps do not know."""
    counted = {score.row.label for score in run.scores.scores} - {ALL}
    return counted.union(*(on_set.unmapped for on_set in run.scores.backends))


def _several(asked: Asked) -> tuple[str, ...]:
    if asked is None:
        return ()
    return (asked,) if isinstance(asked, str) else tuple(asked)


def _known(name: str, asked: Asked, known: Collection[str]) -> tuple[str, ...]:
    for value in (values := _several(asked)):
        if value not in known:
            message, remedy = unknown(name, value, known)
            raise HarnessError(message, remedy=remedy)
    return values


def _pattern(source: str) -> re.Pattern[str]:
    try:
        return re.compile(fold(source), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise HarnessError(
            f"{source!r} is not a regular expression: {error}",
            remedy="write a backslash before ( ) [ ] * + ? . that stand for themselves",
        ) from error


def _words(fact: FactRef) -> list[str]:
    parts = (fact.words, fact.speaker, fact.speaker_name, fact.cue, fact.value)
    return [fold(part) for part in parts if part]
