"""How fast the rule back end is, and how it finds dates beside dateparser.

    python benchmarks/rules_speed.py [DATA] [--characters 300000] [--gold FOLDER]

DATA is a JSON-lines file with a `text` in each line; without it, the articles of the gold set
`depeches`. Characters per second of processor time, on one core, the best of three rounds; the import
is timed in a process of its own. The peer is `dateparser.search.search_dates` (French), on a share of the
text, because it is slow. With --gold, both are also scored on the dates of a folder of gold files.
"""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path

from factharness.facts import Article, Date, GoldArticle, Prediction, Span


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


def peer(article: Article) -> list[Date]:
    """What dateparser finds: its words, located from left to right, and the day it gives them."""
    from dateparser.search import search_dates

    published = article.published or date.today()
    base = datetime(published.year, published.month, published.day)
    found, reached = [], 0
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": "past"}
    for words, when in search_dates(article.text, languages=["fr"], settings=settings) or ():
        start = article.text.find(words, reached)
        if start >= 0:
            reached = start + len(words)
            found.append(Date(Span(start, reached), "DATE", when.date().isoformat()))
    return found


def score(golds: list[GoldArticle], name: str, dates: Iterable[list[Date]]) -> str:
    from factharness.score import evaluate

    predictions = [Prediction(g.article.id, tuple(d)) for g, d in zip(golds, dates, strict=True)]
    totals: dict[str, list[int]] = {}
    for row in evaluate(golds, predictions, kinds={"date"}).counts:
        if row.label == "*":
            counts = totals.setdefault(row.regime, [0, 0, 0])
            for n, value in enumerate((row.counts.tp, row.counts.fp, row.counts.fn)):
                counts[n] += value
    shown = []
    for regime in ("strict", "overlap", "value"):
        tp, fp, fn = totals[regime]
        shown.append(f"{regime} F1 {2 * tp / (2 * tp + fp + fn):.3f}")
    return f"{name:12}" + "  ".join(shown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--characters", type=int, default=300_000)
    parser.add_argument("--gold", type=Path)
    options = parser.parse_args()

    from fact_extractors.rules import build, dates

    articles = articles_of(options.data, options.characters)
    print(f"import       {1000 * import_seconds():.0f} ms")
    found = per_second(lambda a: dates.find(a.text, a.published), articles)
    print(f"dates        {found:,.0f} characters/s")
    for kinds in (["quote"], ["entity"], ["entity", "date", "quote"]):
        backend = build(kinds=kinds)
        print(f"{'+'.join(kinds):12} {per_second(backend.explain, articles):,.0f} characters/s")
    try:
        import dateparser  # noqa: F401
    except ImportError:
        print("dateparser   not installed: pip install dateparser")
        return
    print(
        f"{'dateparser':12} {per_second(peer, articles[: max(1, len(articles) // 40)], 1):,.0f} characters/s"
    )
    if options.gold is not None:
        from factharness.gold.sets import load_file

        golds = [load_file(path) for path in sorted(options.gold.glob("*.gold"))]
        backend = build(kinds=["date"])
        ours = [
            [f for f in facts if isinstance(f, Date)]
            for facts in backend.extract(g.article for g in golds)
        ]
        print(score(golds, "rules", ours))
        print(score(golds, "dateparser", [peer(g.article) for g in golds]))


if __name__ == "__main__":
    main()
