"""Trains a spaCy pipeline on two thirds of a gold set, and compares it with the rules on the last third.

    python examples/own_spacy_model.py goldsets/mine my_model [STEPS]

A folder `my_model` that is there already is not trained again: put a pipeline of your own there. If it was
trained with the third that is kept for the comparison, its scores are flattered.
"""

import random
import sys
from pathlib import Path

import spacy
from spacy.training import Example
from spacy.util import fix_random_seed

import factharness as fh


def train(gold, folder: Path, steps: int) -> None:
    """Write a pipeline that finds the entities of these articles, the outermost where one lies in another."""
    fix_random_seed(0)
    pipeline = spacy.blank("fr")
    pipeline.add_pipe("ner")
    examples = []
    for one in gold:
        facts = [held.fact for held in one.facts if not held.ignore]
        doc = pipeline.make_doc(one.article.text)
        spans = [
            doc.char_span(fact.span.start, fact.span.end, fact.label)
            for fact in facts
            if isinstance(fact, fh.Entity)
        ]
        # A name that ends inside one of spaCy's tokens gives no span.
        doc.set_ents(spacy.util.filter_spans([span for span in spans if span is not None]))
        examples.append(Example(pipeline.make_doc(one.article.text), doc))
    optimizer = pipeline.initialize(lambda: examples)
    for _ in range(steps):
        pipeline.update(random.sample(examples, min(4, len(examples))), sgd=optimizer, drop=0.2)
    pipeline.to_disk(folder)


def main(goldset: str, model: str, steps: str = "300") -> None:
    """Train unless the folder ``model`` is there, run both, and print who leads and whether by chance."""
    gold = fh.read_gold(goldset)
    kept = [one.article.id for one in gold[::3]]
    folder = Path(model)
    if not folder.exists():
        train([one for one in gold if one.article.id not in kept], folder, int(steps))
    own = f"own=spacy(model={folder.resolve()}, kinds=[entity])"
    run = fh.run(gold=goldset, backends=["rules", own], articles=kept)
    for score in run.rows():
        print(f"{score.backend:8}{score.row.kind:8}F1 {score.row.f1:.3f}")
    for comparison in fh.compare(run, "rules", "own"):
        print(comparison.to_frame().to_string(index=False))
    print(f"what it got wrong: factharness mistakes {run.path}:own")


if __name__ == "__main__":
    main(*sys.argv[1:])
