"""How much the rules read right in text that they were not written by.

    python benchmarks/rules_elsewhere.py sentences
    python benchmarks/rules_elsewhere.py articles FILE

`sentences`: of the sentences and expressions that lie with the tests, how many are read right, and never which.
`articles`: F1 of the entities of FILE, JSON lines with a `text` and its `spans`
(`extractors/training/corpus.py`), each with the label of an entity; other labels are left out. Prints Markdown.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from fact_extractors.rules import build
from fact_extractors.rules.dates import normalise
from factharness.facts import Article, Entity, GoldArticle, GoldFact, Prediction, Span
from factharness.score import Counts, evaluate

ROOT = Path(__file__).resolve().parents[1]
TESTS = ROOT / "tests" / "extractors" / "rules"
DAY = date(2024, 3, 13)  # the day of publication of the expressions
LABELS = ("PER", "ORG", "LOC", "MISC")
LAYERS = {"quote": "quotations", "date": "dates", "entity": "entities"}


def sentences() -> Iterator[str]:
    """A line per kind of fact of the sentences, and one for the expressions."""
    sys.path.insert(0, str(TESTS))
    from test_rules_unseen_sentences import CASES, is_right, layer_of

    written = Counter(layer_of(case) for case in CASES)
    right = Counter(layer_of(case) for case in CASES if is_right(case))
    yield "| | read right | of |\n|---|---|---|"
    for kind, name in LAYERS.items():
        yield f"| sentences with {name} | {right[kind]} | {written[kind]} |"
    lines = (TESTS / "day_expressions.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader((x for x in lines if not x.startswith("#")), delimiter="\t"))
    read = sum(has_its_value(row) for row in rows)
    yield f"| expressions of time | {read} | {len(rows)} |"


def has_its_value(row: dict[str, str]) -> bool:
    value = normalise(row["expression"], DAY)
    return value is not None and (value.type, value.value) == (row["type"], row["value"])


def articles(path: Path) -> Iterator[str]:
    """The articles' number and F1 by label, over all of them."""
    sys.path.insert(0, str(ROOT / "extractors" / "training"))
    from corpus import read_passages

    golds = [
        GoldArticle(
            Article(str(number), passage.text),
            tuple(
                GoldFact(Entity(Span(start, end), label))
                for start, end, label in passage.spans
                if label in LABELS
            ),
        )
        for number, passage in enumerate(read_passages(path))
    ]
    said = build(kinds=["entity"]).extract(gold.article for gold in golds)
    predictions = [
        Prediction(gold.article.id, tuple(facts)) for gold, facts in zip(golds, said, strict=True)
    ]
    counted = evaluate(golds, predictions, kinds={"entity"}, regimes=["strict"]).counts
    total = dict.fromkeys(("*", *LABELS), Counts())
    for row in counted:
        if row.regime == "strict" and row.label in total:
            total[row.label] += row.counts
    yield "| articles | all entities | " + " | ".join(LABELS) + " |\n" + "|---" * 6 + "|"
    yield f"| {len(golds)} | " + " | ".join(f"{one.f1 or 0:.3f}" for one in total.values()) + " |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="what", required=True)
    commands.add_parser("sentences")
    commands.add_parser("articles").add_argument("file", type=Path)
    options = parser.parse_args()
    print(*(sentences() if options.what == "sentences" else articles(options.file)), sep="\n")


if __name__ == "__main__":
    main()
