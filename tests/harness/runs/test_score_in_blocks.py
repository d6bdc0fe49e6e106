"""Scoring a run in blocks of articles: the blocks do not show in what comes out."""

from collections import Counter
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from strategies import facts

from factharness.backends.environment import hardware
from factharness.facts import Article, GoldArticle, GoldFact, Prediction
from factharness.gold.sets import GoldSet
from factharness.runs import score as scoring
from factharness.runs.extracted import Extracted
from factharness.runs.record import (
    ArticleRecord,
    BackendRecord,
    CountRecord,
    GoldSetRecord,
    Manifest,
    PredictionRecord,
)
from factharness.runs.suite import GateSpec
from factharness.runs.tabulate import ReadBy, TableBuilder, tabulate
from factharness.scheme import FR_NEWS
from factharness.score import evaluate

KINDS = ("entity", "date", "quote")
REGIMES = ("strict", "partial")
TEXT = "Anne Dupont a vu Paris le 3 mai 2020, et « tout va bien », a dit Luc. " * 2


def golds_of(count, drawn):
    return tuple(
        GoldArticle(
            Article(f"a{number}", TEXT, meta={"odd": str(number % 2)}),
            tuple(GoldFact(fact, ignore) for fact, ignore in dict(drawn[number]).items()),
        )
        for number in range(count)
    )


@st.composite
def cases(draw):
    """A gold set, and the answers of three back ends: facts, an error, or none for an article not read."""
    count = draw(st.integers(1, 4))
    golds = golds_of(
        count, [draw(st.lists(st.tuples(facts, st.booleans()), max_size=2)) for _ in range(count)]
    )
    extracted = []
    for name in ("first", "second", "third"):
        lines = []
        for gold in golds:
            said = draw(st.one_of(st.none(), st.just("failed"), st.lists(facts, max_size=2)))
            if said is not None:
                article = gold.article.id
                prediction = (
                    Prediction(article, None, said)
                    if isinstance(said, str)
                    else Prediction(article, tuple(said), used={"tokens": 0.1 * len(said)})
                )
                lines.append(PredictionRecord("set", prediction, 0.25))
        backend = BackendRecord(name, name, kinds=KINDS, map="fr-news-1")
        extracted.append(Extracted(backend, {"set": lines}))
    return GoldSet("set", "1", FR_NEWS, "abcdef", golds), extracted


def scored(goldset, extracted, block):
    with patch.object(scoring, "BLOCK", block):
        made = scoring.score([goldset], {"set": goldset.digest}, extracted, REGIMES)
        results = {one.backend.name: [] for one in extracted}
        for scored_block in made.blocks:
            for its in scored_block.backends:
                results[its.backend] += its.results
        return results, made.on_sets


@settings(max_examples=40)
@given(cases(), st.integers(1, 4))
def test_results_and_summaries_do_not_depend_on_the_size_of_a_block(case, block):
    assert scored(*case, block) == scored(*case, 1000)


@settings(max_examples=40)
@given(cases(), st.integers(1, 4))
def test_results_hold_the_counts_and_matches_of_the_whole_set(case, block):
    goldset, extracted = case
    results, on_sets = scored(goldset, extracted, block)
    for one, on_set in zip(extracted, on_sets, strict=True):
        lines = one.predictions["set"]
        read = [line.prediction.article_id for line in lines]
        whole = evaluate(
            [gold for gold in goldset.articles if gold.article.id in read],
            [line.prediction for line in lines],
            kinds=KINDS,
            regimes=(*REGIMES, scoring.SHOWN_REGIME),
            label_map=FR_NEWS.map_from("fr-news-1"),
        )
        mine = results[one.backend.name]
        assert [result.prediction.article_id for result in mine] == read
        assert Counter(row for result in mine for row in result.counts) == Counter(whole.counts)
        assert Counter(m for result in mine for m in result.matches) == Counter(whole.matches)
        assert on_set.articles == len(whole.articles)
        assert (on_set.errors, on_set.unmapped) == (whole.errors, whole.unmapped)
        assert (on_set.duplicates, on_set.ignored) == (whole.duplicates, whole.ignored)
        assert on_set.unread == tuple(
            gold.article.id for gold in goldset.articles if gold.article.id not in read
        )


def manifest_of(goldset, extracted):
    records = tuple(
        ArticleRecord(gold.article.id, "", "", "", gold.article.meta, len(TEXT))
        for gold in goldset.articles
    )
    return Manifest(
        format=2, id="r", suite="s", suite_path="", regimes=REGIMES, slices=("odd",),
        gate=GateSpec(), started="", seconds=0, version="", python="", platform="", commit=None,
        libraries={}, hardware=hardware(),
        goldsets=(GoldSetRecord("set", "1", "", "abcdef", records),),
        backends=tuple(one.backend for one in extracted),
    )  # fmt: skip


@settings(max_examples=40)
@given(cases())
def test_tables_are_in_the_order_of_the_suite_also_where_a_back_end_has_no_counts(case):
    goldset, extracted = case
    failed = [
        replace(line, prediction=Prediction(line.prediction.article_id, None, "failed"))
        for line in extracted[0].predictions["set"]
    ]
    extracted[0].predictions["set"] = failed
    results, on_sets = scored(goldset, extracted, 1000)
    counts = [
        CountRecord(result.goldset, name, row)
        for name, some in results.items()
        for result in some
        for row in result.counts
    ]
    tables = tabulate(manifest_of(goldset, extracted), iter(counts), on_sets)
    assert [one.backend for one in tables.backends] == ["first", "second", "third"]
    named = list(dict.fromkeys(row.backend for row in tables.scores))
    assert named == [one.backend for one in on_sets if one.articles]
    for name in named:
        alone = [record for record in counts if record.backend == name]
        only = tabulate(
            manifest_of(goldset, extracted), alone, [one for one in on_sets if one.backend == name]
        )
        assert list(only.scores) == [row for row in tables.scores if row.backend == name]


@settings(max_examples=40)
@given(cases(), st.integers(1, 4))
def test_tables_made_while_scoring_are_those_made_of_all_counts(case, block):
    goldset, extracted = case
    extracted[0].seen = {"set": {"entity": ("a0",)}}
    manifest = manifest_of(goldset, extracted)
    metadata = {"set": {gold.article.id: gold.article.meta for gold in goldset.articles}}
    read = [
        ReadBy("set", one.backend.name, len(one.predictions["set"]), one.seen.get("set", {}))
        for one in extracted
    ]
    tables, counts = TableBuilder(manifest, metadata, read), []
    with patch.object(scoring, "BLOCK", block):
        made = scoring.score([goldset], {"set": goldset.digest}, extracted, REGIMES)
        for scored_block in made.blocks:
            for its in scored_block.backends:
                tables.add("set", its.backend, its.columns)
                counts += [
                    CountRecord("set", its.backend, row)
                    for result in its.results
                    for row in result.counts
                ]
    assert tables.finish(manifest, made.on_sets) == tabulate(manifest, counts, made.on_sets)
