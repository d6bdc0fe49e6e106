"""What a back end costs beside its library called by hand, on the same articles.

    python benchmarks/backend_overhead.py [DATA] [--articles 500] [--rounds 3] [--model fr_core_news_md]

DATA is a JSON-lines file with a `text` in each line; without it, the articles of the gold set
`depeches`. They are repeated until there are enough. By hand: `nlp.pipe` and `Pipeline.bulk_process`
with the same model, components, batches and threads, reading the mentions and doing nothing with them.
The ratio is that of finding the same, entities and dates; what quotations add is shown apart. `--model` is
the pipeline of spaCy, by default the bundled one.
Processor time, not the clock, so that other work on the machine hardly counts; rounds alternate, and the
fastest of each is taken.

Before that, the peak memory of one process that has read all the articles, beside that of one with the
rules only. Prints Markdown.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from factharness.facts import Article


def texts_of(data: Path | None, count: int) -> list[str]:
    if data is not None:
        lines = data.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines]
    else:
        from factharness.gold.sets import load_set
        from factharness.resources import find

        texts = [gold.article.text for gold in load_set(find("goldsets", "depeches")).articles]
    return list(itertools.islice(itertools.cycle(texts), count))


def compare(name: str, runs: dict[str, Callable[[], object]], rounds: int) -> None:
    """Time the runs in turn; the first is the measure of the others."""
    seconds: dict[str, list[float]] = {key: [] for key in runs}
    for _ in range(rounds):
        for key, run in runs.items():
            start = time.process_time()
            run()
            seconds[key].append(time.process_time() - start)
    by_hand, *others = (min(values) for values in seconds.values())
    ratios = " | ".join(f"{value / by_hand:.3f}" for value in others)
    print(f"| {name} | {by_hand:.2f} s | {ratios} |", flush=True)


def spacy_runs(articles: list[Article], model: str) -> dict[str, Callable[[], object]]:
    from fact_extractors.pipelines import spacy as spacy_pipeline

    mentions = spacy_pipeline.build(model, quotes="none")
    everything = spacy_pipeline.build(model)
    mentions.load()
    everything.load()

    def by_hand() -> int:
        docs = mentions.nlp.pipe((a.text for a in articles), batch_size=32)
        return sum(len(doc.ents) for doc in docs)

    return {
        "by hand": by_hand,
        "entities and dates": lambda: list(mentions.extract(articles)),
        "quotations too": lambda: list(everything.extract(articles)),
    }


def stanza_runs(articles: list[Article]) -> dict[str, Callable[[], object]]:
    import stanza

    from fact_extractors.pipelines import stanza as stanza_pipeline

    mentions = stanza_pipeline.build(quotes="none")
    everything = stanza_pipeline.build()
    mentions.load()
    everything.load()

    def by_hand() -> int:
        found = 0
        for batch in _batched(articles, 32):
            documents = [stanza.Document([], text=a.text) for a in batch]
            found += sum(len(d.ents) for d in mentions.pipeline.bulk_process(documents))
        return found

    return {
        "by hand": by_hand,
        "entities and dates": lambda: list(mentions.extract(articles)),
        "quotations too": lambda: list(everything.extract(articles)),
    }


def memory(name: str, articles: list[Article]) -> None:
    """Read the articles and print the peak of this process's memory, in MB."""
    from factharness.backends.registry import build

    for _ in build(name, {}).extract(articles):
        pass
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def memories() -> None:
    """Before this process grows: Linux hands its peak on to the processes it starts."""
    for name in ("rules", "spacy", "stanza"):
        command = [sys.executable, __file__, *sys.argv[1:], "--memory-of", name]
        peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"| {name} | {int(peak)} |", flush=True)


def _batched(articles: list[Article], size: int) -> list[list[Article]]:
    return [articles[at : at + size] for at in range(0, len(articles), size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--model", default="bundled:fr_news")
    parser.add_argument("--only", choices=["spacy", "stanza"])
    parser.add_argument("--memory-of", metavar="NAME", help=argparse.SUPPRESS)
    options = parser.parse_args()
    day = date(2024, 3, 5)
    texts = texts_of(options.data, options.articles)
    articles = [Article(str(number), text, day) for number, text in enumerate(texts)]
    if options.memory_of:
        memory(options.memory_of, articles)
        return
    print("| | peak memory of a process, MB |\n|---|---|")
    memories()
    print(f"\n{len(articles)} articles, {sum(map(len, texts)):,} characters:\n")
    print("| | library called by hand | entities and dates | quotations too |\n|---|---|---|---|")
    if options.only in (None, "spacy"):
        compare("spacy", spacy_runs(articles, options.model), options.rounds)
    if options.only in (None, "stanza"):
        compare("stanza", stanza_runs(articles), options.rounds)


if __name__ == "__main__":
    main()
