"""Long extractions and runs whose workers are killed and whose disk is full once: is every article there once?

    python benchmarks/soak.py [--articles 200000] [--run-articles 20000] [--kill-every 30]

First `factharness extract rules`, then `factharness run` with two back ends, each on short articles:

1. The command may not write a file beyond a size that its output exceeds (`RLIMIT_FSIZE`), as on a full disk.
   It has to end with 2.
2. The same command without the limit goes on. Every `--kill-every` seconds, once the output or the cache has
   changed since the last time, one of its workers is killed (SIGKILL), `--most-kills` times at most. It has to
   end with 0.
3. The output must have every article once, in order, and no error: a kill costs nothing but time.

Memory is that of the command and of its largest worker, sampled twice a second as long as there are workers:
the median of the second quarter of the time beside that of the last, and the peak. That of an extraction may
not grow by more than `--growth` MB; a run keeps its predictions until they are scored. Prints a table in
Markdown, or ends with 1 when something of this does not hold. Needs Linux.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

import machine

from factharness.backends.descendants import descendants

COMMAND = (sys.executable, "-c", "from factharness.cli import main; main()")
CACHE = "cache"
"""The folder of the cache, beside the output."""

INTERVAL = 0.5
"""Seconds between samples of memory."""

NAMES = ("Anne Martin", "Paul Durand", "Mairie de Lyon", "Léa Petit", "Université de Nantes")

FEW = """
import re
from factharness.facts import Entity, Span

class Few:
    kinds = frozenset({"entity"})
    def fingerprint(self):
        return {"version": "1"}
    def extract(self, articles):
        for article in articles:
            yield [Entity(Span(*m.span()), "PER") for m in re.finditer("[A-Z]\\\\w+ [A-Z]\\\\w+", article.text)]
"""

GOLD = """gold      = 1
id        = "{id}"
title     = "Essai"
lang      = "fr"
published = 2024-03-05T08:30:00+01:00
licence   = {{ text = "CC0-1.0", labels = "CC0-1.0" }}
labels    = {{ scheme = "fr-news-1", by = ["a"], status = "single", prelabel = "none" }}
text      = "full"
sha256    = "{sha256}"
+++
> {text}
"""


class Failure(Exception):
    """Something that the soak checks does not hold."""


def text(number: int) -> str:
    name = NAMES[number % len(NAMES)]
    return f"{name} a dit « c'est le numéro {number} » le {number % 28 + 1} mars 2024 à Paris."


def write_corpus(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number in range(count):
            record = {"id": f"a{number:08}", "text": text(number)}
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def gold_of(name: str, words: str) -> str:
    return GOLD.format(id=name, text=words, sha256=hashlib.sha256(words.encode()).hexdigest())


def write_suite(folder: Path, count: int) -> None:
    gold = folder / "gold"
    gold.mkdir()
    for number in range(count):
        name = f"a{number:08}"
        (gold / f"{name}.gold").write_text(gold_of(name, text(number)), "utf-8")
    (folder / "few.py").write_text(FEW, encoding="utf-8")
    backends = '[[backend]]\nuse = "rules"\n[[backend]]\nuse = "file:few.py:Few"\nname = "few"\n'
    (folder / "suite.toml").write_text(f'[suite]\ngoldsets = ["gold"]\n{backends}', "utf-8")


def state(place: Path) -> set[tuple[Path, int, int]]:
    """The files of an output, those beside it that belong to it, and the cache: path, bytes, time of change."""
    names = (f"*{place.name}*", f".*{place.name}*", CACHE)
    beside = [path for name in names for path in place.parent.glob(name)]
    found = set()
    for path in itertools.chain(beside, *(one.rglob("*") for one in beside)):
        try:
            stat = path.stat()
        except OSError:  # renamed or removed meanwhile
            continue
        found.add((path, stat.st_size, stat.st_mtime_ns))
    return found


def held(pid: int) -> int:
    """Bytes of memory of a process; 0 when it has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


def workers(pid: int) -> list[int]:
    """The processes that work for a command."""
    found = []
    for child, _ in descendants([pid]):
        try:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(child)
        except OSError:
            continue
    return sorted(found)


class Memory(NamedTuple):
    """MB of a process in the second quarter of the time, in the last, and the most."""

    early: float
    late: float
    peak: float

    @staticmethod
    def of(samples: list[int], peak: int) -> Memory:
        """From samples in bytes."""
        quarter = len(samples) // 4
        early, late = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
        return Memory(*(b / 2**20 for b in (median(early or [0]), median(late or [0]), peak)))

    def __str__(self) -> str:
        return f"{self.early:.0f}, {self.late:.0f}, {self.peak:.0f}"


class Soaked(NamedTuple):
    """What became of a command: seconds, workers killed, memory of the command and of its largest worker."""

    seconds: float
    kills: int
    own: Memory
    worker: Memory

    @property
    def growth(self) -> float:
        """MB by which the command or its workers grew."""
        return max(one.late - one.early for one in (self.own, self.worker))


class Watch(threading.Thread):
    """Samples the memory of a command, and kills one of its workers every ``every`` seconds."""

    def __init__(self, pid: int, place: Path, every: float, most: int) -> None:
        super().__init__()
        self.pid, self.place, self.every, self.most = pid, place, every, most
        self.peak = 0
        self.own: list[int] = []
        self.largest: list[int] = []
        self.kills = 0
        self.over = threading.Event()

    def run(self) -> None:
        last, before = time.monotonic(), state(self.place)
        while not self.over.wait(INTERVAL):
            there = workers(self.pid)
            self.peak = max(self.peak, held(self.pid))
            if not there:
                continue
            self.own.append(held(self.pid))
            self.largest.append(max(map(held, there)))
            if self.kills >= self.most or time.monotonic() - last < self.every:
                continue
            now = state(self.place)
            if now == before:  # no work was done since the last kill: workers are still beginning
                continue
            try:
                os.kill(there[self.kills % len(there)], signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.kills += 1
            last, before = time.monotonic(), now

    def memory(self) -> tuple[Memory, Memory]:
        """The figures of the command, whose peak is that of the whole time, and of its largest worker."""
        return Memory.of(self.own, self.peak), Memory.of(self.largest, max(self.largest, default=0))


def limited(size: int) -> Callable[[], None]:
    """What sets a limit to the files that a process writes."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def soak(name: str, command: list[str], place: Path, limit: int, every: float, most: int) -> Soaked:
    """Run the command on a full disk, then with killed workers."""
    environment = os.environ | {"XDG_CACHE_HOME": str(place.parent / CACHE)}
    asked = {"cwd": place.parent, "env": environment, "stderr": subprocess.PIPE, "text": True}
    asked["stdout"] = subprocess.DEVNULL
    full = subprocess.run(command, preexec_fn=limited(limit), check=False, **asked)
    if full.returncode != 2:
        raise Failure(f"{name} on a full disk ended with {full.returncode}: {full.stderr}")
    said = full.stderr.strip().splitlines()[-1]
    print(f"{name}: full disk after {limit:,} bytes: {said}", file=sys.stderr)
    start = time.monotonic()
    process = subprocess.Popen(command, **asked)
    watch = Watch(process.pid, place, every, most)
    watch.start()
    _, said = process.communicate()
    watch.over.set()
    watch.join()
    if process.returncode:
        raise Failure(f"{name} ended with {process.returncode}: {said}")
    soaked = Soaked(time.monotonic() - start, watch.kills, *watch.memory())
    print(f"{name}: {soaked}", file=sys.stderr)
    return soaked


def check(name: str, ids: Iterator[tuple[str, bool]], count: int) -> None:
    """Every article once, in order, and no errors."""
    errors = read = 0
    for number, (found, failed) in enumerate(ids):
        if found != f"a{number:08}":
            raise Failure(f"{name}: article {number} is {found}")
        errors, read = errors + failed, read + 1
    if read != count:
        raise Failure(f"{name}: {read:,} articles of {count:,}")
    if errors:
        raise Failure(f"{name}: {errors} errors")
    print(f"{name}: {count:,} articles, each once and in order", file=sys.stderr)


def lines(path: Path) -> Iterator[tuple[str, bool]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as source:
        for line in source:
            record = json.loads(line)
            yield record["id"], record.get("error") is not None


def soak_extract(folder: Path, count: int, every: float, most: int, growth: float) -> Soaked:
    source, place = folder / "corpus.jsonl", folder / "facts.jsonl"
    write_corpus(source, count)
    command = [*COMMAND, "extract", "rules", source.name, "-o", place.name, "-j", "2", "-q"]
    soaked = soak("extract", command, place, source.stat().st_size // 2, every, most)
    check("extract", lines(place), count)
    if soaked.growth > growth:
        raise Failure(f"extract: memory grew by {soaked.growth:.1f} MB")
    return soaked


def soak_run(folder: Path, count: int, every: float, most: int) -> Soaked:
    write_suite(folder, count)
    place = folder / "result"
    command = [*COMMAND, "run", "suite.toml", "-o", place.name, "-j", "2", "-q", "--no-html"]
    soaked = soak("run", command, place, 40 * count, every, most)
    for backend in ("rules", "few"):
        found = place / "backends" / f"{backend}.jsonl.gz"
        check(f"run, {backend}", lines(found), count)
    return soaked


def report(options: argparse.Namespace, extracted: Soaked, run: Soaked, load: float) -> None:
    """Print the table."""
    print(f"On {machine.described(load)}; memory in MB: early, late, at most.\n")
    print("| | articles | workers killed | s | command | worker |")
    print("| --- |" + " ---: |" * 5)
    for name, count, one in (
        ("`extract`, one back end", options.articles, extracted),
        ("`run`, two back ends", options.run_articles, run),
    ):
        cells = (name, f"{count:,}", one.kills, f"{one.seconds:.0f}", one.own, one.worker)
        print(f"| {' | '.join(map(str, cells))} |")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--run-articles", type=int, default=20_000)
    parser.add_argument("--kill-every", type=float, default=30.0, metavar="S")
    parser.add_argument("--most-kills", type=int, default=sys.maxsize, metavar="N")
    parser.add_argument("--growth", type=float, default=8.0, metavar="MB")
    options = parser.parse_args()
    kills = options.kill_every, options.most_kills
    load = machine.load()
    try:
        with tempfile.TemporaryDirectory() as folder:
            extracted = soak_extract(Path(folder), options.articles, *kills, options.growth)
        with tempfile.TemporaryDirectory() as folder:
            run = soak_run(Path(folder), options.run_articles, *kills)
    except Failure as failure:
        print(f"failed: {failure}", file=sys.stderr)
        return 1
    report(options, extracted, run, load)
    return 0


if __name__ == "__main__":
    sys.exit(main())
