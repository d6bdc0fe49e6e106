"""The targets of speed and memory, each beside what is measured: the table of docs/speed.md, as Markdown.

    python benchmarks/targets.py [--only NAME ...] [--times 1]

Each group of rows is measured by the benchmark of its name, which prints more about it. Times are processor
time. `--times` multiplies the numbers of articles, spans and characters. Memory is read as Linux tells it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import gold
import large_run
import machine
import rules_speed
import scorer
import startup
from msgspec import Struct

ROUNDS = 3


class Target(Struct, frozen=True):
    """A target: what is measured, the most or the least it may be, and what it is."""

    what: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the target is missed."""
        if self.most is not None and self.measured > self.most:
            return True
        return self.least is not None and self.measured < self.least

    def line(self) -> str:
        """The row of the table."""
        target = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        measured = f"{significant(self.measured)} {self.unit}"
        return f"| {self.what} | {target} {self.unit} | {measured} | {'missed' if self.missed else 'reached'} |"


def significant(number: float) -> str:
    """Three significant digits, or all those of a large number's whole part."""
    return f"{number:,.0f}" if number >= 100 else f"{number:#.3g}"


def reading(times: float) -> Iterator[Target]:
    """Read a gold set."""
    count = round(2000 * times)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")  # not the user's
        place = Path(folder) / "gold"
        place.mkdir()
        gold.write_set(place, count)
        found = gold.reading(place, ROUNDS)
        del os.environ["XDG_CACHE_HOME"]
    yield Target("reading gold, an article", found["read"].ours, "ms", most=0.8)
    again = found["again, gone through"].ours
    yield Target("reading gold again, unchanged, an article", again, "ms", most=0.15)


def running(times: float) -> Iterator[Target]:
    """Run back ends that cost nearly nothing."""
    few, many = round(5000 * times), round(20_000 * times)
    own = large_run.measure(few, 1)
    yield Target(
        "own time of a run, an article, one back end", 1000 * own.again / few, "ms", most=0.7
    )
    short, long = large_run.measure(few, 3), large_run.measure(many, 3)
    yield Target(
        f"memory of a run, {many:,} articles, three back ends", long.memory, "MB", most=400
    )
    growth = 1000 * (long.memory - short.memory) / (many - few)
    yield Target(f"its growth after {few:,} articles, an article", growth, "KB", most=1)


def scoring(times: float) -> Iterator[Target]:
    """Score spans beside other tools."""
    count, spans = round(20_000 * times), round(8000 * times)

    def seconds(tool: str, repeat: int = ROUNDS) -> float:
        return scorer.apart(tool, count, repeat, "")["seconds"]

    nervaluate = seconds("nervaluate", 1)
    for form, least in (("", 32), (", columns", 80)):
        ratio = nervaluate / seconds(f"factharness, four regimes{form}")
        named = "columns" if form else "rows"
        yield Target(
            f"four regimes from {named}, against nervaluate", ratio, "× its speed", least=least
        )
    ratio = seconds("sets per article") / seconds("factharness, strict, columns")
    yield Target("`strict` from columns, against sets per article", ratio, "× their speed", least=1)
    for shape in scorer.CROSSING:
        taken = scorer.crossing_seconds(shape, spans)
        yield Target(f"{spans:,} spans in one article, {shape}", taken, "s", most=2)


def starting(times: float) -> Iterator[Target]:  # noqa: ARG001 - the default suite has its own articles
    """Run, report and compare the default suite, all predictions from the cache."""
    most = {"run": 0.8, "report": 0.25, "compare": 0.5}
    for name, ours, _, _ in startup.commands(ROUNDS):
        yield Target(f"cached `{name}` of the default suite", ours / 1000, "s", most=most[name])


def rules(times: float) -> Iterator[Target]:
    """Read articles with the rules."""
    articles = rules_speed.articles_of(None, round(300_000 * times))
    speed = rules_speed.per_second(rules_speed.readers()["all three kinds"], articles)
    yield Target("rules, all three kinds, one core", speed / 1e6, "million characters/s", least=0.6)


GROUPS: dict[str, Callable[[float], Iterator[Target]]] = {
    "gold": reading,
    "large_run": running,
    "scorer": scoring,
    "startup": starting,
    "rules_speed": rules,
}
"""The rows of each benchmark, by its name."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", choices=GROUPS, nargs="+", default=[*GROUPS])
    parser.add_argument("--times", type=float, default=1, help="larger inputs, or smaller ones")
    options = parser.parse_args()
    load = machine.load()
    lines = []
    for name in options.only:
        for row in GROUPS[name](options.times):
            lines.append(row.line())
            print(lines[-1], file=sys.stderr)
    print(f"On {machine.described(load)}:\n")
    print("| | target | measured | |\n| --- | ---: | ---: | --- |", *lines, sep="\n")


if __name__ == "__main__":
    main()
