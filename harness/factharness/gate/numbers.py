"""Finds the numbers that a measure of a rule stands for, in a run and in its baseline.

A comparison of the two uses only articles that both have. A *task* is a gold set, a back end and a kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from factharness.errors import unknown
from factharness.facts import KINDS, Kind
from factharness.gate.baseline import Baseline
from factharness.gate.changes import Changes
from factharness.gate.coverage import Coverage
from factharness.gate.rules import Measure, Metric, mistake
from factharness.runs.record import BackendRecord, Run, stored_regime
from factharness.score import ALL, Counts, ScoreRow, regimes_of

EACH = ""
"""The label of a measure with ``*`` as its label: each label by itself. :data:`ALL` is all labels together."""

Task: TypeAlias = tuple[str, str, Kind]
"""Gold set, back end, kind."""

Row: TypeAlias = tuple[str, str, Kind, str, str]
"""Gold set, back end, kind, label, regime: the key of a row of counts."""

Columns: TypeAlias = Set[tuple[Kind, str]]
"""Kinds and regimes."""


class Number(Struct, frozen=True):
    """One number of a run: the row of its counts, and the metric; ``str`` is how messages name it.

    ``variant`` is empty for a number of the plain articles.
    """

    goldset: str
    backend: str
    kind: Kind
    label: str
    regime: str
    metric: Metric
    variant: str = ""

    @property
    def row(self) -> Row:
        """The key of its counts."""
        return *self.task, self.label, self.regime

    @property
    def task(self) -> Task:
        """Its gold set, back end and kind."""
        return self.goldset, self.backend, self.kind

    def __str__(self) -> str:
        label = "" if self.label == ALL else f".{self.label}"
        variant = f"[{self.variant}]" if self.variant else ""
        return (
            f"{self.goldset}/{self.backend}.{self.kind}{label}.{self.regime}.{self.metric}{variant}"
        )

    def of(self, counts: Sequence[Counts]) -> float | None:
        """The value of the metric over the summed counts of articles; None when it is undefined."""
        value: float | None = getattr(sum(counts, Counts()), self.metric)
        return value


class Missing(Struct, frozen=True):
    """A task whose numbers are not in the run, and why."""

    why: str


class CountsByArticle:
    """Counts by article, read by ``read`` for a kind and a regime when these are first asked for.

    The first time, those that are ``usual`` are read with them.
    """

    def __init__(
        self, read: Callable[[Columns], Iterator[tuple[Row, str, Counts]]], usual: Columns
    ) -> None:
        self._read, self._usual = read, usual
        self._known: set[tuple[Kind, str]] = set()
        self._rows: dict[Row, dict[str, Counts]] = {}
        self._same: dict[Counts, Counts] = {}

    def of(self, row: Row) -> Mapping[str, Counts]:
        """The counts of a row, by article."""
        column = row[2], row[4]
        if column not in self._known:
            wanted = {column} if self._known else {column, *self._usual}
            for its, article, counts in self._read(wanted):
                same = self._same.setdefault(counts, counts)
                self._rows.setdefault(its, {})[article] = same
            self._known |= wanted
        return self._rows.get(row, {})


class Numbers:
    """The numbers of a run, and those that it should have because the baseline has them."""

    def __init__(self, run: Run, baseline: Baseline | None, changes: Changes | None) -> None:
        self.run, self.baseline, self.changes = run, baseline, changes
        self.coverage = Coverage(run)
        self.rows: dict[Row, ScoreRow] = run.over_all_articles()
        self.blessed: set[Task] = set()
        """The tasks of all lines of the baseline."""
        self.then_scored: dict[Task, list[str]] = {}
        """The articles that both have, by the tasks of their lines in the baseline."""
        self._then_labels: dict[tuple[str, Kind], dict[str, set[str]]] = {}
        """By gold set and kind the labels in these lines, each with the regimes under which it has gold."""
        for line in baseline.lines if baseline and changes else ():
            task = line.goldset, line.backend, line.kind
            self.blessed.add(task)
            if changes and (line.goldset, line.article) in changes.common:
                self.then_scored.setdefault(task, []).append(line.article)
                labels = self._then_labels.setdefault((line.goldset, line.kind), {})
                for label, by_regime in line.counts.items():
                    regimes = labels.setdefault(label, set())
                    if not regimes.issuperset(by_regime):
                        regimes.update(r for r, (tp, _, fn) in by_regime.items() if tp + fn)
        usual = {(kind, run.manifest.main_regime(kind)) for kind in KINDS}
        self._then = CountsByArticle(self._read_baseline, usual)
        self._now = CountsByArticle(self._read_run, usual)
        self._variants: dict[str, Numbers] = {}

    def of_variant(self, name: str) -> Numbers:
        """The numbers of the articles in a variant, of the same run."""
        if not name:
            return self
        if name not in self._variants:
            self._variants[name] = Numbers(self.run.variant(name), None, None)
        return self._variants[name]

    def expected(self, text: str, measure: Measure, place: int) -> list[Number | Missing]:
        """Every number that ``measure`` stands for, and a :class:`Missing` for each task that the run lacks.

        ``place`` is the offset of the measure in the rule ``text``. Raises ``SuiteError`` for a back end, a
        label or a regime that is neither in the run nor in the baseline, or a variant that is not in the run.
        """
        if measure.variant:
            known = self.run.manifest.variants
            if measure.variant not in known:
                at = place + str(measure).index("[") + 1
                raise mistake(text, at, *unknown("variant", measure.variant, known))
            plain = replace(measure, variant="")
            found = self.of_variant(measure.variant).expected(text, plain, place)
            return [
                one if isinstance(one, Missing) else replace(one, variant=measure.variant)
                for one in found
            ]
        label, regime = self._label_and_regime(text, measure, place)
        expected: list[Number | Missing] = []
        for backend in self._backends(text, measure, place):
            then = {goldset for goldset, *other in self.blessed if other == [backend, measure.kind]}
            for goldset in (*self.coverage.goldsets, *sorted(then - self.coverage.goldsets.keys())):
                why = self.missing(goldset, backend, measure.kind)
                if why is not None:
                    expected.append(Missing(why))
                    continue
                expected += [
                    Number(goldset, backend, measure.kind, name, regime, measure.metric)
                    for name in self._labels(goldset, backend, measure.kind, label, regime)
                ]
        return expected

    def missing(self, goldset: str, backend: str, kind: Kind) -> str | None:
        """Why a back end has no number of a kind on a gold set; None when it has.

        The reason mentions the baseline when the back end claimed the kind there.
        """
        why = self.coverage.missing(goldset, backend, kind)
        if why and self.baseline and kind in self.baseline.kinds.get(backend, ()):
            why += f"; {self.baseline} has numbers of it"
        return why

    def claims(self, backend: str, kind: Kind) -> bool:
        """Whether a back end claims a kind now, or did in the baseline."""
        record = self.coverage.backends.get(backend)
        then = self.baseline.kinds.get(backend) if self.baseline else None
        if then is not None and kind in then:
            return True
        if record is None:
            return False
        # Of an unavailable back end it is not known what it claims, except of a hybrid; it may claim every
        # kind.
        return kind in _kinds(record) or bool(
            record.unavailable and not _kinds(record) and then is None
        )

    def _backends(self, text: str, measure: Measure, place: int) -> list[str]:
        then = self.baseline.kinds if self.baseline else ()
        known = list(dict.fromkeys((*self.coverage.backends, *then)))
        if measure.backend == ALL:
            return [name for name in known if self.claims(name, measure.kind)]
        if measure.backend not in known:
            raise mistake(text, place, *unknown("back end", measure.backend, known))
        return [measure.backend]

    def _label_and_regime(self, text: str, measure: Measure, place: int) -> tuple[str, str]:
        """The label and the regime that the part between kind and metric means."""
        kind = measure.kind
        regimes = {row[4] for row in self.rows if row[2] == kind}
        regimes.update(regimes_of(kind, self.run.manifest.regimes))
        path = list(measure.path)
        regime = self.run.manifest.main_regime(kind)
        if path and stored_regime(kind, path[-1]) in regimes:
            regime = stored_regime(kind, path.pop())
        elif len(path) == 2:
            at = place + str(measure).rindex(f".{path[-1]}.") + 1
            raise mistake(text, at, *unknown("regime", path[-1], regimes))
        if not path:
            return ALL, regime
        if path[0] == ALL:
            return EACH, regime
        labels = self.labels(kind)
        if labels and path[0] not in labels:
            at = place + str(measure).index(f".{path[0]}.") + 1
            if len(measure.path) == 1:
                raise mistake(text, at, *unknown("label or regime", path[0], labels | regimes))
            raise mistake(text, at, *unknown("label", path[0], labels))
        return path[0], regime

    def labels(self, kind: Kind) -> set[str]:
        """The labels of a kind that occur in the run or its baseline, in gold or predictions."""
        now = {row[3] for row in self.rows if row[2] == kind}
        then = {
            label
            for (_, its), labels in self._then_labels.items()
            if its == kind
            for label in labels
        }
        return (now | then) - {ALL}

    def _labels(
        self, goldset: str, backend: str, kind: Kind, label: str, regime: str
    ) -> Iterator[str]:
        """The labels for which there should be a number when the rule asks for ``label``."""
        failed = bool(self.coverage.on_sets[goldset, backend].errors)
        if (goldset, backend, kind, ALL, regime) not in self.rows:
            # No scored article has this kind. The number is expected if an article that failed may have it.
            if failed or (goldset, backend, kind) in self.then_scored:
                yield label if label != EACH else ALL
            return
        if label == ALL:
            yield ALL
            return
        gold = self._gold_labels(goldset, kind, regime)
        own = {
            row[3] for row in self.rows if (*row[:3], row[4]) == (goldset, backend, kind, regime)
        }
        for name in sorted((gold | own) - {ALL}):
            if label in (EACH, name):
                yield name
        if label not in (EACH, *gold, *own) and failed:
            yield label

    def _gold_labels(self, goldset: str, kind: Kind, regime: str) -> set[str]:
        """The labels that have gold on a set, in the run or the baseline, for any back end."""
        now = {
            row[3]
            for row, scores in self.rows.items()
            if (row[0], row[2], row[4]) == (goldset, kind, regime) and scores.counts.gold
        }
        labels = self._then_labels.get((goldset, kind), {})
        then = {label for label, regimes in labels.items() if regime in regimes}
        return now | then

    def value(self, number: Number) -> float | None:
        """The value of a number; None when it is undefined."""
        row = self.of_variant(number.variant).rows.get(number.row)
        value: float | None = None if row is None else getattr(row, number.metric)
        return value

    def then(self, number: Number) -> dict[str, Counts]:
        """The counts in the baseline, by article; only the articles that the run has too."""
        mine = self._then.of(number.row)
        return {
            article: mine.get(article, Counts())
            for article in self.then_scored.get(number.task, ())
        }

    def now(self, number: Number) -> dict[str, Counts]:
        """The counts in the run by article, for the articles that were scored."""
        if number.variant:
            return self.of_variant(number.variant).now(replace(number, variant=""))
        mine = self._now.of(number.row)
        scored = self._now.of((*number.task, ALL, number.regime))
        return {article: mine.get(article, Counts()) for article in scored}

    def _read_baseline(self, wanted: Columns) -> Iterator[tuple[Row, str, Counts]]:
        """The counts in the baseline of these kinds and regimes."""
        for line in self.baseline.lines if self.baseline else ():
            for kind, regime in wanted:
                for label, by_regime in line.counts.items() if kind == line.kind else ():
                    if regime in by_regime:
                        row = line.goldset, line.backend, kind, label, regime
                        yield row, line.article, Counts(*by_regime[regime])

    def _read_run(self, wanted: Columns) -> Iterator[tuple[Row, str, Counts]]:
        """The counts in the run of these kinds and regimes."""
        for backend in dict.fromkeys(one.backend for one in self.run.scores.backends):
            for result in self.run.results(backend):
                for kind, regime in wanted:
                    by_label = result.numbers.get(kind, {}).get(regime, {})
                    for label, numbers in by_label.items():
                        row = result.goldset, backend, kind, label, regime
                        yield row, result.prediction.article_id, Counts(*numbers[:3])

    def lost(self, task: Task) -> bool:
        """Whether the baseline has lines of a task, but the run has none of their articles."""
        return task in self.blessed and task not in self.then_scored

    def failed(self, goldset: str, backend: str, variant: str = "") -> list[str]:
        """The articles on which a back end failed, without those on which it failed in the baseline too."""
        if variant:
            return self.of_variant(variant).failed(goldset, backend)
        on_set = self.coverage.on_sets.get((goldset, backend))
        then = self.baseline.errors.get(f"{goldset}/{backend}", ()) if self.baseline else ()
        return sorted((on_set.errors.keys() if on_set else set()) - set(then))


def _kinds(record: BackendRecord) -> tuple[Kind, ...]:
    return record.kinds or tuple(record.parts)
