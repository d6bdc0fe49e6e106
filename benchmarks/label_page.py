"""What a key costs in the labelling page, and what an article costs in keys: the page in a browser.

    python benchmarks/label_page.py [latency | article]

- **latency**: an article of 60,000 letters with 1,000 facts is opened; then the milliseconds from a key until
  the page is laid out anew, by key: the median and the worst of so many presses (target: less than 50).
- **article**: an article of about 250 words goes from its text to a score, by keyboard alone. Each key counts,
  those of the form and those that label. The time is what that takes with 0.28 s a press, 1.35 s to decide on a
  fact and 1.2 s to read it (target: less than six minutes).

Needs what `make test-browser` installs, and the extra `label`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

import chromium
import corrupted_gold
import label_server
from small_runs import small_run

from factharness.gold.sets import load_set

ROUNDS = 8
KEYS = "n p n d n q s Escape i u f d o x ArrowRight ArrowLeft ArrowDown Tab"

PRESS = """(key) => {
    const start = performance.now();
    document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key, code: "", bubbles: true, cancelable: true }));
    document.body.getBoundingClientRect();
    return performance.now() - start;
}"""
"""A key is handled at once; asking for a place makes the browser lay out what was drawn."""

SECONDS_A_PRESS, SECONDS_TO_DECIDE, SECONDS_TO_READ = 0.28, 1.35, 1.2


@contextmanager
def opened(folder: Path, path: Path) -> Iterator[Any]:
    """A window with the page on ``path``."""
    from playwright.sync_api import sync_playwright

    place = chromium.find()
    if place is None:
        raise SystemExit(chromium.HOW)
    server = label_server.Server(folder / "state", path).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=place, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.address)
            yield page
            browser.close()
    finally:
        server.kill()


def latency(folder: Path) -> None:
    path = label_server.long_article(folder)
    start = time.perf_counter()
    with opened(folder, path) as page:
        page.locator(".frame.caret").wait_for()
        print(f"open      {time.perf_counter() - start:6.1f} s, with the browser and the server")
        page.wait_for_timeout(3000)  # until the paragraphs that are far off are drawn
        times: dict[str, list[float]] = {}
        for key in KEYS.split() * ROUNDS:
            times.setdefault(key, []).append(page.evaluate(PRESS, key))
            page.wait_for_timeout(120)
        where = page.locator("#where").inner_text()
    print(f"article   {where}")
    for key, own in times.items():
        print(f"{key:<10}{statistics.median(own):6.0f} ms, worst {max(own):4.0f}")
    whole = [one for own in times.values() for one in own]
    worst = sorted(whole)[int(0.99 * len(whole))]
    print(f"all       {statistics.median(whole):6.0f} ms, 99th percentile {worst:4.0f}")


def article(folder: Path) -> None:
    from label_article import FORM, KEYS_OF_FORM, LABELLING, TEXT

    text = folder / "article.txt"
    text.write_text(TEXT, encoding="utf-8")
    start = time.perf_counter()
    with opened(folder, text) as page:
        label_server.fill_form(page, **FORM)
        keys = LABELLING.split()
        for key in keys:
            page.keyboard.press(key)
            if key == "Enter":
                page.wait_for_timeout(300)  # the walk asks the server
        label_server.saved(page)
    seconds = time.perf_counter() - start
    articles = load_set(folder).articles
    facts = len(articles[0].facts)
    perfect = corrupted_gold.store(folder / "perfect.jsonl", articles, "perfect", 0)
    run = small_run(folder, [folder], {"perfect": perfect})
    scores = {one.row.f1 for one in run.rows() if one.row.regime == "strict"} - {None}
    labelling = SECONDS_A_PRESS * len(keys) + (SECONDS_TO_DECIDE + SECONDS_TO_READ) * facts
    form = SECONDS_A_PRESS * KEYS_OF_FORM
    print(f"words     {len(TEXT.split()):6}")
    print(f"facts     {facts:6}")
    print(f"keys      {len(keys):6} to label, {KEYS_OF_FORM} in the form")
    print(f"score     {min(scores):6.2f} for its own facts")
    print(f"time      {(labelling + form) / 60:6.1f} minutes of a person")
    whole = time.perf_counter() - start
    print(f"{seconds:.0f} s in this browser, {whole:.0f} s until the score", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("what", nargs="?", choices=["latency", "article"])
    options = parser.parse_args()
    for name, measure in {"latency": latency, "article": article}.items():
        if options.what in (None, name):
            if options.what is None:
                print(f"--- {name}", flush=True)
            with tempfile.TemporaryDirectory() as folder:
                measure(Path(folder))


if __name__ == "__main__":
    main()
