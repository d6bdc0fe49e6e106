import itertools
from concurrent.futures import BrokenExecutor, Future
from contextlib import nullcontext
from pathlib import Path

import pytest

from factharness.backends import time_limit, workers
from factharness.backends.recipe import Recipe
from factharness.backends.workers import Placement, run, spread
from factharness.errors import BackendError, SuiteError
from factharness.facts import Article

USE = "file:local_backends.py:build"
HERE = str(Path(__file__).parents[1])
ARTICLES = [Article(f"a{number}", f"Anne {number} part en 20{number:02}.") for number in range(20)]


def predictions(place, timeout=None, **options):
    recipe = Recipe(USE, options, HERE, timeout)
    return [prediction for prediction, _ in run(recipe, recipe.build(), ARTICLES, place)]


@pytest.fixture(scope="module")
def here():
    return predictions(Placement())


def test_in_this_process_every_article_has_its_facts(here):
    assert [p.article_id for p in here] == [a.id for a in ARTICLES]
    assert all(len(p.facts) == 2 for p in here)


@pytest.mark.parametrize("place", [Placement(jobs=2), Placement(isolate=True)])
def test_other_processes_say_the_same_in_the_same_order(here, place):
    assert predictions(place) == here


def test_an_article_fails_alone_in_several_processes(here):
    when = {"a3": "raise", "a11": "error", "a14": "leave", "a17": "panic"}
    made = predictions(Placement(jobs=2), when=when)
    assert [p.article_id for p in made if p.error] == list(when)
    assert [p for p in made if not p.error] == [p for p in here if p.article_id not in when]


@pytest.mark.parametrize("place", [Placement(), Placement(jobs=2), Placement(isolate=True)])
def test_an_article_on_which_the_back_end_wants_to_leave_fails_alone(here, place):
    made = predictions(place, when={"a3": "quit", "a4": "leave"})
    assert [p.article_id for p in made if p.error] == ["a3", "a4"]
    assert all("tried to end the program" in p.error for p in made if p.error)
    assert [p for p in made if not p.error] == here[:3] + here[5:]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("raise", "OSError: a disk gone"),
        ("refuse_alone", "the model is broken"),
        ("leave", "tried to end the program"),
        ("panic", "Panic: a tokenizer's index out of range"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_said_from_several_processes(what, said):
    with pytest.raises(BackendError, match=said):
        predictions(Placement(jobs=2), sick={"load": what})


@pytest.mark.parametrize("place", [Placement(jobs=2), Placement(isolate=True)])
@pytest.mark.parametrize("how", ["die", "vanish"])
def test_a_process_that_dies_costs_only_the_article_it_died_on(here, place, how):
    made = predictions(place, when={"a7": how})
    assert {p.article_id: p.error for p in made if p.error}.keys() == {"a7"}
    assert "the process died" in made[7].error
    assert [p for p in made if not p.error] == here[:7] + here[8:]


@pytest.mark.parametrize("place", [Placement(jobs=2), Placement(isolate=True)])
def test_an_article_is_given_up_when_it_has_ended_a_process_twice_alone(here, tmp_path, place):
    """A process that is killed once while articles are read alone was killed by something else."""
    log = tmp_path / "log"
    made = predictions(place, when={"a7": "die_twice", "a9": "die"}, log=str(log))
    assert [p.article_id for p in made if p.error] == ["a9"]
    assert [p for p in made if not p.error] == here[:9] + here[10:]
    tried = log.read_text().split()
    alone = [name for name in tried[-tried[::-1].index("a7") - 1 :] if name == "a9"]
    # Of two processes, one may have a batch with a9 in hand when a7 is read for the last time.
    assert len(alone) == 2 if place.isolate else len(alone) >= 2


def test_an_article_that_takes_too_long_is_an_error_of_its_own():
    made = predictions(Placement(), timeout=0.5, when={"a2": "sleep"})
    assert [p.article_id for p in made if p.error] == ["a2"]
    assert "more than 0.5 s" in made[2].error


@pytest.mark.parametrize("dozing", [0, 60])
def test_an_alarm_that_is_swallowed_still_ends_the_article(monkeypatch, dozing):
    monkeypatch.setattr(time_limit, "AGAIN", 0.2)
    made = predictions(Placement(), timeout=0.5, when={"a2": "doze"}, dozing=dozing)
    assert [p.article_id for p in made if p.error] == ["a2"]
    assert "more than 0.5 s" in made[2].error


class Frail:
    """A pool in this process, in which an article kills its worker."""

    def __init__(self, fatal):
        self.fatal = fatal

    def submit(self, work, recipe, articles):
        done = Future()
        if any(article.id == self.fatal for article in articles):
            done.set_exception(BrokenExecutor())
        else:
            done.set_result(work(recipe, articles))
        return done


def test_a_pool_that_comes_back_smaller_loses_nothing(monkeypatch, here):
    sizes = itertools.chain([6], itertools.repeat(1))
    monkeypatch.setattr(workers, "processes", lambda _jobs: nullcontext((Frail("a3"), next(sizes))))
    recipe = Recipe(USE, {}, HERE)
    made = [
        p for some in spread(recipe, ([a] for a in ARTICLES), Placement(jobs=6)) for p, _ in some
    ]
    assert [p.article_id for p in made if p.error] == ["a3"]
    assert [p for p in made if not p.error] == here[:3] + here[4:]


@pytest.mark.needs("distributed")
@pytest.mark.slow
def test_a_dask_cluster_says_the_same(here):
    import distributed

    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        place = Placement.parse(f"dask:{cluster.scheduler_address}", 2)
        assert predictions(place) == here
        made = predictions(place, timeout=0.5, when={"a2": "sleep", "a7": "die"})
        assert {p.article_id: p.error for p in made if p.error} == {
            "a2": "took more than 0.5 s",
            "a7": "the process died: it was ended by SIGKILL",
        }
        workers_alive = cluster.scheduler_info["workers"]
        assert len(workers_alive) == 2


@pytest.mark.parametrize("executor", ["spark", "dask", "dask:"])
def test_an_unknown_executor_is_refused(executor):
    with pytest.raises(SuiteError, match="use local or dask:ADDRESS"):
        Placement.parse(executor, 1)
