"""Scores predictions: counts and matches per article, then the rows of the tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from msgspec import Struct, field
from msgspec.structs import replace

from factharness.facts import KINDS, Date, Fact, GoldArticle, Kind, Quote, spans_of
from factharness.gold.articles import in_memory
from factharness.gold.sets import GoldSet
from factharness.runs.extracted import Extracted
from factharness.runs.leads import against_parts, leads, tested_columns
from factharness.runs.record import (
    ArticleResult,
    BackendOnSet,
    BackendRecord,
    Confusion,
    CountRecord,
    GoldFacts,
    Manifest,
    PredictionRecord,
    RunScores,
    ScoreRecord,
    Words,
)
from factharness.scheme import Scheme
from factharness.score import ALL, CountRow, Evaluation, Match, ScoreRow, aggregate, evaluate
from factharness.score.stats import DRAWS, detectable
from factharness.score.tally import NONE
from factharness.signature import SEED, Signature, backend_part, gold_part, map_part
from factharness.variants.names import GENDER, ORIGIN

SEEN, UNSEEN = "seen", "unseen"
"""The slices of the articles that a back end has seen, and of the others.

For a back end that has seen none, they are what other back ends have seen, so that all can be compared on the
articles that are new to everybody.
"""

GROUPED = (ORIGIN, GENDER)
"""The attributes of gold facts by which the recall of a variant is shown."""

SHOWN_REGIME = "typed-partial"
"""The regime that the table of entities shows whatever the suite asks for; dates and quotes are always scored
under those that theirs show."""

WORDS = 80
"""The most characters of a fact's words that are stored."""


BLOCK = 500
"""How many articles are scored together: enough to count them fast, and few in memory at a time."""


class Scored(Struct):
    """The results of every back end, article by article, and its summary on each gold set.

    The articles are scored while the results of a back end are read, so they can be read once; only then
    ``on_sets`` has its summaries.
    """

    results: dict[str, Iterator[ArticleResult]]
    on_sets: list[BackendOnSet]

    def counts(self) -> Iterator[CountRecord]:
        """All counts, back end by back end. Reads the results."""
        for backend, results in self.results.items():
            for result in results:
                for row in result.counts:
                    yield CountRecord(result.goldset, backend, row)


def score(
    goldsets: Sequence[GoldSet],
    digests: Mapping[str, str],
    extracted: Sequence[Extracted],
    regimes: Sequence[str],
    variant: str = "",
) -> Scored:
    """Score predictions, on a variant of the articles where it is named.

    ``digests`` has the digest of each whole gold set as it is in its files, also when this is a shard.
    """
    scored = Scored({}, [])

    def results(one: Extracted) -> Iterator[ArticleResult]:
        for goldset in goldsets:
            gold = gold_part(goldset.name, goldset.version, digests[goldset.name], variant)
            lines = one.predictions[goldset.name]
            summed = Summed()
            yield from _scored(goldset, one.backend, lines, regimes, summed)
            read = {line.prediction.article_id for line in lines}
            unread = (entry.id for entry in in_memory(goldset.articles).entries)
            scored.on_sets.append(
                replace(
                    _on_set(goldset, gold, one.backend, lines, summed),
                    unread=tuple(name for name in unread if name not in read),
                    seen=one.seen.get(goldset.name, {}),
                )
            )

    for one in extracted:
        if not one.backend.unavailable:
            scored.results[one.backend.name] = results(one)
    return scored


def _scored(
    goldset: GoldSet,
    backend: BackendRecord,
    lines: Sequence[PredictionRecord],
    regimes: Sequence[str],
    summed: Summed,
) -> Iterator[ArticleResult]:
    """The results on the articles of ``lines``, in their order; ``summed`` gets what they add up to."""
    read = {line.prediction.article_id for line in lines}
    articles = in_memory(goldset.articles)
    its = articles.chosen(n for n, entry in enumerate(articles.entries) if entry.id in read)
    for start in range(0, len(lines), BLOCK):
        golds, some = list(its[start : start + BLOCK]), lines[start : start + BLOCK]
        evaluation = _evaluate(golds, goldset.scheme, backend, some, regimes)
        summed.add(evaluation)
        yield from _results(goldset.name, golds, some, evaluation)


class Summed(Struct):
    """The sums of evaluations of other articles each, by the names of :class:`Evaluation`."""

    articles: int = 0
    errors: dict[str, str] = field(default_factory=dict)
    unmapped: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    ignored: int = 0
    confusion: Counter[tuple[Kind, str, str]] = field(default_factory=Counter)

    def add(self, evaluation: Evaluation) -> None:
        """Add one more evaluation."""
        self.articles += len(evaluation.articles)
        self.errors |= evaluation.errors
        self.unmapped.update(evaluation.unmapped)
        self.duplicates += evaluation.duplicates
        self.ignored += evaluation.ignored
        self.confusion.update(
            (match.kind, match.label or NONE, match.predicted or NONE)
            for match in evaluation.matches
            if not match.ignored
        )


def gold_lines(goldsets: Iterable[GoldSet]) -> Iterator[GoldFacts]:
    """The gold of each article as a run keeps it."""
    for goldset in goldsets:
        for gold in goldset.articles:
            yield GoldFacts(
                goldset.name,
                gold.article.id,
                tuple(held.fact for held in gold.facts),
                tuple(words_of(held.fact, gold.article.text) for held in gold.facts),
                tuple(held.line for held in gold.facts),
                _groups(gold),
            )


def _groups(gold: GoldArticle) -> tuple[tuple[str, ...], ...]:
    """The groups of each fact; empty where no fact is in one."""
    groups = tuple(
        tuple(f"{key}={held.attributes[key]}" for key in GROUPED if key in held.attributes)
        for held in gold.facts
    )
    return groups if any(groups) else ()


def _evaluate(
    golds: Sequence[GoldArticle],
    scheme: Scheme,
    backend: BackendRecord,
    lines: Sequence[PredictionRecord],
    regimes: Sequence[str],
) -> Evaluation:
    return evaluate(
        golds,
        [line.prediction for line in lines],
        kinds=backend.kinds,
        regimes=(*regimes, SHOWN_REGIME),
        label_map=scheme.map_from(backend.map),
        scheme=scheme,
    )


def _results(
    goldset: str,
    golds: Sequence[GoldArticle],
    lines: Sequence[PredictionRecord],
    evaluation: Evaluation,
) -> Iterator[ArticleResult]:
    """What was answered, counted and matched, article by article."""
    counts: dict[str, list[CountRow]] = {}
    for row in evaluation.counts:
        counts.setdefault(row.article, []).append(row)
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
            tuple(sorted(counts.get(name, ()), key=lambda row: (row.kind, row.regime, row.label))),
            tuple(sorted(matches.get(name, ()), key=_match_key)),
        )


def _match_key(match: Match) -> tuple[str, float, int]:
    """By kind and gold; a prediction without gold comes after all gold."""
    return (
        match.kind,
        math.inf if match.gold is None else match.gold,
        -1 if match.pred is None else match.pred,
    )


def _on_set(
    goldset: GoldSet,
    gold: str,
    backend: BackendRecord,
    lines: Sequence[PredictionRecord],
    summed: Summed,
) -> BackendOnSet:
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
        seconds=round(sum(line.seconds for line in lines), 6),
        errors=summed.errors,
        unmapped=dict(sorted(summed.unmapped.items())),
        duplicates=summed.duplicates,
        ignored=summed.ignored,
        cached=sum(line.cached for line in lines),
        used=added(line.prediction.used for line in lines),
        without=_without(lines),
        confusion=confusion((*cell, times) for cell, times in summed.confusion.items()),
        unresolved=sum(
            isinstance(fact, Date) and fact.value is None
            for line in lines
            for fact in line.prediction.facts or ()
        ),
    )


def _without(lines: Sequence[PredictionRecord]) -> dict[str, dict[str, str]]:
    """The parts of a combination that failed, with their errors by article."""
    failed: dict[str, dict[str, str]] = {}
    for line in lines:
        for part, error in line.prediction.without.items():
            failed.setdefault(part, {})[line.prediction.article_id] = error
    return failed


def added(used: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The sums of what was used, by name."""
    sums: Counter[str] = Counter()
    for one in used:
        sums.update(one)
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
    spans = spans_of(fact)
    content = _shortened(text[spans[0].start : spans[-1].end])
    if not isinstance(fact, Quote):
        return (content,)
    mentions = (fact.speaker, fact.cue)
    return (content, *("" if span is None else _shortened(span.of(text)) for span in mentions))


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > WORDS:
        words = f"{words[: WORDS // 2]} … {words[-WORDS // 2 :]}"
    return words


def tabulate(
    manifest: Manifest, counts: Iterable[CountRecord], on_sets: Sequence[BackendOnSet]
) -> RunScores:
    """Make the rows of the tables from counts; needs neither gold nor predictions.

    The counts of a back end must stand together: those of one back end are in memory at a time, and of the
    others only what is tested.
    """
    tested = set(tested_columns(manifest))
    kept: dict[tuple[str, str], list[CountRow]] = {}
    made: dict[tuple[str, str], tuple[list[ScoreRecord], BackendOnSet]] = {}

    def make(on_set: BackendOnSet, mine: Sequence[CountRow]) -> None:
        pair = on_set.goldset, on_set.backend
        kept[pair] = [row for row in mine if (row.kind, row.label, row.regime) in tested]
        rows = _rows(manifest, on_set, mine, _seen_by_some(on_sets, on_set.goldset))
        made[pair] = list(rows), replace(on_set, detectable=_detectable(manifest, mine))

    for backend, records in groupby(counts, key=lambda record: record.backend):
        by_set: dict[str, list[CountRow]] = {}
        for record in records:
            by_set.setdefault(record.goldset, []).append(record.row)
        for on_set in on_sets:
            if on_set.backend == backend:
                make(on_set, by_set.pop(on_set.goldset, ()))
    for on_set in on_sets:
        if (on_set.goldset, on_set.backend) not in made:
            make(on_set, ())
    ordered = [made[on_set.goldset, on_set.backend] for on_set in on_sets]
    return RunScores(
        tuple(judged for _, judged in ordered),
        tuple(row for rows, _ in ordered for row in rows),
        tuple(leads(manifest, kept)),
        parts=tuple(against_parts(manifest, kept)),
    )


def _detectable(manifest: Manifest, counts: Sequence[CountRow]) -> dict[Kind, float]:
    found: dict[Kind, float] = {}
    for kind in KINDS:
        regime = manifest.main_regime(kind)
        values = [
            row.counts for row in counts if (row.kind, row.label, row.regime) == (kind, ALL, regime)
        ]
        least = detectable(values) if values else None
        if least is not None:
            found[kind] = round(least, 6)
    return found


def _seen_by_some(on_sets: Sequence[BackendOnSet], goldset: str) -> dict[Kind, set[str]]:
    """Per kind, the articles of a gold set that back ends have seen which have not seen all of them."""
    seen: dict[Kind, set[str]] = {}
    for on_set in on_sets:
        if on_set.goldset == goldset:
            for kind, articles in on_set.seen.items():
                if len(articles) < on_set.articles + len(on_set.errors):
                    seen.setdefault(kind, set()).update(articles)
    return seen


def _rows(
    manifest: Manifest,
    on_set: BackendOnSet,
    counts: Sequence[CountRow],
    seen_by_some: Mapping[Kind, Collection[str]],
) -> Iterator[ScoreRecord]:
    (goldset,) = (one for one in manifest.goldsets if one.name == on_set.goldset)
    meta = {
        article.id: article.meta
        for article in goldset.articles
        if article.id not in on_set.errors and article.id not in on_set.unread
    }
    # Only the columns of the tables get intervals: 10 000 draws for every label and regime would take longer
    # than some back ends.
    shown = set(tested_columns(manifest))
    regimes = {(kind, regime) for kind, _, regime in shown}
    drawn = [
        row
        for row in counts
        if (row.kind, row.label, row.regime) in shown
        or (row.label == ALL and (row.kind, row.regime) in regimes)
    ]
    intervals = {
        (row.kind, row.label, row.regime): (row.low, row.high)
        for row in aggregate(drawn, articles=meta, draws=DRAWS, seed=SEED)
        if row.average == "micro"
    }
    sliced = aggregate(counts, articles=meta, slices=manifest.slices)
    split = {**seen_by_some, **on_set.seen}
    for row in chain(sliced, _seen_and_unseen(split, counts, meta)):
        if (row.slice, row.average) == (ALL, "micro"):
            low, high = intervals.get((row.kind, row.label, row.regime), (None, None))
            row = replace(row, low=low, high=high)
        label = "" if row.label == ALL else f".{row.label}"
        signature = on_set.signature.of(f"{row.kind}{label}.f1", row.regime)
        yield ScoreRecord(goldset.name, on_set.backend, row, signature)


def _seen_and_unseen(
    split: Mapping[Kind, Collection[str]], counts: Sequence[CountRow], scored: Collection[str]
) -> Iterator[ScoreRow]:
    """The scores on the seen articles of ``split`` and on the others, for kinds that have both."""
    for kind, articles in split.items():
        seen = {article: {"seen": SEEN if article in articles else UNSEEN} for article in scored}
        if len({slices["seen"] for slices in seen.values()}) < 2:
            continue
        mine = [row for row in counts if row.kind == kind]
        for row in aggregate(mine, articles=seen, slices=["seen"]):
            if row.slice != ALL:
                yield replace(row, slice=row.slice.partition("=")[2])
