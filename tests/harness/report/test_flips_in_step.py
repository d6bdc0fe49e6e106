"""The flips of a comparison: read an article at a time, and the same in whatever order the articles are."""

from itertools import groupby

import pytest
from page_runs import gold_set, run_of, stored

from factharness.facts import Entity, Span
from factharness.runs.comparison import compare_runs
from factharness.runs.record import Run

TEXT = "Ana et Bo."
ANA, BO, ET = (Entity(Span(*ends), "PER") for ends in ((0, 3), (7, 9), (4, 6)))
FOUND = ([ANA], [BO], [ANA, BO], [ET], [])


@pytest.fixture
def run(tmp_path):
    """Each back end finds something else in each of ten articles, and fails on one."""
    ids = [f"a{number}" for number in range(10)]
    goldset = gold_set(tmp_path / "set", dict.fromkeys(ids, (TEXT, [ANA, BO])))
    answers = {
        name: {one: FOUND[(step * number) % 5] for number, one in enumerate(ids, 1)}
        for step, name in ((1, "one"), (2, "two"))
    }
    answers["one"]["a3"] = "broken"
    return run_of(
        *(tmp_path, [goldset]),
        {name: stored(tmp_path / name, own) for name, own in answers.items()},
    )


def flips(run):
    (comparison,) = compare_runs((run, "one"), (run, "two"), draws=10, seed=0)
    return comparison.flips


def by_article(records):
    return [list(own) for _, own in groupby(records, lambda record: record.match.article)]


def test_they_are_the_same_when_one_run_has_its_articles_in_another_order(run, monkeypatch):
    expected = flips(run)
    matches = Run.matches

    def turned(self, backend=None):
        articles = by_article(matches(self, backend))
        yield from (one for own in articles[:: -1 if backend == "two" else 1] for one in own)

    monkeypatch.setattr(Run, "matches", turned)
    assert flips(run) == expected
    assert {flip.change for flip in expected} == {"gained", "lost", "wrong", "mended"}
    assert "a3" not in {flip.match.article for flip in expected}
    places = [flip.match.article for flip in expected]
    assert places == sorted(places)


def test_no_side_is_read_far_ahead_of_the_other(run, monkeypatch):
    read, matches = {"one": 0, "two": 0}, Run.matches

    def watched(self, backend=None):
        for own in by_article(matches(self, backend)):
            read[backend] += 1
            assert abs(read["one"] - read["two"]) <= 2
            yield from own

    monkeypatch.setattr(Run, "matches", watched)
    assert flips(run)
    assert read == {"one": 9, "two": 10}
