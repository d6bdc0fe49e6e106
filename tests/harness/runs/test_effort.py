"""How many articles show a difference: the sample size against a simulation, and the command."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_runs import entity, text_of, told_run, write_gold

from factharness import api
from factharness.cli import main
from factharness.errors import HarnessError
from factharness.runs.directory import load
from factharness.runs.effort import Need, needs, newest
from factharness.score.counts import Counts
from factharness.score.stats import articles_needed, detectable, paired_p


def f1(values):
    tp, fp, fn = values.sum(axis=0)
    return 2 * tp / (2 * tp + fp + fn)


def population(edge, articles=20_000, seed=7):
    """Counts per article of two back ends that read the same articles; the second finds more by ``edge``."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(8, 40, articles)
    first = rng.binomial(gold, rng.beta(6, 4, articles))
    second = rng.binomial(first, 0.93) + rng.binomial(gold - first, edge)
    spurious = rng.binomial(gold, 0.15), rng.binomial(gold, 0.15)
    return [
        np.stack([found, wrong, gold - found], axis=1)
        for found, wrong in zip((first, second), spurious, strict=True)
    ]


@pytest.mark.parametrize("edge", [0.18, 0.21])
def test_as_many_articles_as_are_needed_show_the_difference_four_times_in_five(edge):
    """The plan is made from the spread of a sample, the experiment drawn from the population; the test is
    the paired one of the tables."""
    first, second = population(edge)
    true = f1(second) - f1(first)
    articles = articles_needed(first[:2000], second[:2000], true)
    rng = np.random.default_rng(1)
    shown = 0
    for seed in range(250):
        drawn = rng.integers(0, len(first), articles)
        shown += paired_p(first[drawn], second[drawn], draws=299, seed=seed) <= 0.05
    assert 0.72 <= shown / 250 <= 0.88


counts = st.lists(
    st.tuples(*[st.builds(Counts, *[st.integers(0, 9)] * 3)] * 2), min_size=2, max_size=12
)


@given(counts, st.floats(0.005, 0.5))
def test_fewer_articles_for_a_larger_difference_and_enough_for_the_detectable_one(
    pairs, difference
):
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    needed = articles_needed(first, second, difference)
    least = detectable(first, second)
    if least is None:
        assert needed is None
        return
    assert needed >= 2
    assert articles_needed(first, second, 2 * difference) <= needed
    assert articles_needed(second, first, difference) == needed
    assert (needed <= len(pairs)) == (difference >= least * (1 - 1e-12)) or needed == 2
    twice = articles_needed(first * 2, second * 2, difference)
    assert twice <= needed + 1  # the same spread, less uncertain


def test_what_is_missing():
    need = Need("s", "entity", "strict", "a", "b", 10, 0.1, 0.05, 63)
    assert (need.more(10), need.more(63), need.more(90)) == (53, 0, 0)
    assert Need("s", "entity", "strict", "a", "b", 10, 0.0, None, None).more(10) is None


TOWNS = ("Metz", "Brest", "Lille", "Caen")


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Four articles of two towns; ``good`` finds both, ``poor`` one in every other article."""
    monkeypatch.chdir(tmp_path)
    answers = {"good": {}, "poor": {}, "none": {}}
    for number, town in enumerate(TOWNS):
        name = f"a{number}"
        path = write_gold(tmp_path / "gold", name, f"Lyon et {town}.\nLOC Lyon\nLOC {town}")
        text = text_of(path)
        found = [entity(text, words, "LOC") for words in ("Lyon", town)]
        answers["good"][name] = found
        answers["poor"][name] = found[: number % 2]
        answers["none"][name] = []
    return told_run(tmp_path, answers, kinds=("entity",))


def test_the_two_best_of_each_kind_or_those_that_are_named(run):
    (best,) = needs(run, 0.5)
    assert (best.first, best.second, best.kind, best.articles) == ("poor", "good", "entity", 4)
    assert best.difference == pytest.approx(1 - 2 * 2 / (2 * 2 + 6))
    assert best.needed > 2
    (named,) = needs(run, 0.5, backends=("good", "none"))
    assert (named.first, named.second, named.difference) == ("good", "none", -1)
    assert (named.detectable, named.needed) == (None, None)


def test_what_is_not_in_the_run_is_told(run):
    with pytest.raises(HarnessError, match="unknown back end 'god'"):
        needs(run, 0.5, backends=("god", "none"))
    with pytest.raises(HarnessError, match="no two back ends"):
        needs(run, 0.5, goldset="other")


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


def test_the_plan_of_a_run_and_of_a_set(run, tmp_path, capsys):
    assert call("plan", run.path, "--difference", 0.5, "--minutes-per-article", 30) == 0
    out = capsys.readouterr().out
    assert "Articles of gold until a difference of 0.5 in F1 shows" in out
    assert "poor, good" in out
    assert "hours" in out
    assert "Fewer than 20 articles" in out
    assert call("plan", "gold", "--runs", run.path.parent) == 0
    assert "articles now" not in capsys.readouterr().out
    write_gold(tmp_path / "gold", "a9", "Rien.")
    place = ("--runs", run.path.parent)
    assert call("plan", "gold", "--difference", 0.5, "--json", *place) == 0
    (need,) = json.loads(capsys.readouterr().out)
    assert call("plan", "gold", "--difference", 0.5, *place) == 0
    out = capsys.readouterr().out
    assert "The set has 5 articles now, the run 4" in out
    assert "hours" not in out
    assert f"{need['needed']}" in out
    assert call("plan", "gold", "-b", "good", "-b", "none", *place) == 0
    assert "the two do not differ in any article" in " ".join(capsys.readouterr().out.split())


def test_a_set_without_a_run_is_told_how_to_make_one(run, tmp_path, capsys):
    write_gold(tmp_path / "more", "b", "Rien.")
    for place in (run.path.parent, tmp_path / "nowhere"):
        assert call("plan", "more", "--runs", place) == 2
        assert "no run of two back ends on more" in capsys.readouterr().err
    assert call("plan", run.path, "-b", "good") == 2
    assert "name two back ends" in capsys.readouterr().err


def test_the_newest_run_with_two_back_ends_is_taken(run):
    again = load(run.path)
    assert newest([run, again], "gold") is again
    assert newest([run], "other") is None
    assert newest([], "gold") is None


def test_a_back_end_that_borrows_is_not_compared_with_the_one_it_borrows_from(run, tmp_path):
    """Nor are articles of one set counted for another, or back ends that could not be built."""
    write_gold(tmp_path / "more", "b", "Lyon.\nLOC Lyon")
    for name in ("good", "poor", "none"):
        with (tmp_path / f"{name}.jsonl").open("a", encoding="utf-8") as file:
            file.write('{"id": "b", "facts": []}\n')
    suite = (tmp_path / "told.toml").read_text(encoding="utf-8")
    suite = suite.replace('goldsets = ["gold"]', 'goldsets = ["gold", "more"]')
    suite += '[[backend]]\nname = "mixed"\nentities = "good"\n'
    suite += '[[backend]]\nuse = "replay"\nname = "gone"\noptions = { path = "x" }\n'
    (tmp_path / "both.toml").write_text(suite, encoding="utf-8")
    both = api.run(tmp_path / "both.toml", output=tmp_path / "both", cache=False)
    found = [need for need in needs(both, 0.5) if need.goldset == "gold"]
    assert [(need.first, need.second, need.articles) for need in found] == [("poor", "good", 4)]
