"""Applies one rule to the numbers of a run; :mod:`factharness.gate.judge` does so for all rules of a gate.

A rule passes only when all its numbers are in the run; a number that should be there and is missing fails the
rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from factharness.errors import HarnessError, Incomparable, SuiteError, unknown
from factharness.facts import KINDS
from factharness.gate.baseline import Baseline, blessing
from factharness.gate.baseline import place as baseline_place
from factharness.gate.changes import Changes
from factharness.gate.numbers import Missing, Number, Numbers
from factharness.gate.rules import (
    COMPARE,
    DIGITS,
    Against,
    Drop,
    Errors,
    Measure,
    New,
    Rule,
    Threshold,
    mistake,
)
from factharness.score import ALL, Counts
from factharness.signature import SEED


class Result(Struct, frozen=True):
    """The result of a rule.

    ``code`` is 0 when the rule holds, and 1 when it fails; ``failures`` then has a line for each number that is
    missing or breaks the rule. When the rule could not be applied, ``failures`` says why, and ``code`` is 2
    (the rule cannot be read, or names something unknown), 3 (nothing was scored) or 4 (the baseline is missing
    or cannot be compared, or the run is not of the whole suite).
    """

    rule: str
    failures: tuple[str, ...] = ()
    code: int = 0

    @classmethod
    def unjudged(cls, rule: str, error: HarnessError) -> Result:
        """The result of a rule that could not be applied."""
        return cls(rule, tuple(str(error).splitlines()), error.exit_code)

    @property
    def passed(self) -> bool:
        """Whether the rule holds for all its numbers."""
        return self.code == 0

    @property
    def word(self) -> str:
        """``pass``, ``FAIL``, or ``ERROR`` when the rule could not be applied."""
        return {0: "pass", 1: "FAIL"}.get(self.code, "ERROR")


class _Findings(Struct):
    """What was found while a rule was applied.

    ``seen`` counts the numbers that were compared. ``failures`` has a sentence for each number that breaks the
    rule, ``lacking`` one for each number that the baseline lacks; these fail the rule only when nothing was
    compared.
    """

    seen: int = 0
    failures: list[str] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)


class Judge:
    """Applies rules to the numbers of a run, and of its baseline when there is one."""

    def __init__(
        self,
        numbers: Numbers,
        baseline: Baseline | None,
        found: Changes | None,
        *,
        unusable: HarnessError | None = None,
        failures_allowed: bool,
    ) -> None:
        self.numbers, self.baseline, self.changes = numbers, baseline, found
        self.unusable = unusable
        """Why the baseline that there is cannot be used."""
        self.failures_allowed = failures_allowed
        """Whether the gate has an ``errors`` rule; without one, no article may fail."""

    def result(self, rule: Rule) -> Result:
        """Apply a rule."""
        findings = _Findings()
        try:
            if isinstance(rule, Threshold):
                self._threshold(rule, findings)
            elif isinstance(rule, Against):
                self._against(rule, findings)
            elif isinstance(rule, Errors):
                self._errors(rule, findings)
            elif isinstance(rule, Drop) and rule.measure.variant:
                self._costs(rule, findings)
            elif self.baseline is None or self.changes is None:
                raise self.unusable or Incomparable(
                    f"there is no baseline {baseline_place(self.numbers.run)}",
                    remedy=f"make one with {blessing(self.numbers.run)}",
                )
            elif isinstance(rule, Drop):
                self._drops(rule, self.baseline, findings)
            else:
                self._new(rule, self.baseline, self.changes, findings)
        except HarnessError as error:
            return Result.unjudged(rule.text, error)
        return _result(rule, findings)

    def _threshold(self, rule: Threshold, findings: _Findings) -> None:
        for number in self._there(rule, rule.measure, findings):
            findings.seen += 1
            value = self.numbers.value(number)
            if value is None:
                findings.failures.append(f"{number} is undefined")
            elif not rule.compare.holds(value):
                findings.failures.append(f"{number} = {value:.{DIGITS}f}, not {rule.compare}")

    def _against(self, rule: Against, findings: _Findings) -> None:
        place = rule.text.rindex(str(rule.other))
        numbers = self._there(rule, rule.measure, findings)
        others = self._there(rule, rule.other, findings, place)
        if numbers == others and len(numbers) == 1 and not findings.failures:
            raise mistake(
                rule.text, place, f"{numbers[0]} is compared with itself", "name another measure"
            )
        pairs = [
            (number, other)
            for number in numbers
            for other in others
            if number.goldset == other.goldset and number != other
        ]
        findings.seen += len(pairs)
        for number, other in pairs:
            mine, theirs = self.numbers.value(number), self.numbers.value(other)
            if mine is None or theirs is None:
                findings.failures.append(f"{number if mine is None else other} is undefined")
            elif not COMPARE[rule.sign](round(mine, DIGITS), round(theirs, DIGITS)):
                findings.failures.append(
                    f"{number} = {mine:.{DIGITS}f}, not {rule.sign} {other} = {theirs:.{DIGITS}f}"
                )

    def _drops(self, rule: Drop, baseline: Baseline, findings: _Findings) -> None:
        for number in self._there(rule, rule.measure, findings):
            kinds = baseline.kinds.get(number.backend)
            if kinds is None or number.kind not in kinds:
                of_kind = "" if kinds is None else f" with the kind {number.kind!r}"
                findings.lacking.append(f"{baseline} does not know {number.backend}{of_kind}")
                continue
            then, now = self.numbers.then(number), self.numbers.now(number)
            common = sorted(then.keys() & now.keys())
            if not common and (then or self.numbers.lost(number.task)):
                findings.failures.append(f"{number}: no article that {baseline} has was scored")
                continue
            before, after = [then[a] for a in common], [now[a] for a in common]
            was, value = number.of(before), number.of(after)
            if number.of(list(then.values())) is None:
                findings.lacking.append(f"{baseline} has no {number}")
                continue
            findings.seen += 1
            if was is None:
                findings.failures.append(
                    f"{number} cannot be measured: no article that gave it in {baseline} was scored"
                )
                continue
            if value is None:
                findings.failures.append(f"{number} is undefined and was {was:.{DIGITS}f}")
                continue
            drop = round(was, DIGITS) - round(value, DIGITS)
            said = f"{number} dropped by {drop:.{DIGITS}f}, from {was:.{DIGITS}f} to {value:.{DIGITS}f}"
            findings.failures += _too_far(rule, drop, before, after, said, "is worse now")

    def _costs(self, rule: Drop, findings: _Findings) -> None:
        """Measure a drop from the plain articles to a variant of them."""
        for number in self._there(rule, rule.measure, findings):
            plain = replace(number, variant="")
            before, after = self.numbers.now(plain), self.numbers.now(number)
            common = sorted(before.keys() & after.keys())
            sides = [before[a] for a in common], [after[a] for a in common]
            was, value = (number.of(side) for side in sides)
            findings.seen += 1
            if was is None or value is None:
                findings.failures.append(f"{plain if was is None else number} is undefined")
                continue
            drop = round(was, DIGITS) - round(value, DIGITS)
            said = f"{number} is lower by {drop:.{DIGITS}f}, {value:.{DIGITS}f} against {was:.{DIGITS}f}"
            findings.failures += _too_far(rule, drop, *sides, said, "is worse in this variant")

    def _errors(self, rule: Errors, findings: _Findings) -> None:
        coverage = self.numbers.coverage
        for on_set in self.numbers.run.scores.backends:
            if not on_set.errors and not on_set.articles:
                why = coverage.unscored(on_set.goldset, on_set.backend)
                findings.failures.append(f"{on_set.goldset}/{on_set.backend}: {why}")
        for part in (self.numbers.run, *self.numbers.run.variants()):
            variant = f"[{part.manifest.variant}]" if part.manifest.variant else ""
            for on_set in part.scores.backends:
                failed = len(on_set.errors)
                tried = failed + on_set.articles
                if not tried:
                    continue
                findings.seen += 1
                value = 100 * failed / tried if rule.percent else float(failed)
                if not rule.compare.holds(value):
                    share = f" ({value:.1f} %)" if rule.percent else ""
                    findings.failures.append(
                        f"{on_set.goldset}/{on_set.backend}{variant}: "
                        f"{failed} of {tried} articles failed{share}"
                    )
        for backend in coverage.backends.values():
            if backend.unavailable:
                findings.failures.append(f"{backend.name} is unavailable: {backend.unavailable}")

    def _new(self, rule: New, baseline: Baseline, found: Changes, findings: _Findings) -> None:
        labels = {kind: self.numbers.labels(kind) for kind in KINDS}
        kinds = [kind for kind in KINDS if rule.label in (None, ALL, *labels[kind])]
        if not kinds:
            known = set().union(*labels.values())
            assert rule.label is not None
            place = rule.text.index(rule.label, rule.text.index("("))
            raise mistake(rule.text, place, *unknown("label", rule.label, known))
        tasks = [task for task in sorted(self.numbers.blessed) if task[2] in kinds]
        if not tasks:
            findings.lacking.append(f"{baseline} has no facts of this kind")
        for goldset, backend, kind in tasks:
            why = self.numbers.missing(goldset, backend, kind)
            if why is None and self.numbers.lost((goldset, backend, kind)):
                why = f"{goldset}/{backend}: no article that {baseline} has was scored"
            findings.failures += [why] if why else self._failed(goldset, backend, "")
            findings.seen += 1
        broken = [
            one
            for one in found.broken
            if one.what == rule.what and rule.label in (None, ALL, one.fact.label)
        ]
        if not rule.compare.holds(len(broken)):
            word = "missed" if rule.what == "misses" else "wrong"
            findings.failures.append(f"{len(broken)} {word} since the baseline")

    def _there(
        self,
        rule: Threshold | Against | Drop,
        measure: Measure,
        findings: _Findings,
        place: int = -1,
    ) -> list[Number]:
        """The numbers that a measure stands for; those that the run lacks are added to the failures.

        ``place`` is the offset of the measure in the rule; by default it is the first measure.
        """
        if place < 0:
            place = rule.text.index(str(measure))
        numbers = []
        for one in self.numbers.expected(rule.text, measure, place):
            if isinstance(one, Missing):
                findings.failures.append(one.why)
            else:
                numbers.append(one)
        for scored in sorted({(one.goldset, one.backend, one.variant) for one in numbers}):
            findings.failures += self._failed(*scored)
        return numbers

    def _failed(self, goldset: str, backend: str, variant: str) -> list[str]:
        """A sentence when a back end failed on articles and no rule says how many may."""
        failed = self.numbers.failed(goldset, backend, variant)
        if self.failures_allowed or not failed:
            return []
        others = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
        where = f" in the variant {variant}" if variant else ""
        return [
            f"{backend} failed on {goldset}/{failed[0]}{others}{where}, and no `errors` rule allows any"
        ]


def _result(rule: Rule, findings: _Findings) -> Result:
    if findings.failures:
        return Result(rule.text, tuple(dict.fromkeys(findings.failures)), 1)
    if findings.seen:
        return Result(rule.text)
    if findings.lacking:
        return Result(rule.text, tuple(dict.fromkeys(findings.lacking)), Incomparable.exit_code)
    return Result(rule.text, ("it applies to no number of this run",), SuiteError.exit_code)


def _too_far(
    rule: Drop,
    drop: float,
    before: Sequence[Counts],
    after: Sequence[Counts],
    said: str,
    worse: str,
) -> list[str]:
    """The sentence ``said`` with its p when a drop is larger than a rule allows; nothing when it may be chance.

    ``worse`` is added where the p is large although every article is worse.
    """
    if rule.compare.holds(drop):
        return []
    if rule.unless_p is None:
        return [said]
    p = _p(before, after, rule.measure.metric)
    if not rule.unless_p.holds(p):
        return [f"{said} (p = {p:.{DIGITS}f})"]
    if _worse_throughout(before, after):
        return [f"{said}; p = {p:.{DIGITS}f}, but every article that had anything right {worse}"]
    return []


def _p(before: Sequence[Counts], after: Sequence[Counts], metric: str) -> float:
    from factharness.score.stats import compare

    return compare(before, after, metric=metric, seed=SEED).p  # type: ignore[arg-type]


def _worse_throughout(before: Sequence[Counts], after: Sequence[Counts]) -> bool:
    """Whether fewer facts are right now in every article in which a fact was right before.

    With few articles even that has a large p, because there are few ways to swap the articles.
    """
    return all(now.tp < then.tp for then, now in zip(before, after, strict=True) if then.tp)
