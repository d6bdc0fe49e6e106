"""Says how the F1 of each back end and kind moved since the baseline, and whether by more than chance.

A baseline has the counts of every article, so a movement is tested as a difference of two runs is: over the
articles that both scored. It needs no rule, unlike :mod:`factharness.gate.results`.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import KINDS
from factharness.gate.judge import Verdict
from factharness.gate.numbers import Number, Numbers
from factharness.runs.record import Run
from factharness.score import ALL
from factharness.signature import SEED

LEVEL = 0.05
"""A p of at most this is called more than chance."""


class Movement(Struct, frozen=True):
    """The F1 of a back end for a kind on a gold set, over all labels, under the first regime.

    ``now`` is the F1 over all articles of the run; None when it is undefined or missing. ``change`` is its
    difference to the baseline over the ``articles`` that both scored, and ``p`` the two-sided p of the paired
    test, by Holm's correction over all movements of the run. When there is no change to be tested, both are
    None, and ``why`` says why.
    """

    number: Number
    now: float | None
    articles: int = 0
    change: float | None = None
    p: float | None = None
    why: str = ""

    @property
    def more_than_chance(self) -> bool | None:
        """Whether the change is more than chance; None when it cannot be tested."""
        return None if self.p is None else self.p <= LEVEL


def movements(run: Run, verdict: Verdict) -> list[Movement]:
    """A movement for each gold set, back end and kind that the back end claims, in the order of the suite."""
    from factharness.score.stats import holm

    numbers = Numbers(run, verdict.baseline, verdict.changes)
    made = [_movement(number, numbers, verdict) for number in _all(run, numbers)]
    tested = [one for one in made if one.p is not None]
    adjusted = iter(holm([one.p for one in tested if one.p is not None]))
    return [one if one.p is None else replace(one, p=next(adjusted)) for one in made]


def _all(run: Run, numbers: Numbers) -> Iterator[Number]:
    for goldset in run.manifest.goldsets:
        for backend in run.manifest.backends:
            for kind in KINDS:
                if numbers.claims(backend.name, kind):
                    regime = run.manifest.main_regime(kind)
                    yield Number(goldset.name, backend.name, kind, ALL, regime, "f1")


def _movement(number: Number, numbers: Numbers, verdict: Verdict) -> Movement:
    from factharness.score.stats import compare

    missing = numbers.missing(*number.task)
    if missing is not None:
        return Movement(number, None, why=missing)
    now = Movement(number, numbers.value(number))
    baseline = verdict.baseline
    if baseline is None:
        return replace(now, why="there is no baseline that can be compared with this run")
    if number.kind not in baseline.kinds.get(number.backend, ()):
        return replace(
            now, why=f"{baseline} does not know the kind {number.kind!r} of {number.backend}"
        )
    then, after = numbers.then(number), numbers.now(number)
    common = sorted(then.keys() & after.keys())
    if not common:
        return replace(now, why=f"{baseline} has no article that was scored now")
    found = compare(
        [then[article] for article in common], [after[article] for article in common],
        metric="f1", seed=SEED,
    )  # fmt: skip
    if found.difference is None:
        return replace(now, articles=len(common), why="F1 is undefined, now or in the baseline")
    return replace(now, articles=len(common), change=found.difference, p=found.p)
