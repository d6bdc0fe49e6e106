"""What extraction costs per article, and from that, on paper, what a million, or a thousand million, cost.

    python benchmarks/scale.py [--times 1] [--only rules] [--growth-of rules]

Runs `factharness extract` on the articles of the gold set `depeches`, repeated under new ids, with 1, 2 and 4
workers, each on a short and a long input: the difference of the two is the work without starting and loading.
Per article: processor time of all processes together, which other programs disturb little, and time on the
clock, from which the articles per second come. Memory is the peak of one process with the model loaded.
Prints Markdown. `--times` multiplies the number of articles; `--growth-of` names the back ends that are run
with more than one worker. All of it takes about six minutes on two idle cores.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import machine
from msgspec import Struct

from factharness.corpus.cut import LEAST, MOST_PARTS

COMMAND = (sys.executable, "-c", "from factharness.cli import main; main()", "extract")
BACKENDS = {"rules": (512, 2560), "spacy": (64, 320), "stanza": (64, 192)}
"""The articles of the short and the long input: seconds of work each, and so many batches of 32 that the
difference is the same number of batches for each of four workers."""

WORKERS = (1, 2, 4)
SIZES = (10**6, 10**8, 10**9)
BANDWIDTH = 10**9
"""Bytes per second that the folder that all workers share reads and writes together: an assumption."""


QUIET = 1.0
"""From this load on, before anything is measured, the clock says nothing, and the growth is left out."""


class Cost(Struct, frozen=True):
    """What a command took: seconds of processors and of the clock; the peak memory of a process, bytes."""

    processor: float
    clock: float
    memory: int


class Measured(Struct, frozen=True):
    """Of a back end: seconds per article by the number of workers, memory in bytes, bytes per article."""

    processor: dict[int, float]
    clock: dict[int, float]
    memory: int
    read: float
    written: float

    @property
    def per_core(self) -> float:
        """Articles that a core extracts in a second."""
        return 1 / self.processor[1]


def texts() -> list[str]:
    """The articles of the gold set, in a process of its own: the memory of this one is handed on to others."""
    code = """if True:
        import json
        from factharness.gold.sets import load_set
        from factharness.resources import find
        texts = [gold.article.text for gold in load_set(find("goldsets", "depeches")).articles]
        print(json.dumps(texts))"""
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    return json.loads(found.stdout)


def write(path: Path, articles: list[str], count: int) -> None:
    """An input of so many articles, as JSON lines."""
    with path.open("w", encoding="utf-8") as out:
        for number, text in enumerate(itertools.islice(itertools.cycle(articles), count)):
            record = {"id": f"a{number:09}", "published": "2024-03-05", "text": text}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def extract(backend: str, source: Path, place: Path, jobs: int) -> Cost:
    """Extract once, and what that took."""
    command = [*COMMAND, backend, str(source), "-q", "-o", str(place), "-j", str(jobs)]
    place.unlink(missing_ok=True)
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    clock = time.perf_counter() - start
    return Cost(used.ru_utime + used.ru_stime, clock, used.ru_maxrss * 1024)


def measure(
    backend: str,
    articles: list[str],
    sizes: tuple[int, int],
    workers: tuple[int, ...],
    folder: Path,
) -> Measured:
    """Extract the short and the long input with each number of workers."""
    short, long = sizes
    inputs = {count: folder / f"{count}.jsonl" for count in sizes}
    outputs = {count: folder / f"{backend}-{count}.jsonl" for count in sizes}
    for count, path in inputs.items():
        write(path, articles, count)
    processor, clock, memory = {}, {}, 0
    for jobs in workers:
        few, many = (extract(backend, inputs[n], outputs[n], jobs) for n in sizes)
        processor[jobs] = (many.processor - few.processor) / (long - short)
        clock[jobs] = (many.clock - few.clock) / (long - short)
        memory = memory or many.memory
        print(backend, jobs, few, many, file=sys.stderr)
    written = outputs[long].stat().st_size
    return Measured(processor, clock, memory, inputs[long].stat().st_size / long, written / long)


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    """A Markdown table; the first column is text, the others are numbers."""
    lines = [head, ("---", *["---:"] * (len(head) - 1)), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def costs(found: dict[str, Measured]) -> str:
    head = ("back end", "articles/s and core", "MB of a process", "bytes in", "bytes out")
    return table(
        head,
        (
            (
                name,
                f"{one.per_core:,.0f}" if one.per_core >= 10 else f"{one.per_core:.1f}",
                f"{one.memory / 2**20:,.0f}",
                f"{one.read:,.0f}",
                f"{one.written:,.0f}",
            )
            for name, one in found.items()
        ),
    )


def growth(found: dict[str, Measured], load: float) -> str:
    head = ("back end", *(f"×{n}" for n in WORKERS), *(f"ms, {n}" for n in WORKERS))
    return table(
        head,
        (
            (
                name,
                *(f"{one.clock[1] / one.clock[n]:.2f}" if load < QUIET else "–" for n in WORKERS),
                *(f"{1000 * one.processor[n]:.2f}" for n in WORKERS),
            )
            for name, one in found.items()
            if len(one.clock) > 1
        ),
    )


def parts(size: float) -> int:
    """Of how many parts an input of so many bytes is, by the default size of parts."""
    return math.ceil(size / max(LEAST, size // MOST_PARTS))


def bottleneck(one: Measured, articles: int) -> str:
    """What keeps more cores from helping, and from how many cores on."""
    busy = parts(articles * one.read)
    folder = int(BANDWIDTH / (one.per_core * (one.read + one.written)))
    return f"parts, {busy:,} cores" if busy < folder else f"shared folder, {folder:,} cores"


def paper(found: dict[str, Measured]) -> str:
    head = ("articles", "back end", "core hours", "GB in", "GB out", "files", "first bottleneck")

    def rows() -> Iterator[tuple[str, ...]]:
        for articles in SIZES:
            for name, one in found.items():
                yield (
                    f"{articles // 10**6:,} million",
                    name,
                    f"{articles / one.per_core / 3600:,.1f}",
                    f"{articles * one.read / 1e9:,.1f}",
                    f"{articles * one.written / 1e9:,.1f}",
                    f"{2 * parts(articles * one.read) + 1:,}",
                    bottleneck(one, articles),
                )

    return table(head, rows())


def report(found: dict[str, Measured], articles: list[str], times: float, load: float) -> None:
    """Print the tables."""
    long = ", ".join(f"{round(times * BACKENDS[name][1]):,} for {name}" for name in found)
    length = sum(map(len, articles)) / len(articles)
    print(f"Articles of {length:,.0f} characters on average ({long}), read from JSON lines and")
    print(f"written as JSON lines, on {machine.described(load)}:\n")
    print(costs(found))
    print(
        "\nSpeed with 1, 2 and 4 workers over that with one, and processor milliseconds per article:\n"
    )
    print(growth(found, load))
    print("\nOn paper, from these figures, on any number of such cores:\n")
    print(paper(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--times", type=float, default=1, help="more articles, or fewer")
    parser.add_argument("--only", choices=BACKENDS, nargs="+", default=[*BACKENDS])
    parser.add_argument("--growth-of", choices=BACKENDS, nargs="+", default=[*BACKENDS])
    options = parser.parse_args()
    load = machine.load()
    articles = texts()
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in options.only:
            short, long = (max(1, round(options.times * count)) for count in BACKENDS[name])
            if short == long:
                parser.error("too few articles")
            workers = WORKERS if name in options.growth_of else WORKERS[:1]
            found[name] = measure(name, articles, (short, long), workers, Path(folder))
    report(found, articles, options.times, load)


if __name__ == "__main__":
    main()
