"""How fast, and with how much memory, spans are scored, beside other tools.

    python benchmarks/scorer.py                      2k and 20k articles, every tool
    python benchmarks/scorer.py --articles 200000    the tools that are quick enough for that
    python benchmarks/scorer.py --articles 2000 20000 200000   what docs/scoring-speed.md shows

Every tool runs in a process of its own. All get the same corpus, generated from a fixed seed, each in the
form that it reads fastest; the corpus is made before the time is taken. Seconds are medians of processor
time (all tools run on one core), which other programs disturb less than wall-clock time; memory is the peak
above the loaded corpus.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

LABELS = ("PER", "ORG", "LOC", "MISC", "DATE")
SLOTS, SLOT, TOKEN = 15, 20, 6  # mentions per article, tokens per mention, characters per token
QUICK = (
    "factharness",
    "factharness, columns",
    "factharness, four regimes",
    "factharness, four regimes, columns",
    "factharness, strict",
    "factharness, strict, columns",
)
QUICK += ("factharness, streaming", "sets per article")
SLOW = ("nervaluate", "seqeval", "seqeval, strict", "seqscore")
REGIMES = ("strict", "exact", "partial", "type", "typed-partial", "iou@0.5", "char")
FOUR = ("strict", "exact", "partial", "type")  # those of nervaluate, overall and per label


class Corpus:
    """Gold and predicted mentions as columns: article, first token, end token, label code.

    About 300 tokens, 15 gold and 14 predicted mentions an article; of the gold 75 % are predicted exactly, 8 %
    with another boundary, 6 % with another label, the rest not; 4 % of the places get a spurious one.
    """

    def __init__(self, articles: int, seed: int = 13) -> None:
        rng = np.random.default_rng(seed)
        self.articles, n = articles, articles * SLOTS
        article = np.repeat(np.arange(articles), SLOTS)
        start = np.tile(np.arange(SLOTS) * SLOT, articles) + rng.integers(2, 13, n)
        end = start + rng.integers(1, 5, n)
        label = rng.integers(0, len(LABELS), n)
        self.gold = np.stack([article, start, end, label])
        fate = rng.random(n)
        moved, relabelled, missed = fate >= 0.75, fate >= 0.83, fate >= 0.89
        p_end = end + (moved & ~relabelled)
        p_label = np.where(relabelled, (label + 1) % len(LABELS), label)
        said = np.stack([article, start, p_end, p_label])[:, ~missed]
        place = rng.random(n) < 0.043
        extra = (np.tile(np.arange(SLOTS) * SLOT, articles) + 18)[place]
        spurious = np.stack([article[place], extra, extra + 1, label[place]])
        pred = np.concatenate([said, spurious], axis=1)
        self.pred = pred[:, np.lexsort((pred[1], pred[0]))]

    def rows(self, side: np.ndarray) -> list[tuple[str, int, int, str]]:
        names = [f"article-{i:06}" for i in range(self.articles)]
        return [
            (names[article], TOKEN * start, TOKEN * end - 1, LABELS[label])
            for article, start, end, label in side.T.tolist()
        ]

    def table(self, side: np.ndarray):
        from factharness.score import SpanTable

        article, start, end, label = (np.ascontiguousarray(column) for column in side)
        return SpanTable(
            range(self.articles), LABELS, article, TOKEN * start, TOKEN * end - 1, label
        )

    def by_article(self, side: np.ndarray) -> list[list[tuple[int, int, str]]]:
        lists: list[list[tuple[int, int, str]]] = [[] for _ in range(self.articles)]
        for article, start, end, label in side.T.tolist():
            lists[article].append((start, end, LABELS[label]))
        return lists

    def tags(self, side: np.ndarray) -> list[list[str]]:
        lists = []
        for mentions in self.by_article(side):
            tags = ["O"] * (SLOTS * SLOT)
            for start, end, label in mentions:
                tags[start] = "B-" + label
                tags[start + 1 : end] = ["I-" + label] * (end - start - 1)
            lists.append(tags)
        return lists

    def file(self, side: np.ndarray, path: Path) -> Path:
        with path.open("w") as out:
            for number, mentions in enumerate(self.by_article(side)):
                spans = [[TOKEN * s, TOKEN * e - 1, label] for s, e, label in mentions]
                out.write(json.dumps({"id": f"article-{number:06}", "spans": spans}) + "\n")
        return path


def prepare(tool: str, corpus: Corpus, folder: Path) -> Callable[[], float]:
    """What the clock runs over: scores the corpus and gives the strict F1."""
    gold, pred = corpus.gold, corpus.pred
    if tool.startswith("factharness"):
        from factharness.score import score_spans

        regimes = ("strict",) if "strict" in tool else FOUR if "four" in tool else REGIMES
        if tool.endswith("streaming"):
            return lambda: _stream(folder / "gold.jsonl", folder / "pred.jsonl", regimes)
        form = corpus.table if tool.endswith("columns") else corpus.rows
        sides = form(gold), form(pred)

        def ours() -> float:
            scores = score_spans(*sides, regimes=regimes)
            if regimes == FOUR:
                _ = [(score.total, score.per_label) for score in scores.values()]
            elif regimes == REGIMES:
                _ = [
                    (score.per_label, score.per_doc.columns, score.confusion)
                    for score in scores.values()
                ]
            return scores["strict"].f1

        return ours
    if tool == "sets per article":
        sides = corpus.by_article(gold), corpus.by_article(pred)

        def sets() -> float:
            tp = sum(len(set(g) & set(p)) for g, p in zip(*sides, strict=True))
            return 2 * tp / sum(len(each) for side in sides for each in side)

        return sets
    if tool == "nervaluate":
        from nervaluate import Evaluator

        true, said = (
            [
                [{"label": label, "start": s, "end": e - 1} for s, e, label in mentions]
                for mentions in corpus.by_article(side)
            ]
            for side in (gold, pred)
        )

        def nervaluate() -> float:
            found = Evaluator(true, said, tags=list(LABELS), loader="dict").evaluate()
            return found["overall"]["strict"].f1

        return nervaluate
    true, said = corpus.tags(gold), corpus.tags(pred)
    if tool == "seqscore":
        from seqscore.scoring import score_label_sequences

        return lambda: score_label_sequences(said, true, "BIO", repair=None)[0].f1
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    options = {"mode": "strict", "scheme": IOB2} if tool.endswith("strict") else {}
    return lambda: classification_report(true, said, output_dict=True, **options)["micro avg"][
        "f1-score"
    ]


def _stream(gold: Path, pred: Path, regimes: tuple[str, ...]) -> float:
    from factharness.score.records import paired
    from factharness.score.stream import score_records

    with gold.open("rb") as g, pred.open("rb") as p:
        sides = (lambda: enumerate(g, 1), lambda: enumerate(p, 1))
        totals = score_records(paired(*sides, "gold", "pred"), regimes=regimes)
    return totals.by["entity", "strict"].tally.f1


def worker(tool: str, articles: int, repeat: int, folder: Path) -> None:
    """Run one tool, and print its seconds, peak memory and F1."""
    run = prepare(tool, Corpus(articles), folder)
    gc.collect()
    loaded = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    seconds, f1 = [], 0.0
    for _ in range(repeat):
        start = time.process_time()
        f1 = run()
        seconds.append(time.process_time() - start)
    status = Path("/proc/self/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
    result = {"seconds": statistics.median(seconds), "peak": peak - loaded, "f1": f1}
    print(json.dumps(result))


def statistics_time(articles: int) -> float:
    """Seconds of a 10 000-draw interval and a paired test, over articles of such a corpus."""
    from factharness.score.stats import _paired_test, interval, terms

    rng = np.random.default_rng(5)
    gold = rng.poisson(SLOTS, articles)
    sides = []
    for hit in (0.75, 0.76):
        tp = rng.binomial(gold, hit)
        sides.append(np.stack([tp, rng.poisson(3, articles), gold - tp], axis=1).astype(float))
    start = time.process_time()
    interval(sides[0])
    _paired_test(terms(sides[0]), terms(sides[1]), 10_000, 0)
    return time.process_time() - start


CROSSING: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {
    "each crosses its neighbours": lambda count, _: 10 * np.arange(count),
    "each crosses about ten": lambda count, _: 5 * np.arange(count),
    "anywhere": lambda count, rng: rng.permutation(10 * count)[:count],
    "all cross all": lambda count, _: np.arange(count),
}
"""Where the gold spans of an article start."""

LENGTHS = {"each crosses its neighbours": 13, "each crosses about ten": 25, "anywhere": 200}


def crossing_seconds(shape: str, count: int) -> float:
    """Seconds to score so many gold and predicted spans of one article."""
    from factharness.score import score_spans

    starts = CROSSING[shape](count, np.random.default_rng(5))
    length = LENGTHS.get(shape, count)
    gold, pred = (
        [("a", start, start + more, LABELS[0]) for start in (shift + starts).tolist()]
        for shift, more in ((0, length), (3, length + 1))
    )
    start = time.process_time()
    score_spans(gold, pred)
    return time.process_time() - start


def measure(sizes: list[int], repeat: int, every: bool) -> str:
    """The table, as Markdown."""
    lines = ["| articles | tool | seconds | mentions/s | × nervaluate | peak MB | strict F1 |"]
    lines.append("|---:|---|---:|---:|---:|---:|---:|")
    for articles in sizes:
        tools = QUICK + SLOW if every or articles <= 20_000 else QUICK
        corpus = Corpus(articles)
        mentions = corpus.gold.shape[1] + corpus.pred.shape[1]
        with tempfile.TemporaryDirectory() as name:
            corpus.file(corpus.gold, Path(name) / "gold.jsonl")
            corpus.file(corpus.pred, Path(name) / "pred.jsonl")
            del corpus
            found = {}
            for tool in tools:
                slow = tool in SLOW and articles > 2000
                found[tool] = apart(tool, articles, 1 if slow else repeat, name)
                print(articles, tool, found[tool], file=sys.stderr)
        peer = found.get("nervaluate", {}).get("seconds")
        for tool, one in found.items():
            ratio = f"{peer / one['seconds']:.1f}" if peer else ""
            lines.append(
                f"| {articles:,} | {tool} | {one['seconds']:.3f} | {mentions / one['seconds']:,.0f}"
                f" | {ratio} | {one['peak'] / 2**20:.0f} | {one['f1']:.4f} |"
            )
    return "\n".join(lines)


def apart(tool: str, articles: int, repeat: int, folder: str) -> dict[str, float]:
    """Seconds, peak memory and F1 of a tool in a process of its own; `folder` has the files to stream."""
    command = [sys.executable, __file__, "--worker", tool, "--articles", str(articles)]
    command += ["--repeat", str(repeat), "--folder", folder]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--every", action="store_true", help="slow tools at any size")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        worker(options.worker, options.articles[0], options.repeat, options.folder)
        return
    table = measure(options.articles, options.repeat, options.every)
    table += f"\n\nInterval and paired test, 20,000 articles: {statistics_time(20_000):.2f} s"
    print(table)


if __name__ == "__main__":
    main()
