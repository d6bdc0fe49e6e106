"""What the page of a run costs: to make, to keep, to open and to filter.

    python benchmarks/report.py [--articles 80 2000] [--backends 5] [--keep FOLDER]

- **run**: seconds and peak memory of a run of so many articles and back ends, without its page.
- **report**: seconds and peak memory of `report RUN -o report.html --all-articles`, and megabytes of the file
  (targets: 80 articles at most 2 MB; 2,000 at most 30 MB, 20 s, 1 GB).
- **open**: milliseconds until something is painted (target at 80: less than 1,000), until the script has run;
  then those of going to each part.
- **filter**: milliseconds from a click on each filter of the mistakes until their list is laid out anew (target
  at 80: less than 100).
- **mistakes**: seconds until `mistakes RUN` prints its first line (target at 2,000: at most 1).

The articles are those of the gold set `depeches`, repeated under new ids; the back ends are what is left of the
gold when about a third of it is broken. Opening needs what `make test-browser` installs. Of what is opened, and
of the first line, the median of five is printed.
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
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

import chromium
import corrupted_gold

from factharness.gold.sets import load_set
from factharness.resources import find

COMMAND = [sys.executable, "-c", "from factharness.cli import main; main()"]
ROUNDS = 5

FILTER = """(button) => {
    const start = performance.now();
    button.click();
    document.querySelector("#part-mistakes").getBoundingClientRect();
    return performance.now() - start;
}"""
"""A click is handled at once; asking for a place makes the browser lay out what was rewritten."""


def suite(folder: Path, count: int, backends: int) -> Path:
    """Write a gold set of ``count`` articles, the answers of the back ends, and the suite of both."""
    gold = folder / "gold"
    gold.mkdir()
    source = itertools.cycle(sorted(find("goldsets", "depeches").glob("*.gold")))
    for number, path in zip(range(count), source):  # noqa: B905
        name = f"a{number:05}"
        text = path.read_text(encoding="utf-8").replace(f'"{path.stem}"', f'"{name}"', 1)
        (gold / f"{name}.gold").write_text(text, encoding="utf-8")
    articles = load_set(gold).articles
    lines = ['[suite]\ngoldsets = ["gold"]\nregimes = ["strict", "partial"]\nslices = ["rubrique"]']
    for number in range(backends):
        name = f"replay{number}"
        stored = corrupted_gold.store(folder / f"{name}.jsonl", articles, name)
        options = f"{{ path = {json.dumps(stored.name)} }}"
        lines.append(f'[[backend]]\nuse = "replay"\nname = "{name}"\noptions = {options}')
    file = folder / "suite.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def command(folder: Path, *words: str) -> tuple[float, float]:
    """Run a command: seconds, and megabytes at its peak."""
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(words)}: exit code {process.returncode}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def first_line(folder: Path, *words: str) -> float:
    """Seconds until a command prints a line; the rest is not waited for."""
    start = time.perf_counter()
    with subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - start
        process.kill()
    return seconds


def opened(browser: Any, file: Path) -> dict[str, float]:
    """Milliseconds of everything that a reader waits for, by what it is."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(file.as_uri())
    page.wait_for_timeout(200)  # the entry of the paint is written some time after it
    times = {
        "first paint": page.evaluate("performance.getEntriesByType('paint')[0].startTime"),
        "script run": page.evaluate(
            "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"
        ),
    }
    for part in ("articles", "slices", "overview", "mistakes"):
        asked = page.evaluate("performance.now()")
        times[f"to {part}"] = page.evaluate(
            """async (part) => {
                const start = performance.now();
                location.hash = part;
                await new Promise((done) => addEventListener("hashchange", done, { once: true }));
                document.querySelector(`#part-${part}`)?.getBoundingClientRect();
                return performance.now() - start;
            }""",
            part,
        )
    filters = page.locator("#part-mistakes .opt")
    filters.first.wait_for()  # a large list is read piece by piece
    times["mistakes listed"] = page.evaluate("performance.now()") - asked
    clicks = [filters.nth(number).evaluate(FILTER) for number in range(filters.count())]
    times["slowest filter"] = max(clicks)
    times["middle filter"] = statistics.median(clicks)
    page.close()
    return times


def browse(file: Path) -> None:
    place = chromium.find()
    if place is None:
        print(f"open       left out: {chromium.HOW}")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=place, args=["--no-sandbox", "--disable-gpu"]
        )
        rounds = [opened(browser, file) for _ in range(ROUNDS)]
        browser.close()
    for what in rounds[0]:
        print(f"open       {what:<16}{statistics.median(one[what] for one in rounds):8.0f} ms")


def measure(folder: Path, count: int, backends: int) -> None:
    print(f"--- {count} articles, {backends} back ends", flush=True)
    suite(folder, count, backends)
    words = ("run", "suite.toml", "-o", "out", "-q", "--no-cache", "--no-html")
    seconds, peak = command(folder, *words)
    print(f"run        {seconds:8.1f} s {peak:8.0f} MB at its peak", flush=True)
    seconds, peak = command(folder, "report", "out", "-o", "report.html", "--all-articles")
    size = (folder / "report.html").stat().st_size / 1e6
    print(
        f"report     {seconds:8.1f} s {peak:8.0f} MB at its peak, {size:.1f} MB of page", flush=True
    )
    seconds = statistics.median(first_line(folder, "mistakes", "out") for _ in range(ROUNDS))
    print(f"mistakes   {seconds:8.2f} s until the first line", flush=True)
    browse(folder / "report.html")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, nargs="+", default=[80, 2000])
    parser.add_argument("--backends", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="leave the runs and their pages in this folder")
    options = parser.parse_args()
    for count in options.articles:
        if options.keep:
            folder = options.keep / str(count)
            folder.mkdir(parents=True)
            measure(folder, count, options.backends)
        else:
            with tempfile.TemporaryDirectory() as name:
                measure(Path(name), count, options.backends)


if __name__ == "__main__":
    main()
