"""Applies the rules of a gate to a run: one result per rule, and one exit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from msgspec import Struct

from factharness.errors import HarnessError, Incomparable, SuiteError
from factharness.facts import KINDS
from factharness.gate.baseline import Baseline, Found, blessing
from factharness.gate.changes import Changes, changes, comparable
from factharness.gate.coverage import not_whole
from factharness.gate.numbers import Numbers
from factharness.gate.results import Judge, Result
from factharness.gate.rules import Drop, Errors, New, Rule, parse
from factharness.runs.record import Run

BASELINE = "baseline"
"""The name of a further result: the baseline cannot be compared, or has what the run lacks."""

CODES = (2, 3, 4, 1)
"""Exit codes of a verdict that has not passed: the verdict gets the first of these that a result has."""


class Verdict(Struct, frozen=True):
    """The results of a gate.

    ``baseline`` and ``changes`` are None without a baseline that can be compared with the run. ``notes`` do not
    fail the gate.
    """

    results: tuple[Result, ...]
    baseline: Baseline | None
    changes: Changes | None
    notes: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many rules failed."""
        return sum(result.code == 1 for result in self.results)

    @property
    def exit_code(self) -> int:
        """0, or the first of 2, 3, 4, 1 that is the code of a rule."""
        codes = {result.code for result in self.results}
        return next((code for code in CODES if code in codes), 0)

    def __str__(self) -> str:
        rules = f"{len(self.results)} rule{'s' * (len(self.results) != 1)}"
        unjudged = sum(result.code > 1 for result in self.results)
        if unjudged:
            failed = f", {self.failed} failed" if self.failed else ""
            said = f"ERROR ({unjudged} of {rules} not judged{failed})"
        elif self.failed:
            said = f"FAIL ({self.failed} of {rules})"
        else:
            said = f"PASS ({rules})"
        return f"RESULT: {said} exit {self.exit_code}"


def judge(
    run: Run, rules: Sequence[str], baseline: Found, *, allow_missing_baseline: bool = False
) -> Verdict:
    """Apply ``rules`` to a run. Reads and writes no file except those of the run.

    ``baseline`` is a baseline, the error why it cannot be used, or None. When it is None,
    ``allow_missing_baseline`` leaves out the rules that need a baseline, if other rules are left. Raises
    ``SuiteError`` when there are no rules.
    """
    if not rules:
        raise SuiteError(
            "the suite has no rules, so there is nothing to check",
            file=run.manifest.suite_path,
            remedy="write rules under [gate], see docs/ci.md, or give --rule; a run with --gold has none",
        )
    parsed = [_parsed(text) for text in rules]
    problem = not_whole(run)
    if problem is not None:
        return Verdict(tuple(_refused(rule, problem) for rule in parsed), None, None, ())
    left_out: list[Rule] = []
    if baseline is None and allow_missing_baseline:
        left_out = [rule for rule in parsed if _needs_baseline(rule)]
        if len(left_out) < len(parsed):
            parsed = [rule for rule in parsed if rule not in left_out]
        else:
            left_out = []
    usable, found = None, None
    if isinstance(baseline, Baseline):
        try:
            comparable(run, baseline)
            usable, found = baseline, changes(run, baseline)
        except Incomparable as error:
            baseline = error
    allowed = any(isinstance(rule, Errors) for rule in parsed)
    unusable = baseline if isinstance(baseline, Incomparable) else None
    numbers = Numbers(run, usable, found)
    judge = Judge(numbers, usable, found, unusable=unusable, failures_allowed=allowed)
    results = [rule if isinstance(rule, Result) else judge.result(rule) for rule in parsed]
    if unusable is not None:
        results.append(Result.unjudged(BASELINE, unusable))
    elif found and found.gone:
        cure = f"{usable} has them; if they are meant to be gone: {blessing(run)}"
        results.append(Result(BASELINE, (*found.gone, cure), 1))
    return Verdict(tuple(results), usable, found, tuple(_notes(run, usable, found, left_out)))


def _needs_baseline(rule: Rule | Result) -> TypeGuard[Rule]:
    if isinstance(rule, Drop):
        return not rule.measure.variant
    return isinstance(rule, New)


def _parsed(text: str) -> Rule | Result:
    try:
        return parse(text)
    except SuiteError as error:
        return Result.unjudged(text, error)


def _refused(rule: Rule | Result, problem: HarnessError) -> Result:
    """The result of a rule when the run is not checked at all; a rule that cannot be read keeps its error."""
    if isinstance(rule, Result):
        return rule
    return Result.unjudged(rule.text, problem)


def _notes(
    run: Run, baseline: Baseline | None, found: Changes | None, left_out: Sequence[Rule]
) -> Iterator[str]:
    for rule in left_out:
        yield f"left out, as there is no baseline: {rule.text}"
    for goldset in run.manifest.goldsets:
        if goldset.skipped:
            first, number = goldset.skipped[0], len(goldset.skipped)
            absent = "1 article is" if number == 1 else f"{number} articles are"
            yield (
                f"{goldset.name}: {absent} not here in full; "
                f"{first.id}: {first.reason}; {first.remedy}"
            )
    cached = [one for one in run.scores.backends if one.cached]
    if cached:
        shares = ", ".join(
            f"{one.goldset}/{one.backend} ({one.cached} of {one.articles + len(one.errors)})"
            for one in cached
        )
        yield f"predictions from the cache, by the fingerprints of the back ends: {shares}"
    if baseline is None or found is None:
        return
    for place, articles in baseline.errors.items():
        if articles:
            named = f"{len(articles)} article{'s' * (len(articles) != 1)}"
            yield f"{place} failed on {named} in the baseline: nothing is compared there"
    for goldset_name, article in found.added:
        yield f"{goldset_name}/{article} is new since the baseline; drops are measured without it"
    for on_set in run.scores.backends:
        name = f"{on_set.goldset}/{on_set.backend}"
        if name not in baseline.signatures:
            yield f"{name} is not in the baseline; no drop of it can be measured"
    for backend in run.manifest.backends:
        then = baseline.kinds.get(backend.name)
        if then is None or backend.unavailable:
            continue
        for kind in KINDS:
            if kind in then and kind not in backend.kinds:
                yield f"{backend.name} no longer claims the kind {kind!r}"
            elif kind in backend.kinds and kind not in then:
                yield f"{backend.name} did not claim the kind {kind!r} in the baseline"
