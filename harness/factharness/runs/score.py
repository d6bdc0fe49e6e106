"""Scores predictions: counts and matches per article, then the rows of the tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from factharness.facts import KINDS, Date, Fact, GoldArticle, Kind, Quote, spans_of
from factharness.gold.sets import GoldSet
from factharness.runs.leads import leads, tested_columns
from factharness.runs.predict import Extracted
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


class Scored(Struct):
    """The results of every back end, article by article, and its summary on each gold set."""

    results: dict[str, list[ArticleResult]]
    on_sets: list[BackendOnSet]

    def counts(self) -> Iterator[CountRecord]:
        """All counts, back end by back end."""
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
    for one in extracted:
        if one.backend.unavailable:
            continue
        results = scored.results.setdefault(one.backend.name, [])
        for goldset in goldsets:
            lines = one.predictions[goldset.name]
            read = {line.prediction.article_id for line in lines}
            its = [gold for gold in goldset.articles if gold.article.id in read]
            unread = [gold.article.id for gold in goldset.articles if gold.article.id not in read]
            given = replace(goldset, articles=tuple(its))
            evaluation = _evaluate(given, one.backend, lines, regimes)
            results += _results(given, lines, evaluation)
            gold = gold_part(goldset.name, goldset.version, digests[goldset.name], variant)
            on_set = _on_set(given, gold, one.backend, lines, evaluation)
            scored.on_sets.append(
                replace(on_set, unread=tuple(unread), seen=one.seen.get(goldset.name, {}))
            )
    return scored


def gold_facts(goldset: GoldSet) -> Iterator[GoldFacts]:
    """The gold of each article as a run keeps it."""
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
    goldset: GoldSet,
    backend: BackendRecord,
    lines: Sequence[PredictionRecord],
    regimes: Sequence[str],
) -> Evaluation:
    return evaluate(
        goldset.articles,
        [line.prediction for line in lines],
        kinds=backend.kinds,
        regimes=(*regimes, SHOWN_REGIME),
        label_map=label_map(backend.map, goldset.scheme),
        scheme=goldset.scheme,
    )


def label_map(named: str | Mapping[str, str], scheme: Scheme) -> Mapping[str, str]:
    """From a back end's labels to those of a gold set: as its suite says, else as the set's scheme does."""
    return scheme.map_from(named) if isinstance(named, str) else named


def _results(
    goldset: GoldSet, lines: Sequence[PredictionRecord], evaluation: Evaluation
) -> Iterator[ArticleResult]:
    """What was answered, counted and matched, article by article."""
    counts: dict[str, list[CountRow]] = {}
    for row in evaluation.counts:
        counts.setdefault(row.article, []).append(row)
    matches: dict[str, list[Match]] = {}
    for match in evaluation.matches:
        matches.setdefault(match.article, []).append(match)
    for gold, line in zip(goldset.articles, lines, strict=True):
        name, text = gold.article.id, gold.article.text
        yield ArticleResult(
            goldset.name,
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
    evaluation: Evaluation,
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
        articles=len(evaluation.articles),
        seconds=round(sum(line.seconds for line in lines), 6),
        errors=evaluation.errors,
        unmapped=evaluation.unmapped,
        duplicates=evaluation.duplicates,
        ignored=evaluation.ignored,
        cached=sum(line.cached for line in lines),
        used=added(line.prediction.used for line in lines),
        confusion=confusion(
            (match.kind, match.label or NONE, match.predicted or NONE, 1)
            for match in evaluation.matches
            if not match.ignored
        ),
        unresolved=sum(
            isinstance(fact, Date) and fact.value is None
            for line in lines
            for fact in line.prediction.facts or ()
        ),
    )


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
    """Make the rows of the tables from counts; needs neither gold nor predictions."""
    by_pair: dict[tuple[str, str], list[CountRow]] = {}
    for record in counts:
        by_pair.setdefault((record.goldset, record.backend), []).append(record.row)
    rows: list[ScoreRecord] = []
    judged: list[BackendOnSet] = []
    for on_set in on_sets:
        mine = by_pair.get((on_set.goldset, on_set.backend), [])
        rows += _rows(manifest, on_set, mine, _seen_by_some(on_sets, on_set.goldset))
        judged.append(replace(on_set, detectable=_detectable(manifest, mine)))
    return RunScores(tuple(judged), tuple(rows), tuple(leads(manifest, by_pair)))


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
