"""How fast the rule back end is.

    python benchmarks/rules_speed.py [DATA] [--characters 300000]

DATA is a JSON-lines file with a `text` in each line; without it, the articles of the gold set
`depeches`. Characters per second of processor time, on one core, the best of three rounds; the import
is timed in a process of its own. The floor is one search for the words of the same text, in the same
process: how many such searches a kind costs says the same on a quick machine and on a loaded one.
`dates.py` sets the dates beside other extractors. Prints Markdown.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from factharness.facts import Article

KINDS = {
    "quotations": ["quote"],
    "entities": ["entity"],
    "all three kinds": ["entity", "date", "quote"],
}


def articles_of(data: Path | None, characters: int) -> list[Article]:
    if data is not None:
        rows = [json.loads(line) for line in data.read_text(encoding="utf-8").splitlines()]
        found = [
            Article(str(n), row["text"], date.fromisoformat(row.get("published", "2024-03-05")))
            for n, row in enumerate(rows)
        ]
    else:
        from factharness.gold.sets import load_set
        from factharness.resources import find

        found = [gold.article for gold in load_set(find("goldsets", "depeches")).articles]
    taken, total = [], 0
    for article in itertools.cycle(found):
        taken.append(article)
        total += len(article.text)
        if total >= characters:
            return taken
    return taken


def readers() -> dict[str, Callable[[Article], object]]:
    """What is timed on each article, by its name."""
    from fact_extractors.rules import build, dates

    work: dict[str, Callable[[Article], object]] = {
        "dates": lambda a: dates.find(a.text, a.published)
    }
    return work | {name: build(kinds=kinds).explain for name, kinds in KINDS.items()}


def per_second(
    work: Callable[[Article], object], articles: list[Article], rounds: int = 3
) -> float:
    work(articles[0])
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        for article in articles:
            work(article)
        best = min(best, time.process_time() - start)
    return sum(len(article.text) for article in articles) / best


def import_seconds() -> float:
    code = "import time; s = time.process_time(); import fact_extractors.rules; print(time.process_time() - s)"
    runs = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], capture_output=True, text=True, check=True
            ).stdout
        )
        for _ in range(5)
    ]
    return min(runs)


def rounded(number: float) -> str:
    """Three significant digits, as in `842 000`."""
    return f"{float(f'{number:.3g}'):,.0f}".replace(",", " ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--characters", type=int, default=300_000)
    options = parser.parse_args()

    articles = articles_of(options.data, options.characters)
    words = re.compile(r"\w+")
    floor = per_second(lambda a: words.findall(a.text), articles)
    print("| | characters/s | searches for words |\n|---|---|---|")
    for name, read in readers().items():
        found = per_second(read, articles)
        print(f"| {name} | {rounded(found)} | {floor / found:.0f} |")
    print(f"\nThe import takes {1000 * import_seconds():.0f} ms.")


if __name__ == "__main__":
    main()
