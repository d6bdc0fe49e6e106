"""Scores gold articles against a back end's predictions; ``factharness run`` calls it.

The numbers come from the same alignments as those of :func:`factharness.score.score_spans`,
:func:`factharness.score.score_dates` and :func:`factharness.score.score_quotes`. Here they are given per
article, kind, label and regime, together with the matches that were counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from msgspec import Struct

from factharness.errors import ScoreError, unknown
from factharness.facts import KINDS, GoldArticle, Kind, Prediction, spans_of
from factharness.scheme import FR_NEWS, Scheme
from factharness.score.count_columns import CountColumns
from factharness.score.counts import CountRow
from factharness.score.dates import DATE_REGIMES, VALUE_REGIMES, DateTable
from factharness.score.overlap import Ints
from factharness.score.quote_regimes import ALIASES, APART, QUOTE_REGIMES
from factharness.score.quotes import QuoteTable
from factharness.score.regimes import BY_LENGTH, NORMALISED, SPAN_REGIMES, check_regimes, judge
from factharness.score.rows import Match
from factharness.score.spans import Sides, cells, normalised
from factharness.score.tally import Alignment, Cells, Judgement, count
from factharness.score.view import Viewed, view


class Evaluation(Struct):
    """The counts and matches of one back end on a set of gold articles.

    ``articles``
        the ids of the scored articles. Articles with an error, without a prediction, or with a span beyond
        the text are not scored; ``errors`` has their ids, with the reason.
    ``unmapped``
        labels that the label map does not know, and how many predictions have them. They are scored under
        the label that the back end gave them.
    ``duplicates``
        how many predictions repeat another prediction of the article; they are counted as spurious.
    ``ignored``
        how many predictions are not counted, because they were matched with don't-care gold, because the
        label map drops their label, or because their span is that of a name inside a gold name.
    """

    counts: list[CountRow]
    matches: list[Match]
    articles: list[str]
    errors: dict[str, str]
    unmapped: dict[str, int]
    duplicates: int = 0
    ignored: int = 0


class EvaluatedBlock(Struct):
    """An :class:`Evaluation` with its counts by column: a :class:`CountColumns` for each kind and regime."""

    columns: list[CountColumns]
    matches: list[Match]
    articles: list[str]
    errors: dict[str, str]
    unmapped: dict[str, int]
    duplicates: int = 0
    ignored: int = 0


def regimes_of(kind: Kind, asked: Sequence[str], *, own: bool = True) -> tuple[str, ...]:
    """The regimes under which facts of ``kind`` are scored when the user names the regimes ``asked``.

    Entities are scored under the regimes of spans, dates under those and the regimes of dates, quotes under the
    regimes of quotes; regimes of ``asked`` that the kind does not have are left out. For quotes, ``strict``
    means ``exact`` and ``partial`` means ``proportional``. With ``own``, dates and quotes are scored under all
    of their own regimes, also under those that are not in ``asked``. Raises :class:`ScoreError` for an unknown
    regime.
    """
    known = dict.fromkeys((*SPAN_REGIMES, *DATE_REGIMES, *QUOTE_REGIMES, *ALIASES))
    names = check_regimes(asked, known)
    if kind == "quote":
        names = tuple(ALIASES.get(name, name) for name in names)
    belong, mine = _REGIMES[kind]
    fitting = [name for name in names if name in belong or name.startswith("iou@")]
    return tuple(dict.fromkeys([*(mine if own else ()), *fitting]))


_REGIMES: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "entity": (SPAN_REGIMES, ()),
    "date": ((*SPAN_REGIMES, *DATE_REGIMES), DATE_REGIMES),
    "quote": (QUOTE_REGIMES, QUOTE_REGIMES),
}
"""By kind: the regimes under which it can be scored, and those under which it is always scored."""


def evaluate(
    golds: Sequence[GoldArticle],
    predictions: Sequence[Prediction],
    *,
    kinds: Collection[Kind],
    regimes: Sequence[str] = ("strict", "partial"),
    label_map: Mapping[str, str] | None = None,
    nested: bool = False,
    scheme: Scheme = FR_NEWS,
) -> Evaluation:
    """Score predictions against gold articles, for the kinds of fact that a back end claims to find.

    ``regimes``
        see :func:`regimes_of`.
    ``label_map``, ``nested``, ``scheme``
        see :func:`~factharness.score.view.view`.

    A layer that nobody labelled in a gold article (``GoldArticle.skip``) is not scored on that article. An
    article without any fact of a kind has a row ``*`` all the same, with zeros.

    Raises :class:`ScoreError` when a prediction is of an article that is not in ``golds``, or two are of the
    same article; :class:`~factharness.errors.GoldError` when an article has the same gold fact twice.
    """
    block = evaluate_block(
        golds,
        predictions,
        kinds=kinds,
        regimes=regimes,
        label_map=label_map,
        nested=nested,
        scheme=scheme,
    )
    return Evaluation(
        [row for columns in block.columns for row in columns.rows()],
        block.matches,
        block.articles,
        block.errors,
        block.unmapped,
        block.duplicates,
        block.ignored,
    )


def evaluate_block(
    golds: Sequence[GoldArticle],
    predictions: Sequence[Prediction],
    *,
    kinds: Collection[Kind],
    regimes: Sequence[str] = ("strict", "partial"),
    label_map: Mapping[str, str] | None = None,
    nested: bool = False,
    scheme: Scheme = FR_NEWS,
) -> EvaluatedBlock:
    """Do as :func:`evaluate`, with the counts by column, which is faster than a row for every count."""
    for kind in kinds:
        if kind not in KINDS:
            message, remedy = unknown("kind", kind, KINDS)
            raise ScoreError(message, remedy=remedy)
    wanted = {kind: regimes_of(kind, regimes) for kind in KINDS if kind in kinds}
    answers = _by_article(golds, predictions)
    evaluation = EvaluatedBlock([], [], [], {}, {})
    viewed: dict[str, Viewed] = {}
    unmapped: Counter[str] = Counter()
    for gold in golds:
        prediction = answers.get(gold.article.id)
        if prediction is None or prediction.facts is None:
            error = prediction.error if prediction else None
            evaluation.errors[gold.article.id] = error or "no prediction"
            continue
        beyond = max([spans_of(fact)[-1].end for fact in prediction.facts], default=0)
        if beyond > len(gold.article.text):
            evaluation.errors[gold.article.id] = (
                f"a predicted span ends at {beyond}, the text at {len(gold.article.text)}"
            )
            continue
        facts = viewed[gold.article.id] = view(
            gold, prediction.facts, label_map, nested=nested, scheme=scheme
        )
        evaluation.articles.append(gold.article.id)
        evaluation.ignored += facts.ignored
        unmapped.update(facts.unmapped)
    evaluation.unmapped = dict(sorted(unmapped.items()))
    texts = {gold.article.id: gold.article.text for gold in golds}
    skipping = {gold.article.id: gold.skip for gold in golds}
    apart: dict[Kind, tuple[str, ...]] = {"entity": (), "date": (), "quote": APART}
    for kind, names in wanted.items():
        articles = [name for name in evaluation.articles if kind not in skipping[name]]
        if len(articles) == len(evaluation.articles):
            articles = (
                evaluation.articles
            )  # one list for all kinds, so that its articles are found once
        part = _PARTS[kind](articles, viewed, texts)
        evaluation.duplicates += int(part.alignment.pred.repeats.sum())
        evaluation.ignored += len(set(part.alignment.ignored[:, 1].tolist()))
        right: dict[int, list[str]] = {}
        for regime in names:
            found, correct = part.score(regime)
            evaluation.columns.append(
                CountColumns.of_cells(
                    kind, regime, articles, part.alignment.labels, found, apart[kind]
                )
            )
            for unit in correct:
                right.setdefault(unit, []).append(regime)
        evaluation.matches += part.matches(kind, right)
    return evaluation


def _by_article(
    golds: Sequence[GoldArticle], predictions: Sequence[Prediction]
) -> dict[str, Prediction]:
    known = Counter(gold.article.id for gold in golds)
    for name, times in known.items():
        if times > 1:
            raise ScoreError(f"{times} gold articles have the id {name!r}")
    answers: dict[str, Prediction] = {}
    for prediction in predictions:
        name = prediction.article_id
        if name not in known:
            raise ScoreError(f"a prediction is of {name!r}, which is no gold article")
        if name in answers:
            raise ScoreError(f"two predictions are of {name!r}", remedy="keep one per article")
        answers[name] = prediction
    return answers


class _Part:
    """The aligned facts of one kind, with the article and the index that each has in it."""

    def __init__(
        self,
        articles: Sequence[str],
        texts: Mapping[str, str],
        alignment: Alignment,
        gold_at: _Facts,
        pred_at: _Facts,
    ) -> None:
        self.articles, self.texts, self.alignment = articles, texts, alignment
        self.gold_at, self.pred_at = gold_at, pred_at

    def judge(self, regime: str) -> Judgement:
        return judge(self.alignment, regime)

    def count(self, regime: str) -> Cells:
        return cells(self.alignment, regime, self.texts)

    def score(self, regime: str) -> tuple[Cells, list[int]]:
        """The counts of a regime, and the gold units it finds wholly correct."""
        if regime in BY_LENGTH:
            return self.count(regime), []
        if regime == NORMALISED:
            after = normalised(self.alignment, self.texts)
            said = judge(after, "strict")
            return count(after, said), _whole(after.g, said)
        said = self.judge(regime)
        return self.count(regime), _whole(self.alignment.g, said)

    def matches(self, kind: Kind, right: Mapping[int, Sequence[str]]) -> Iterator[Match]:
        """Every pair and every fact left alone, pairs first, in the order of the gold."""
        a = self.alignment
        label = [a.labels[code] for code in a.gold.label.tolist()]
        predicted = [a.labels[code] for code in a.pred.label.tolist()]
        for g, p, iou in sorted(zip(a.g.tolist(), a.p.tolist(), a.iou.tolist(), strict=True)):
            article, index, _ = self.gold_at[g]
            yield Match(
                article,
                kind,
                index,
                self.pred_at[p][1],
                label[g],
                predicted[p],
                round(iou, 6),
                tuple(right.get(g, ())),
            )
        for g, p in a.ignored.tolist():
            article, index, _ = self.gold_at[g]
            yield Match(
                article, kind, index, self.pred_at[p][1], label[g], predicted[p], ignored=True
            )
        for g in a.lone_gold.tolist():
            article, index, _ = self.gold_at[g]
            alone = tuple(right.get(g, ()))
            yield Match(article, kind, index, None, label[g], None, right=alone)
        for p in a.lone_pred.tolist():
            article, index, _ = self.pred_at[p]
            yield Match(article, kind, None, index, None, predicted[p])


class _Entities(_Part):
    def __init__(
        self, articles: Sequence[str], viewed: Mapping[str, Viewed], texts: Mapping[str, str]
    ) -> None:
        gold, ignored, pred = _spread(articles, viewed, "entity")
        rows = [
            [(name, fact.span.start, fact.span.end, fact.label) for name, _, fact in side]
            for side in (gold, pred, ignored)
        ]
        sides = Sides.of(rows[0], rows[1], rows[2], articles)
        gold_at, pred_at = _places(gold + ignored, sides.gold_row), _places(pred, sides.pred_row)
        super().__init__(articles, texts, sides.align(), gold_at, pred_at)


class _Dates(_Part):
    def __init__(
        self, articles: Sequence[str], viewed: Mapping[str, Viewed], texts: Mapping[str, str]
    ) -> None:
        gold, ignored, pred = _spread(articles, viewed, "date")
        rows = [
            [(name, f.span.start, f.span.end, f.type, f.value) for name, _, f in side]
            for side in (gold, pred, ignored)
        ]
        self.table = DateTable(rows[0], rows[1], rows[2], articles)
        sides = self.table.sides
        gold_at, pred_at = _places(gold + ignored, sides.gold_row), _places(pred, sides.pred_row)
        super().__init__(articles, texts, self.table.alignment, gold_at, pred_at)

    def judge(self, regime: str) -> Judgement:
        return self.table.judge(regime)

    def count(self, regime: str) -> Cells:
        if regime in VALUE_REGIMES:
            return count(self.alignment, self.judge(regime))
        return super().count(regime)


class _Quotes(_Part):
    def __init__(
        self, articles: Sequence[str], viewed: Mapping[str, Viewed], texts: Mapping[str, str]
    ) -> None:
        gold, ignored, pred = _spread(articles, viewed, "quote")
        rows = [[(name, fact) for name, _, fact in side] for side in (gold, pred, ignored)]
        self.table = QuoteTable(rows[0], rows[1], rows[2], texts, articles)
        gold_at = _places(gold + ignored, self.table.gold.row)
        pred_at = _places(pred, self.table.pred.row)
        super().__init__(articles, texts, self.table.alignment, gold_at, pred_at)

    def judge(self, regime: str) -> Judgement:
        return self.table.judge(regime)

    def count(self, regime: str) -> Cells:
        return self.table.cells(regime)


_Facts: TypeAlias = list[tuple[str, int, Any]]

_PARTS = {"entity": _Entities, "date": _Dates, "quote": _Quotes}


def _spread(
    articles: Sequence[str], viewed: Mapping[str, Viewed], kind: Kind
) -> tuple[_Facts, _Facts, _Facts]:
    """Counted gold, don't-care gold and predictions as (article, index, fact), article by article."""
    gold: _Facts = []
    ignored: _Facts = []
    pred: _Facts = []
    for name in articles:
        for index, fact, counted in viewed[name].gold[kind]:
            (gold if counted else ignored).append((name, index, fact))
        pred += [(name, index, fact) for index, fact in viewed[name].pred[kind]]
    return gold, ignored, pred


def _places(facts: _Facts, rows: Ints) -> _Facts:
    """For each unit, the fact it came from, with its article and index."""
    return [facts[row] for row in rows.tolist()]


def _whole(gold: Ints, judgement: Judgement) -> list[int]:
    correct = judgement.credit == 1
    if judgement.among is not None:
        correct &= judgement.among
    units: list[int] = gold[correct].tolist()
    return units
