"""What reading gold costs, in processor time and memory.

    python benchmarks/gold.py [--articles 2000] [--rounds 5]

- **read**: milliseconds per article to load a set (target: at most 0.8), beside a floor: to read and hash the
  bytes of the same files, and to decode the same facts and texts from JSON.
- **again**: the same for a set that has not changed since it was last read (target: at most 0.15 ms), and with
  all its articles gone through; the same floor.
- **memory**: MB that loading the set and going through it once takes at most, in a new process, above what one
  that loads the set `depeches` takes (target: tens of MB for 20,000 articles; Linux).

The articles are those of the gold set `depeches`, each with a number in every paragraph, so that none is like
another. Medians of the rounds; both sides of a line are timed in turn.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from factharness.facts import Fact
from factharness.gold.format import render
from factharness.gold.header import write_header
from factharness.gold.parse import read_document, text_of
from factharness.gold.sets import gold_files, load_set
from factharness.gold.store import clear
from factharness.gold.tree import Document
from factharness.resources import find
from factharness.text import sha256

# Linux passes the peak of ``getrusage`` on to a new process; VmHWM starts anew with each program.
LOADED = """
import sys
from factharness.gold.sets import load_set
for _ in load_set(sys.argv[1]).articles: pass
print(open("/proc/self/status").read().split("VmHWM:")[1].split()[0])
"""


def numbered(document: Document, number: int) -> Document:
    """The article under a new id, with its number in every paragraph."""
    blocks = []
    for block in document.blocks:
        text = f"{block.paragraph.text} Dépêche n{number:06}."
        paragraph = replace(block.paragraph, text=text, length=len(text))
        blocks.append(replace(block, paragraph=paragraph))
    made = replace(document, blocks=tuple(blocks))
    header = replace(document.header, id=f"a{number:06}", sha256=sha256(text_of(made)))
    return replace(made, header=header, header_source=write_header(header))


def write_set(folder: Path, count: int) -> None:
    source = [read_document(path) for path in gold_files(find("goldsets", "depeches"))]
    for number, document in enumerate(itertools.islice(itertools.cycle(source), count)):
        path = folder / f"a{number:06}.gold"
        path.write_text(render(numbered(document, number)), encoding="utf-8")


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


class Reading(NamedTuple):
    """Milliseconds per article, of reading and of the floor, and the median of the ratios."""

    ours: float
    floor: float
    ratio: float


def reading(folder: Path, rounds: int) -> dict[str, Reading]:
    """What it costs to read the set: anew, again, and again with its articles gone through."""
    files = gold_files(folder)
    encoded = [
        msgspec.json.encode((gold.article.text, [held.fact for held in gold.facts]))
        for gold in load_set(folder).articles
    ]
    decoder = msgspec.json.Decoder(tuple[str, list[Fact]])

    def floor() -> None:
        for file, line in zip(files, encoded, strict=True):
            hashlib.sha256(file.read_bytes()).digest()
            decoder.decode(line)

    def cold() -> None:
        clear()
        load_set(folder)

    def whole() -> None:
        for _ in load_set(folder).articles:
            pass

    sides = cold, lambda: load_set(folder), whole, floor
    times = [[seconds(side) for side in sides] for _ in range(rounds)]
    ours = [1000 * statistics.median(column) / len(files) for column in zip(*times, strict=True)]
    return {
        name: Reading(ours[side], ours[3], statistics.median(t[side] / t[3] for t in times))
        for side, name in enumerate(("read", "again", "again, gone through"))
    }


def peak(folder: Path) -> float:
    """MB that a new process takes at most to load a set and go through it."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(folder)], capture_output=True, text=True, check=True
    )
    return int(done.stdout) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = str(Path(place) / "cache")  # not the user's
        folder = Path(place) / "gold"
        folder.mkdir()
        write_set(folder, options.articles)
        for name, (ours, least, ratio) in reading(folder, options.rounds).items():
            print(
                f"{name:20} {ours:6.3f} ms an article   floor {least:6.3f} ms   ratio {ratio:.1f}"
            )
        more = peak(folder) - peak(find("goldsets", "depeches"))
        print(
            f"memory  {more:6.0f} MB more for {options.articles} articles than for those of depeches"
        )


if __name__ == "__main__":
    main()
