"""What running, caching and judging cost around the back ends.

    python benchmarks/runs.py [--articles 500] [--rounds 3]

- **processes**: articles per second with `-j 2` over those with one process, per back end, loading left out
  (target on two idle cores: at least 1.7). Stanza once more with a thread per core, which is torch's default.
- **dask**: the same with two workers of a local cluster over one.
- **cache**: milliseconds per article to store predictions and to get them back (target: at most 1).
- **judging**: seconds that `check` and `report` take on a run of five back ends (target: at most 2 each).

The articles are those of the gold set `depeches`, repeated under new ids. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from factharness.backends.cache import Cache, key
from factharness.backends.workers import Place, Recipe, run
from factharness.extractor import load
from factharness.facts import Article, Prediction
from factharness.gold.sets import load_set
from factharness.resources import find

FEW = """
class Few:
    kinds = frozenset({"entity"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles):
        import re
        from factharness.facts import Entity, Span
        for article in articles:
            yield [Entity(Span(*m.span()), "PER") for m in re.finditer(r"[A-Z]\\w+ [A-Z]\\w+", article.text)]
"""


def articles(count: int) -> list[Article]:
    source = [gold.article for gold in load_set(find("goldsets", "depeches")).articles]
    taken = itertools.islice(itertools.cycle(source), count)
    return [replace(article, id=f"a{number:05}") for number, article in enumerate(taken)]


def median(rounds: int, work: Callable[[], object]) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def processes(corpus: list[Article], rounds: int) -> None:
    threads = os.cpu_count() or 1
    several: dict[str, Any] = {"threads": threads}
    for name, options in (("spacy", {}), ("stanza", {}), ("stanza", several)):
        recipe = Recipe(name, options, ".")
        extractor = recipe.build()
        load(extractor)

        def rate(jobs: int, recipe: Recipe = recipe, extractor: object = extractor) -> float:
            """Articles per second, by what a second helping takes: starting and loading cancel out."""
            times = [
                median(rounds, lambda some=some: list(run(recipe, extractor, some, Place(jobs))))
                for some in (corpus[: len(corpus) // 4], corpus)
            ]
            return (len(corpus) - len(corpus) // 4) / (times[1] - times[0])

        one, two = rate(1), rate(2)
        what = f"{name}, {threads} threads" if options else name
        print(
            f"processes  {what:<18}{one:8.1f} articles/s   -j 2 {two:8.1f}   ratio {two / one:.2f}"
        )


def cluster(corpus: list[Article], rounds: int) -> None:
    from distributed import LocalCluster

    recipe = Recipe("spacy", {}, ".")
    extractor = recipe.build()
    rates = []
    for workers in (1, 2):
        with LocalCluster(
            n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None
        ) as there:
            place = Place(workers, there.scheduler_address)
            list(run(recipe, extractor, corpus[:40], place))  # every worker loads the model
            seconds = median(
                rounds, lambda place=place: list(run(recipe, extractor, corpus, place))
            )
            rates.append(len(corpus) / seconds)
    one, two = rates
    print(
        f"dask       spacy   {one:8.1f} articles/s   2 workers {two:5.1f}   ratio {two / one:.2f}"
    )


def cache(corpus: list[Article], rounds: int) -> None:
    names = [key(article, {"version": "1"}) for article in corpus]
    predictions = [Prediction(article.id, ()) for article in corpus]

    def once() -> None:
        with tempfile.TemporaryDirectory() as folder:
            with Cache(Path(folder) / "c.sqlite", print) as store:
                for name, prediction in zip(names, predictions, strict=True):
                    store.put(name, prediction, 0.0)
            with Cache(Path(folder) / "c.sqlite", print) as store:
                assert len(store.get(names)) == len(names)

    print(f"cache      {1000 * median(rounds, once) / len(corpus):.3f} ms per article, put and got")


def judging(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "few.py").write_text(FEW, encoding="utf-8")
        gold = place / "gold"
        gold.mkdir()
        source = itertools.cycle(sorted(find("goldsets", "depeches").glob("*.gold")))
        for number, path in zip(range(count), source):  # noqa: B905
            text = path.read_text(encoding="utf-8")
            name = f"a{number:05}"
            (gold / f"{name}.gold").write_text(text.replace(f'"{path.stem}"', f'"{name}"', 1))
        backends = "".join(
            f'[[backend]]\nuse = "file:few.py:Few"\nname = "few{n}"\n' for n in range(5)
        )
        rules = json.dumps(["*.entity.f1 drop <= 0.01", "new_misses == 0", "errors == 0"])
        suite = f'[suite]\ngoldsets = ["gold"]\n{backends}[gate]\nrules = {rules}\n'
        (place / "suite.toml").write_text(suite, encoding="utf-8")

        def call(*arguments: str) -> None:
            code = "from factharness.cli import main; main()"
            subprocess.run(
                [sys.executable, "-c", code, *arguments],
                cwd=place,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"XDG_CACHE_HOME": folder},
            )

        call("run", "suite.toml", "-o", "out", "-q")
        call("bless", "out", "--reason", "first")
        for name in ("check", "report"):
            seconds = median(rounds, lambda name=name: call(name, "out"))
            print(f"judging    {name:<8}{count} articles x 5 back ends {seconds:6.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    corpus = articles(options.articles)
    judging(options.articles, options.rounds)
    cache(corpus, options.rounds)
    cluster(corpus, options.rounds)
    processes(corpus, options.rounds)


if __name__ == "__main__":
    main()
