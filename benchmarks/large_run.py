"""What a run of many articles costs the harness itself, with back ends that cost nearly nothing.

    python benchmarks/large_run.py [--articles 5000 20000] [--backends 3]

Per size: the processor time of a whole run per article and back end (gold read, predictions made, scored and
written, without the page), beside the time to read and compress the same gold files as a floor; that of a
second run, which finds the gold as the first one kept it; the peak memory of the process (Linux); and the size
of the run directory per article. The articles are those of the gold set `depeches`, repeated under new ids.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from machine import environment

from factharness.resources import find

FEW = """
import re
from factharness.facts import Entity, Span
NAME = re.compile(r"[A-Z]\\w+ [A-Z]\\w+")
class Few:
    kinds = frozenset({"entity", "date", "quote"})
    def __init__(self, number=0):
        self.number = number
    def fingerprint(self):
        return {"number": str(self.number)}
    def extract(self, articles):
        for article in articles:
            yield [Entity(Span(*m.span()), "PER") for m in NAME.finditer(article.text)]
"""

# Linux passes the peak of ``getrusage`` on to a new process; VmHWM starts anew with each program.
RUN = """
import json, sys, time
import factharness
start = time.process_time()
factharness.run("suite.toml", output=sys.argv[1], html=False, cache=False)
seconds = time.process_time() - start
peak = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
print(json.dumps([seconds, int(peak) / 1024]))
"""


class Large(NamedTuple):
    """Seconds of the floor, of a run and of a second one; MB of memory at most; bytes of a run's directory."""

    floor: float
    seconds: float
    again: float
    memory: float
    size: int


def write(place: Path, articles: int, backends: int) -> list[Path]:
    """The gold set, the back end and the suite; gives the gold files."""
    (place / "few.py").write_text(FEW, encoding="utf-8")
    (place / "gold").mkdir()
    source = itertools.cycle(sorted(find("goldsets", "depeches").glob("*.gold")))
    files = []
    for number, path in zip(range(articles), source):  # noqa: B905
        name = f"a{number:06}"
        text = path.read_text(encoding="utf-8").replace(f'"{path.stem}"', f'"{name}"', 1)
        files.append(place / "gold" / f"{name}.gold")
        files[-1].write_text(text, encoding="utf-8")
    entries = "".join(
        f'[[backend]]\nuse = "file:few.py:Few"\nname = "few{n}"\noptions = {{ number = {n} }}\n'
        for n in range(backends)
    )
    suite = f'[suite]\ngoldsets = ["gold"]\nslices = ["rubrique"]\n{entries}'
    (place / "suite.toml").write_text(suite, encoding="utf-8")
    return files


def floor(files: list[Path]) -> float:
    """Seconds of processor time to read and compress every gold file."""
    start = time.process_time()
    for file in files:
        gzip.compress(file.read_bytes(), 6)
    return time.process_time() - start


def measure(articles: int, backends: int) -> Large:
    """Run so many back ends on so many articles twice, each time in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        least = floor(write(place, articles, backends))
        (seconds, memory), (again, _) = run(place, "first"), run(place, "again")
        size = sum(path.stat().st_size for path in (place / "again").rglob("*") if path.is_file())
    return Large(least, seconds, again, memory, size)


def run(place: Path, output: str) -> tuple[float, float]:
    """Run the suite of a folder into an output in it: seconds of processor time, and MB of memory at most."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, output],
        cwd=place,
        check=True,
        capture_output=True,
        text=True,
        env=environment(XDG_CACHE_HOME=str(place), OMP_NUM_THREADS="1"),
    )
    seconds, memory = json.loads(done.stdout.splitlines()[-1])
    return seconds, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, nargs="+", default=[5000, 20000])
    parser.add_argument("--backends", type=int, default=3)
    options = parser.parse_args()
    for articles in options.articles:
        least, seconds, again, memory, size = measure(articles, options.backends)
        each = 1000 / articles / options.backends
        print(
            f"{articles:6} articles x {options.backends} back ends"
            f"{each * seconds:7.2f} ms per article and back end"
            f" ({seconds / least:.1f} times reading and compressing the gold),"
            f"{each * again:6.2f} ms with the gold kept,"
            f"{memory:6.0f} MB,{size / 1000 / articles:6.1f} kB on disk per article"
        )


if __name__ == "__main__":
    main()
