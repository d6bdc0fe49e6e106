"""The numbers that a measure stands for: those of a run, and those of its baseline on the same articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from msgspec import Struct

from factharness.errors import unknown
from factharness.facts import Kind
from factharness.gate.baseline import Baseline, BaselineLine
from factharness.gate.changes import Changes
from factharness.gate.coverage import Coverage
from factharness.gate.rules import Measure, Metric, mistake
from factharness.runs.record import BackendRecord, Run, stored_regime
from factharness.score import ALL, Counts, ScoreRow, regimes_of

EACH = ""
"""The label of a measure that stands for every label; :data:`ALL` is that of all labels together."""

Layer: TypeAlias = tuple[str, str, Kind]
"""Gold set, back end, kind: whose numbers they are."""

Row: TypeAlias = tuple[str, str, Kind, str, str]
"""Gold set, back end, kind, label, regime: where a number's counts are."""


class Number(Struct, frozen=True):
    """One number of a run: where its counts are, and how it is printed."""

    goldset: str
    backend: str
    kind: Kind
    label: str
    regime: str
    metric: Metric

    @property
    def row(self) -> Row:
        """Where its counts are."""
        return *self.layer, self.label, self.regime

    @property
    def layer(self) -> Layer:
        """Whose number it is."""
        return self.goldset, self.backend, self.kind

    def __str__(self) -> str:
        label = "" if self.label == ALL else f".{self.label}"
        return f"{self.goldset}/{self.backend}.{self.kind}{label}.{self.regime}.{self.metric}"

    def of(self, counts: Sequence[Counts]) -> float | None:
        """Its value over articles; None where it is undefined."""
        value: float | None = getattr(sum(counts, Counts()), self.metric)
        return value


class Missing(Struct, frozen=True):
    """What keeps the numbers of one layer from being there."""

    why: str


class Numbers:
    """The numbers of a run; with a baseline those too that it leads to expect."""

    def __init__(self, run: Run, baseline: Baseline | None, changes: Changes | None) -> None:
        self.run, self.baseline, self.changes = run, baseline, changes
        self.coverage = Coverage(run)
        self.rows: dict[Row, ScoreRow] = {
            (s.goldset, s.backend, s.row.kind, s.row.label, s.row.regime): s.row
            for s in run.scores.scores
            if s.row.slice == ALL and s.row.average == "micro"
        }
        self.lines: dict[Layer, list[BaselineLine]] = {}
        """The lines of the baseline on the articles that both have."""
        self.blessed: set[Layer] = set()
        """The layers of all lines of the baseline."""
        for line in baseline.lines if baseline and changes else ():
            self.blessed.add((line.goldset, line.backend, line.kind))
            if changes and (line.goldset, line.article) in changes.common:
                self.lines.setdefault((line.goldset, line.backend, line.kind), []).append(line)
        self._now: dict[Row, dict[str, Counts]] | None = None

    def expected(self, text: str, measure: Measure, place: int) -> list[Number | Missing]:
        """Every number that ``measure`` stands for, and what is missing of them.

        ``place`` is where the measure begins in the rule ``text``. Raises ``SuiteError`` for a back end, a
        label or a regime that neither the run nor the baseline knows.
        """
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
        """Why the run has no number of a back end's kind on a gold set, and since when; None when it has."""
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
        # What an unavailable one would claim is known of one made of parts alone; of any other it may be all.
        return kind in _kinds(record) or bool(
            record.unavailable and not record.parts and then is None
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
        """What stands between kind and metric: label, regime, or one of them."""
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
            label for key, lines in self.lines.items() if key[2] == kind for one in lines
            for label in one.counts
        }  # fmt: skip
        return (now | then) - {ALL}

    def _labels(
        self, goldset: str, backend: str, kind: Kind, label: str, regime: str
    ) -> Iterator[str]:
        """Which labels there should be a number of, where ``label`` is asked for."""
        failed = bool(self.coverage.on_sets[goldset, backend].errors)
        if (goldset, backend, kind, ALL, regime) not in self.rows:
            # No article that was scored is labelled with this kind. Did it fail on one that is?
            if failed or (goldset, backend, kind) in self.lines:
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
        """The labels with gold on a set, as any back end was scored on it, now or then."""
        now = {
            row[3]
            for row, scores in self.rows.items()
            if (row[0], row[2], row[4]) == (goldset, kind, regime) and scores.counts.gold
        }
        then = {
            label
            for key, lines in self.lines.items()
            if (key[0], key[2]) == (goldset, kind)
            for line in lines
            for label, by_regime in line.counts.items()
            if Counts(*by_regime.get(regime, (0, 0, 0))).gold
        }
        return now | then

    def value(self, number: Number) -> float | None:
        """The number; None where it is undefined."""
        row = self.rows.get(number.row)
        value: float | None = None if row is None else getattr(row, number.metric)
        return value

    def then(self, number: Number) -> dict[str, Counts]:
        """Article to its counts in the baseline, for those that the run has."""
        return {
            line.article: Counts(*line.counts.get(number.label, {}).get(number.regime, (0, 0, 0)))
            for line in self.lines.get(number.layer, ())
        }

    def now(self, number: Number) -> dict[str, Counts]:
        """Article to its counts in the run, for those that were scored."""
        if self._now is None:
            self._now = {}
            for record in self.run.counts():
                row = record.row
                key = record.goldset, record.backend, row.kind, row.label, row.regime
                self._now.setdefault(key, {})[row.article] = row.counts
        scored = self._now.get((*number.layer, ALL, number.regime), {})
        mine = self._now.get(number.row, {})
        return {article: mine.get(article, Counts()) for article in scored}

    def lost(self, layer: Layer) -> bool:
        """Whether the baseline has lines of a layer, and the run none of their articles."""
        return layer in self.blessed and layer not in self.lines

    def failed(self, goldset: str, backend: str) -> list[str]:
        """The articles a back end failed on, without those it had failed on in the baseline."""
        on_set = self.coverage.on_sets.get((goldset, backend))
        then = self.baseline.errors.get(f"{goldset}/{backend}", ()) if self.baseline else ()
        return sorted((on_set.errors.keys() if on_set else set()) - set(then))


def _kinds(record: BackendRecord) -> tuple[Kind, ...]:
    return record.kinds or tuple(record.parts)
