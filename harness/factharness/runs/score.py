"""Scores predictions article by article: counts, matches, and what they add up to on each gold set."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter

from msgspec import Struct, field

from factharness.facts import KINDS, Date, Fact, GoldArticle, Kind, Quote
from factharness.gold.articles import in_memory
from factharness.gold.sets import GoldSet
from factharness.runs.extracted import Extracted
from factharness.runs.predictions import InOrder
from factharness.runs.record import (
    ArticleResult,
    BackendOnSet,
    Confusion,
    GoldFacts,
    PredictionRecord,
    Words,
)
from factharness.runs.tabulate import BLOCK
from factharness.score import Match
from factharness.score.count_columns import CountColumns
from factharness.score.counts import NONE
from factharness.score.evaluation import EvaluatedBlock, evaluate_block
from factharness.score.rows import ArticleCounts
from factharness.signature import Signature, backend_part, gold_part, map_part
from factharness.variants.names import GENDER, ORIGIN

GROUPED = (ORIGIN, GENDER)
"""The attributes of gold facts by which the recall of a variant is shown."""

SHOWN_REGIME = "typed-partial"
"""The regime that the table of entities shows whatever the suite asks for; dates and quotes are always scored
under those that theirs show."""

WORDS = 80
"""The most characters of a fact's words that are stored."""


class ScoredArticles(Struct):
    """The results of a back end on some articles, and all their counts."""

    backend: str
    results: Iterator[ArticleResult]
    columns: list[CountColumns]


class ScoredBlock(Struct):
    """Some articles of a gold set, and what each back end did on those of them that it read.

    The articles are scored while ``backends`` is read, which must be before the next block.
    """

    goldset: str
    golds: Sequence[GoldArticle]
    backends: Iterator[ScoredArticles]


class Scored(Struct):
    """The results of every back end, a block of articles at a time, and its summary on each gold set.

    The articles are scored while the blocks are read, so they can be read once; only then ``on_sets`` has its
    summaries.
    """

    blocks: Iterator[ScoredBlock]
    on_sets: list[BackendOnSet]


def score(
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    extracted: Sequence[Extracted],
    regimes: Sequence[str],
    variant: str = "",
) -> Scored:
    """Score the predictions of the available back ends, on a variant of the articles where it is named.

    ``digests`` has the digest of each whole gold set as it is in its files, also when this is a shard.
    """
    available = [one for one in extracted if not one.backend.unavailable]
    on_sets: dict[tuple[str, str], BackendOnSet] = {}
    scored = Scored(iter(()), [])

    def blocks() -> Iterator[ScoredBlock]:
        for goldset in goldsets:
            scorers = [_Scorer(goldset, one, regimes) for one in available]
            articles = in_memory(goldset.articles)
            for start in range(0, len(articles), BLOCK):
                golds = list(articles[start : start + BLOCK])
                yield ScoredBlock(goldset.name, golds, (scorer.scored(golds) for scorer in scorers))
            gold = gold_part(goldset.name, goldset.version, digests[goldset.name], variant)
            for scorer in scorers:
                summary = scorer.summary(gold)
                on_sets[summary.backend, goldset.name] = summary
        scored.on_sets += [
            on_sets[one.backend.name, goldset.name] for one in available for goldset in goldsets
        ]

    scored.blocks = blocks()
    return scored


class _Scorer:
    """Scores the predictions of a back end on a gold set, block by block, and sums up the blocks."""

    def __init__(self, goldset: GoldSet, extracted: Extracted, regimes: Sequence[str]) -> None:
        self._goldset, self._extracted = goldset, extracted
        self._regimes = (*regimes, SHOWN_REGIME)
        self._map = goldset.scheme.map_from(extracted.backend.map)
        self._lines = InOrder(extracted.predictions[goldset.name])
        self._summed = Summed()

    def scored(self, articles: Sequence[GoldArticle]) -> ScoredArticles:
        """Score the next articles."""
        golds, lines = [], []
        for gold in articles:
            line = self._lines.of(gold.article.id)
            if line is None:
                self._summed.unread.append(gold.article.id)
            else:
                golds.append(gold)
                lines.append(line)
        backend = self._extracted.backend
        evaluation = evaluate_block(
            golds,
            [line.prediction for line in lines],
            kinds=backend.kinds,
            regimes=self._regimes,
            label_map=self._map,
            scheme=self._goldset.scheme,
        )
        # As they are stored.
        evaluation.columns.sort(key=lambda one: (one.kind, one.regime))
        self._summed.add(evaluation, lines)
        results = _results(self._goldset.name, golds, lines, evaluation)
        return ScoredArticles(backend.name, results, evaluation.columns)

    def summary(self, gold: str) -> BackendOnSet:
        """What the blocks add up to; ``gold`` is the part of the signature that names the gold."""
        backend, goldset, summed = self._extracted.backend, self._goldset, self._summed
        return BackendOnSet(
            goldset=goldset.name,
            backend=backend.name,
            signature=Signature(
                gold=gold,
                map=map_part(backend.map),
                backend=backend_part(backend.name, backend.fingerprint),
                scheme=goldset.scheme.signature,
            ),
            articles=summed.articles,
            seconds=round(summed.seconds, 6),
            errors=summed.errors,
            unmapped=dict(sorted(summed.unmapped.items())),
            duplicates=summed.duplicates,
            ignored=summed.ignored,
            cached=summed.cached,
            used=_rounded(summed.used),
            unread=tuple(summed.unread),
            without=summed.without,
            confusion=confusion((*cell, times) for cell, times in summed.confusion.items()),
            unresolved=summed.unresolved,
            seen=self._extracted.seen.get(goldset.name, {}),
        )


class Summed(Struct):
    """Sums over blocks of articles; the names are of :class:`EvaluatedBlock` and :class:`BackendOnSet`."""

    articles: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    unmapped: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    ignored: int = 0
    confusion: Counter[tuple[Kind, str, str]] = field(default_factory=Counter)
    seconds: float = 0
    cached: int = 0
    used: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    without: dict[str, dict[str, str]] = field(default_factory=dict)
    unresolved: int = 0

    def add(self, evaluation: EvaluatedBlock, lines: Iterable[PredictionRecord]) -> None:
        """Add one more block: what was scored, and the predictions."""
        self.articles += len(evaluation.articles)
        self.errors |= evaluation.errors
        self.unmapped.update(evaluation.unmapped)
        self.duplicates += evaluation.duplicates
        self.ignored += evaluation.ignored
        # There are many matches, and few different cells.
        cells = Counter(
            map(attrgetter("kind", "label", "predicted", "ignored"), evaluation.matches)
        )
        for (kind, label, predicted, ignored), times in cells.items():
            if not ignored:
                self.confusion[kind, label or NONE, predicted or NONE] += times
        for line in lines:
            prediction = line.prediction
            self.seconds += line.seconds
            self.cached += line.cached
            self.used.update(prediction.used)
            for part, error in prediction.without.items():
                self.without.setdefault(part, {})[prediction.article_id] = error
            self.unresolved += sum(
                isinstance(fact, Date) and fact.value is None for fact in prediction.facts or ()
            )


def gold_facts(goldset: str, gold: GoldArticle) -> GoldFacts:
    """The gold of an article as a run keeps it."""
    text = gold.article.text
    facts = [held.fact for held in gold.facts]
    words = [words_of(fact, text) for fact in facts]
    lines = [held.line for held in gold.facts]
    return GoldFacts(
        goldset, gold.article.id, tuple(facts), tuple(words), tuple(lines), _groups(gold)
    )


def _groups(gold: GoldArticle) -> tuple[tuple[str, ...], ...]:
    """The groups of each fact; empty where no fact is in one."""
    if all(map(frozenset(GROUPED).isdisjoint, (held.attributes for held in gold.facts))):
        return ()
    return tuple(
        tuple(f"{key}={held.attributes[key]}" for key in GROUPED if key in held.attributes)
        for held in gold.facts
    )


def _results(
    goldset: str,
    golds: Sequence[GoldArticle],
    lines: Sequence[PredictionRecord],
    evaluation: EvaluatedBlock,
) -> Iterator[ArticleResult]:
    """What was answered, counted and matched, article by article."""
    numbers: dict[str, ArticleCounts] = {}
    for columns in evaluation.columns:
        for article, by_label in zip(columns.articles, columns.by_article(), strict=True):
            by_kind = numbers.setdefault(article, {})
            by_kind.setdefault(columns.kind, {})[columns.regime] = by_label
    matches: dict[str, list[Match]] = {}
    for match in evaluation.matches:
        matches.setdefault(match.article, []).append(match)
    for gold, line in zip(golds, lines, strict=True):
        name, text = gold.article.id, gold.article.text
        yield ArticleResult(
            goldset,
            line.prediction,
            line.seconds,
            line.cached,
            tuple(words_of(fact, text) for fact in line.prediction.facts or ()),
            numbers.get(name, {}),
            tuple(sorted(matches.get(name, ()), key=_match_key)),
        )


def _match_key(match: Match) -> tuple[str, float, int]:
    """By kind and gold; a prediction without gold comes after all gold."""
    return (
        match.kind,
        math.inf if match.gold is None else match.gold,
        -1 if match.pred is None else match.pred,
    )


def added(used: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The sums of what was used, by name."""
    sums: Counter[str] = Counter()
    for one in used:
        sums.update(one)
    return _rounded(sums)


def _rounded(sums: Mapping[str, float]) -> dict[str, float]:
    return {name: float(f"{total:.12g}") for name, total in sorted(sums.items())}


def confusion(cells: Iterable[tuple[Kind, str, str, int]]) -> dict[Kind, Confusion]:
    """Add up cells of (kind, gold label, predicted label, times), labels sorted and ``none`` last."""
    counts: Counter[tuple[Kind, str, str]] = Counter()
    for kind, gold, predicted, times in cells:
        counts[kind, gold, predicted] += times
    found: dict[Kind, Confusion] = {}
    for kind, gold, predicted in sorted(
        counts,
        key=lambda cell: (KINDS.index(cell[0]), *((name == NONE, name) for name in cell[1:])),
    ):
        row = found.setdefault(kind, {}).setdefault(gold, {})
        row[predicted] = counts[kind, gold, predicted]
    return found


def words_of(fact: Fact, text: str) -> Words:
    """The words of a fact, shortened: of a quote its content, speaker and cue."""
    if not isinstance(fact, Quote):
        span = fact.span
        return (_shortened(text[span.start : span.end]),)
    speaker, cue = fact.speaker, fact.cue
    return (
        _shortened(text[fact.content[0].start : fact.content[-1].end]),
        "" if speaker is None else _shortened(speaker.of(text)),
        "" if cue is None else _shortened(cue.of(text)),
    )


def _shortened(words: str) -> str:
    # Nearly all are names, which are as they should be.
    if len(words) <= WORDS and words.isprintable() and "  " not in words and words.strip() == words:
        return words
    words = " ".join(words.split())
    if len(words) > WORDS:
        words = f"{words[: WORDS // 2]} … {words[-WORDS // 2 :]}"
    return words
