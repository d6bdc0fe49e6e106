"""What a back end costs beside its library called by hand, on the same articles.

    python benchmarks/backend_overhead.py [DATA] [--articles 500] [--rounds 3]

DATA is a JSON-lines file with a `text` in each line; without it, the articles of the gold set
`depeches`. They are repeated until there are enough. By hand: `nlp.pipe` and `Pipeline.bulk_process`
with the same model, components, batches and threads, reading the mentions and doing nothing with them.
Rounds alternate, the fastest of each counts, because other work on the machine can only add.
"""

from __future__ import annotations

import argparse
import itertools
import json
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
        from factharness.gold import load_set
        from factharness.resources import find

        texts = [gold.article.text for gold in load_set(find("goldsets", "depeches")).articles]
    return list(itertools.islice(itertools.cycle(texts), count))


def compare(name: str, by_hand: Callable[[], int], harness: Callable[[], int], rounds: int) -> None:
    seconds: dict[str, list[float]] = {"hand": [], "harness": []}
    for _ in range(rounds):
        for key, run in (("hand", by_hand), ("harness", harness)):
            start = time.perf_counter()
            run()
            seconds[key].append(time.perf_counter() - start)
    hand, ours = min(seconds["hand"]), min(seconds["harness"])
    print(
        f"{name:8} by hand {hand:7.2f} s   back end {ours:7.2f} s   ratio {ours / hand:.3f}",
        flush=True,
    )


def spacy_ratio(articles: list[Article], rounds: int) -> None:
    from fact_extractors import spacy_pipeline

    extractor = spacy_pipeline.build()

    def by_hand() -> int:
        docs = extractor.nlp.pipe((a.text for a in articles), batch_size=64)
        return sum(len(doc.ents) for doc in docs)

    compare("spacy", by_hand, lambda: sum(1 for _ in extractor.extract(articles)), rounds)


def stanza_ratio(articles: list[Article], rounds: int) -> None:
    import stanza

    from fact_extractors import stanza_pipeline

    extractor = stanza_pipeline.build()

    def by_hand() -> int:
        found = 0
        for batch in _batched(articles, 32):
            documents = [stanza.Document([], text=a.text) for a in batch]
            found += sum(len(d.ents) for d in extractor.pipeline.bulk_process(documents))
        return found

    compare("stanza", by_hand, lambda: sum(1 for _ in extractor.extract(articles)), rounds)


def _batched(articles: list[Article], size: int) -> list[list[Article]]:
    return [articles[at : at + size] for at in range(0, len(articles), size)]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["spacy", "stanza"])
    options = parser.parse_args()
    day = date(2024, 3, 5)
    texts = texts_of(options.data, options.articles)
    articles = [Article(str(number), text, day) for number, text in enumerate(texts)]
    print(f"{len(articles)} articles, {sum(map(len, texts)):,} characters")
    if options.only in (None, "spacy"):
        spacy_ratio(articles, options.rounds)
    if options.only in (None, "stanza"):
        stanza_ratio(articles, options.rounds)


if __name__ == "__main__":
    main()
