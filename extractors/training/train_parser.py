"""Add a tagger and a dependency parser to a spaCy pipeline, trained on the French treebanks.

    python extractors/training/train_parser.py DATA PIPELINE [--steps N] [--seed N]

DATA holds `ud-french/*.conllu`; PIPELINE is the directory that `train_spacy.py` wrote. It is written again with
three more components: `tok2vec`, which the other two share, `morphologizer` and `parser`. They read no vectors
and nothing of the recogniser's, which stays as it is; `join.py` puts them into another pipeline.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import spacy
from incises import Arc, read_incises, subject_accuracy
from join import join
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam
from train_spacy import batches
from trees import Tree, fit, placed, text_of
from varied import AUGMENTATIONS, Varied, development_trees, training_trees

WIDTH = 96

SHARED = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": WIDTH,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
        "rows": [4000, 800, 2000, 500],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": WIDTH,
        "window_size": 1,
        "maxout_pieces": 3,
        "depth": 4,
    },
}
LISTENER = {
    "@architectures": "spacy.Tok2VecListener.v1",
    "width": WIDTH,
    "upstream": "tok2vec",
}
TAGGER = {"@architectures": "spacy.Tagger.v2", "nO": None, "normalize": False, "tok2vec": LISTENER}
PARSER = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "parser",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
    "tok2vec": LISTENER,
}


def example(nlp: Language, trees: Sequence[Tree]) -> Example:
    """Some sentences that follow each other, as one document; the parser also learns where they end."""
    predicted = nlp.make_doc(text_of(trees))
    nodes = fit(placed(trees), [(t.idx, t.idx + len(t)) for t in predicted])
    reference = Doc(
        nlp.vocab,
        words=[token.text for token in predicted],
        spaces=[bool(token.whitespace_) for token in predicted],
        pos=[node.pos for node in nodes],
        morphs=[node.morph for node in nodes],
        heads=[node.head for node in nodes],
        deps=[node.relation for node in nodes],
    )
    return Example(predicted, reference)


def examples(
    nlp: Language, trees: Sequence[Tree], varied: Varied, rng: random.Random
) -> Iterator[Example]:
    """Endless: runs of one to six sentences of the treebank's order, the runs in random order."""
    while True:
        runs = []
        at = 0
        while at < len(trees):
            size = rng.randint(1, 6)
            runs.append(trees[at : at + size])
            at += size
        for run in rng.sample(runs, len(runs)):
            yield example(nlp, [varied.variant(tree) for tree in run])


def scores(nlp: Language, development: list[Example]) -> dict[str, float]:
    """Heads, relations, tags and sentences of the development set, subjects of the incises; per cent."""
    found: dict[str, Any] = nlp.evaluate(development)
    names = {
        "UAS": "dep_uas",
        "LAS": "dep_las",
        "POS": "pos_acc",
        "morph": "morph_acc",
        "sentences": "sents_f",
    }
    named = {name: found[key] for name, key in names.items()}
    incises = read_incises()
    docs = nlp.pipe(incise.text for incise in incises)
    arcs = ([Arc(t.idx, t.head.idx, t.dep_) for t in doc] for doc in docs)
    named["subjects"] = subject_accuracy(arcs, incises)
    return {name: round(100 * value, 2) for name, value in named.items()}


def train(data: Path, pipeline: Path, *, steps: int, seed: int, augmentation: str) -> None:
    """Train for `steps` batches and write the pipeline back with the best tagger and parser."""
    fix_random_seed(seed)
    rng = random.Random(seed)
    trees, held_out = training_trees(data), development_trees(data, seed)
    nlp = spacy.blank("fr")
    nlp.add_pipe("tok2vec", config={"model": SHARED})
    nlp.add_pipe("morphologizer", config={"model": TAGGER})
    nlp.add_pipe("parser", config={"model": PARSER})
    stream = examples(nlp, trees, Varied(trees, augmentation, rng), rng)
    sample = list(islice(stream, len(trees) // 3))
    nlp.initialize(lambda: sample)
    development = [example(nlp, held_out[i : i + 4]) for i in range(0, len(held_out), 4)]
    optimizer = Adam(0.001, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    best, started, every = -1.0, time.monotonic(), min(400, steps)
    batched = batches(stream, words=1000)
    for step in range(1, steps + 1):
        optimizer.learn_rate = 0.002 * min(step / 200, 1.0, 1.02 - step / steps)
        nlp.update(next(batched), sgd=optimizer, drop=0.2)
        if step % every == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                now = scores(nlp, development)
                if now["LAS"] > best:
                    best = now["LAS"]
                    write(nlp, pipeline)
            print(f"{step:6} {time.monotonic() - started:6.0f} s  {now}", flush=True)


def write(nlp: Language, pipeline: Path) -> None:
    """Put the components of `nlp` into the pipeline in a folder, without the words met in training."""
    with tempfile.TemporaryDirectory() as folder:
        nlp.to_disk(folder, exclude=["vocab"])
        join(Path(folder), pipeline)


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder that holds ud-french/")
    parser.add_argument("pipeline", type=Path, help="directory of the pipeline to extend")
    parser.add_argument("--steps", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--augmentation", choices=AUGMENTATIONS, default=AUGMENTATIONS[-1])
    options = parser.parse_args(arguments)
    train(
        options.data,
        options.pipeline,
        steps=options.steps,
        seed=options.seed,
        augmentation=options.augmentation,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
