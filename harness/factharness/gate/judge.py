"""Judging a run: each rule against its numbers, one result per rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from factharness.errors import Incomparable, SuiteError, unknown
from factharness.facts import Kind
from factharness.gate.baseline import Baseline
from factharness.gate.changes import Changes, changes, comparable
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
    parse,
)
from factharness.run.record import Run, stored_regime
from factharness.score import ALL, Counts
from factharness.signature import SEED


class Result(Struct, frozen=True):
    """A rule and why it failed: a line for each number on the wrong side; none: it held."""

    rule: str
    failures: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule held for every number it speaks of."""
        return not self.failures


class Verdict(Struct, frozen=True):
    """What a gate says of a run. ``changes`` is None without a baseline; ``notes`` are no failures."""

    results: tuple[Result, ...]
    changes: Changes | None
    notes: tuple[str, ...]

    @property
    def failed(self) -> int:
        """How many rules failed."""
        return sum(not result.passed for result in self.results)

    @property
    def exit_code(self) -> int:
        """0, or 1 when a rule failed."""
        return 1 if self.failed else 0

    def __str__(self) -> str:
        word = "FAIL" if self.failed else "PASS"
        failed = f"{self.failed} of " if self.failed else ""
        rules = len(self.results)
        return f"RESULT: {word} ({failed}{rules} rule{'s' * (rules != 1)}) exit {self.exit_code}"


class Place(Struct, frozen=True):
    """One number of a run: where its counts are, and how it is printed."""

    goldset: str
    backend: str
    kind: Kind
    label: str
    regime: str
    metric: str

    def __str__(self) -> str:
        label = "" if self.label == ALL else f".{self.label}"
        return f"{self.goldset}/{self.backend}.{self.kind}{label}.{self.regime}.{self.metric}"


def judge(run: Run, rules: Sequence[str], baseline: Baseline | None) -> Verdict:
    """Judge a run by ``rules``. Pure.

    Raises ``SuiteError`` for a rule that cannot be read or names what is not there, ``Incomparable`` when a
    rule needs a baseline and there is none, or the two must not be compared.
    """
    parsed = [parse(rule) for rule in rules]
    if baseline is None:
        for text in rules:
            if needs_baseline(text):
                raise Incomparable(
                    f"the rule {text!r} needs a baseline",
                    remedy="make one with `factharness bless RUN --reason TEXT`",
                )
        return Verdict(tuple(_Judge(run, None, None).results(parsed)), None, ())
    comparable(run, baseline)
    found = changes(run, baseline)
    judge = _Judge(run, baseline, found)
    return Verdict(tuple(judge.results(parsed)), found, tuple(_notes(run, baseline, found)))


def needs_baseline(rule: str) -> bool:
    """Whether a rule compares with a baseline. Raises ``SuiteError`` when it cannot be read."""
    return isinstance(parse(rule), Drop | New)


def _notes(run: Run, baseline: Baseline, found: Changes) -> Iterator[str]:
    for word, articles in (("new", found.added), ("gone", found.removed)):
        for goldset, article in articles:
            yield f"{goldset}/{article} is {word} since the baseline; drops are measured without it"
    known = {f"{one.goldset}/{one.backend}" for one in run.scores.backends}
    for name in sorted(baseline.signatures.keys() - known):
        yield f"{name} is in the baseline and not in this run"
    for name in sorted(known - baseline.signatures.keys()):
        yield f"{name} is not in the baseline; no drop of it can be measured"


class _Judge:
    def __init__(self, run: Run, baseline: Baseline | None, found: Changes | None) -> None:
        self.run, self.baseline, self.changes = run, baseline, found
        self.rows = {
            (s.goldset, s.backend, s.row.kind, s.row.label, s.row.regime): s.row
            for s in run.scores.scores
            if s.row.slice == ALL and s.row.average == "micro"
        }
        self._now: Mapping[tuple[str, str, Kind, str, str], dict[str, Counts]] | None = None

    def results(self, rules: Sequence[Rule]) -> Iterator[Result]:
        for rule in rules:
            yield Result(rule.text, tuple(self.failures(rule)))

    def failures(self, rule: Rule) -> Iterator[str]:
        yield from self.nothing_to_judge(rule)
        if isinstance(rule, Threshold):
            for place in self.places(rule.measure):
                value = self.value(place)
                if value is None:
                    yield f"{place} is undefined"
                elif not rule.compare.holds(value):
                    yield f"{place} = {value:.{DIGITS}f}, not {rule.compare}"
        elif isinstance(rule, Against):
            yield from self.against(rule)
        elif isinstance(rule, Drop):
            yield from self.drops(rule)
        elif isinstance(rule, Errors):
            yield from self.errors(rule)
        else:
            yield from self.new(rule)

    def nothing_to_judge(self, rule: Rule) -> Iterator[str]:
        """A rule that names a back end without the number it asks for does not hold."""
        measures = [getattr(rule, name) for name in ("measure", "other") if hasattr(rule, name)]
        for measure in measures:
            for backend in self.run.manifest.backends:
                if backend.name != measure.backend:
                    continue
                if backend.unavailable:
                    yield f"{backend.name} is unavailable: {backend.unavailable}"
                elif measure.kind not in backend.kinds:
                    yield f"{backend.name} does not claim to find the kind {measure.kind!r}"

    def against(self, rule: Against) -> Iterator[str]:
        others = list(self.places(rule.other))
        for place in self.places(rule.measure):
            for other in others:
                if place.goldset != other.goldset or place == other:
                    continue
                mine, theirs = self.value(place), self.value(other)
                if mine is None or theirs is None:
                    yield f"{place if mine is None else other} is undefined"
                elif not COMPARE[rule.sign](round(mine, DIGITS), round(theirs, DIGITS)):
                    yield f"{place} = {mine:.{DIGITS}f}, not {rule.sign} {other} = {theirs:.{DIGITS}f}"

    def drops(self, rule: Drop) -> Iterator[str]:
        for place in self.places(rule.measure):
            before, after = self.paired(place)
            if not before:
                continue
            then, now = (_metric(sum(side, Counts()), place.metric) for side in (before, after))
            if then is None:
                continue
            if now is None:
                yield f"{place} is undefined and was {then:.{DIGITS}f}"
                continue
            drop = round(then, DIGITS) - round(now, DIGITS)
            if rule.compare.holds(drop):
                continue
            said = (
                f"{place} dropped by {drop:.{DIGITS}f}, from {then:.{DIGITS}f} to {now:.{DIGITS}f}"
            )
            if rule.unless_p is None:
                yield said
                continue
            p = _p(before, after, place.metric)
            if not rule.unless_p.holds(p):
                yield f"{said} (p = {p:.{DIGITS}f})"

    def errors(self, rule: Errors) -> Iterator[str]:
        for on_set in self.run.scores.backends:
            failed = len(on_set.errors)
            tried = failed + on_set.articles
            value = 100 * failed / tried if rule.percent and tried else float(failed)
            if not rule.compare.holds(value):
                share = f" ({value:.1f} %)" if rule.percent else ""
                yield f"{on_set.goldset}/{on_set.backend}: {failed} of {tried} articles failed{share}"
        for backend in self.run.manifest.backends:
            if backend.unavailable:
                yield f"{backend.name} is unavailable: {backend.unavailable}"

    def new(self, rule: New) -> Iterator[str]:
        if self.changes is None:
            return
        known = {key[3] for key in self.rows}
        if rule.label is not None and rule.label not in known:
            message, remedy = unknown("label", rule.label, known - {ALL})
            raise SuiteError(f"{message} in {rule.text!r}", remedy=remedy)
        found = [
            one
            for one in self.changes.broken
            if one.what == rule.what and rule.label in (None, ALL, one.fact.label)
        ]
        if not rule.compare.holds(len(found)):
            yield f"{len(found)} {'missed' if rule.what == 'misses' else 'wrong'} since the baseline"

    def places(self, measure: Measure) -> Iterator[Place]:
        """Every number the measure stands for. Raises ``SuiteError`` when it stands for none."""
        backends = [one.name for one in self.run.manifest.backends]
        if measure.backend not in (ALL, *backends):
            message, remedy = unknown("back end", measure.backend, backends)
            raise SuiteError(f"{message} in {str(measure)!r}", remedy=remedy)
        label, regime = self.label_and_regime(measure)
        found = [
            Place(goldset, backend, kind, name, stored, measure.metric)
            for goldset, backend, kind, name, stored in self.rows
            if measure.backend in (ALL, backend)
            and kind == measure.kind
            and stored == regime
            and (name == label or (label == "each" and name != ALL))
        ]
        claimed = any(
            measure.kind in one.kinds
            for one in self.run.manifest.backends
            if measure.backend in (ALL, one.name)
        )
        if not found and claimed and label != ALL:
            known = {key[3] for key in self.rows if key[2] == measure.kind} - {ALL}
            message, remedy = unknown("label", label, known)
            raise SuiteError(f"{message} in {str(measure)!r}", remedy=remedy)
        return iter(found)

    def label_and_regime(self, measure: Measure) -> tuple[str, str]:
        """What stands between kind and metric: label, regime, or one of them; ``each`` for ``*``."""
        regimes = {key[4] for key in self.rows if key[2] == measure.kind}
        main = self.run.manifest.main_regime(measure.kind)
        path = list(measure.path)
        last = stored_regime(measure.kind, path[-1]) if path else ""
        if last in regimes:
            path.pop()
            regime = last
        elif len(path) == 2:
            message, remedy = unknown("regime", path[-1], regimes)
            raise SuiteError(f"{message} in {str(measure)!r}", remedy=remedy)
        else:
            regime = main
        label = path[0] if path else ALL
        return ("each" if path and label == ALL else label), regime

    def value(self, place: Place) -> float | None:
        row = self.rows[place.goldset, place.backend, place.kind, place.label, place.regime]
        value: float | None = getattr(row, place.metric)
        return value

    def paired(self, place: Place) -> tuple[list[Counts], list[Counts]]:
        """Counts then and now, over the articles both have."""
        if self.baseline is None or self.changes is None:
            return [], []
        then = self.baseline.counts(
            place.goldset, place.backend, place.kind, place.label, place.regime
        )
        key = place.goldset, place.backend, place.kind, place.label, place.regime
        now = self.now().get(key, {})
        scored = self.now().get((*key[:3], ALL, key[4]), {})
        common = [
            article
            for article in sorted(then.keys() & scored.keys())
            if (place.goldset, article) in self.changes.common
        ]
        return [then[a] for a in common], [now.get(a, Counts()) for a in common]

    def now(self) -> Mapping[tuple[str, str, Kind, str, str], dict[str, Counts]]:
        """The run's counts per article; read once."""
        if self._now is None:
            found: dict[tuple[str, str, Kind, str, str], dict[str, Counts]] = {}
            for record in self.run.counts():
                row = record.row
                key = record.goldset, record.backend, row.kind, row.label, row.regime
                found.setdefault(key, {})[row.article] = row.counts
            self._now = found
        return self._now


def _metric(counts: Counts, metric: str) -> float | None:
    value: float | None = getattr(counts, metric)
    return value


def _p(before: Sequence[Counts], after: Sequence[Counts], metric: str) -> float:
    from factharness.score.stats import compare

    return compare(before, after, metric=metric, seed=SEED).p  # type: ignore[arg-type]
