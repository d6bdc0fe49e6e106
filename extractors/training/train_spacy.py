"""Train the bundled spaCy pipeline (French news entities, absolute dates, clock times).

    python extractors/training/train_spacy.py DATA OUT [--steps N] [--seed N]

DATA holds `winer-fr/train.jsonl` and `winer-fr/dev.jsonl`; OUT becomes an ordinary pipeline directory
for `spacy.load`. Needs `pip install 'factharness[train]'`. The best weights on the development articles,
averaged over the steps, are kept. One thread: on small matrices more of them only wait for each other.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import spacy
from corpus import LABELS, Augmenter, Passage, read_passages, split_paragraphs
from gold_guard import refuse_gold
from lexicon import Lexicon, build_lexicon, read_classes
from names import known_names
from spacy.language import Language
from spacy.strings import hash_string
from spacy.training import Example
from spacy.util import fix_random_seed
from spacy.vectors import Vectors
from thinc.api import Adam

META = {
    "name": "fr_news",
    "version": "1.0.0",
    "description": "Entities, absolute dates and clock times of French news",
    "author": "the factharness authors",
    "license": "CC BY 4.0",
    "spacy_version": ">=3.8.0,<3.9.0",
    "sources": [
        {"name": "WiNER-fr", "author": "Yoann Dupont", "license": "CC BY 4.0"},
        {"name": "spacy-lookups-data", "author": "Explosion", "license": "MIT"},
    ],
}


def transition_model(
    state_type: str, width: int, hidden: int, rows: list[int], *, vectors: bool
) -> dict[str, Any]:
    """The layers of a recogniser or parser.

    Hash embeddings of the lower-cased word, its ends and its shape, in tables of so many ``rows``, and the
    word's vector if asked for, mixed over four words on each side.
    """
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": state_type,
        "extra_state_tokens": False,
        "hidden_width": hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy.MultiHashEmbed.v2",
                "width": width,
                "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
                "rows": rows,
                "include_static_vectors": vectors,
            },
            "encode": {
                "@architectures": "spacy.MaxoutWindowEncoder.v2",
                "width": width,
                "window_size": 1,
                "maxout_pieces": 3,
                "depth": 4,
            },
        },
    }


NER_MODEL = transition_model("ner", 128, 128, [5000, 1000, 2500, 2500], vectors=True)
VECTOR_WIDTH = 128
WORDS_PER_LANGUAGE = 150_000


def vectors(lexicon: Lexicon) -> Vectors:
    """The word classes as vectors of spaCy: many words share a row."""
    keys = [hash_string(word) for word in lexicon.words]
    table = Vectors(data=lexicon.codes, name="word_classes")
    for key, row in zip(keys, lexicon.rows, strict=True):
        table.add(key, row=row)
    return table


def example(nlp: Language, passage: Passage) -> Example:
    """A training example; a token that an annotation cuts in two counts neither way."""
    return Example.from_dict(nlp.make_doc(passage.text), {"entities": list(passage.spans)})


def examples(
    nlp: Language, articles: list[Passage], augmenter: Augmenter, rng: random.Random
) -> Iterator[Example]:
    """Endless: the articles in a new order each time, whole or cut into paragraphs, varied."""
    while True:
        for article in rng.sample(articles, len(articles)):
            for passage in [article] if rng.random() < 0.3 else split_paragraphs(article):
                yield example(nlp, augmenter.variant(passage) if rng.random() < 0.7 else passage)


def batches(stream: Iterator[Example], words: int) -> Iterator[list[Example]]:
    """Batches of about `words` tokens."""
    batch: list[Example] = []
    size = 0
    for item in stream:
        batch.append(item)
        size += len(item.reference)
        if size >= words:
            yield batch
            batch, size = [], 0


def evaluate(nlp: Language, passages: list[Passage]) -> dict[str, Any]:
    """Strict scores on characters, in per cent: `{"*": F1, label: F1}`."""
    gold = {(i, *span) for i, passage in enumerate(passages) for span in passage.spans}
    docs = nlp.pipe(passage.text for passage in passages)
    found = {
        (i, e.start_char, e.end_char, e.label_) for i, doc in enumerate(docs) for e in doc.ents
    }
    scores = {}
    for label in ("*", *LABELS):
        want = {fact for fact in gold if label in ("*", fact[3])}
        have = {fact for fact in found if label in ("*", fact[3])}
        scores[label] = round(200 * len(want & have) / max(1, len(want) + len(have)), 2)
    return scores


def train(
    data: Path,
    out: Path,
    classes: Path | None,
    *,
    steps: int,
    seed: int,
    dropout: float,
    rate: float,
    every: int,
) -> None:
    """Train for `steps` batches and write the best pipeline to `out`; `classes`: see `read_classes`."""
    fix_random_seed(seed)
    warnings.filterwarnings("ignore", message=r".*W030")  # misaligned annotations: see `example`
    rng = random.Random(seed)
    articles = read_passages(data / "winer-fr" / "train.jsonl")
    development = read_passages(data / "winer-fr" / "dev.jsonl")
    refuse_gold([*articles, *development])
    nlp = spacy.blank("fr", meta=META)
    lexicon = build_lexicon(read_classes(classes), articles, VECTOR_WIDTH, WORDS_PER_LANGUAGE)
    nlp.vocab.vectors = vectors(lexicon)
    ner = nlp.add_pipe("ner", config={"model": NER_MODEL})
    for label in LABELS:
        ner.add_label(label)
    nlp.initialize(lambda: [example(nlp, passage) for passage in articles[:100]])
    optimizer = Adam(rate, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    augmenter = Augmenter(articles, seed, known_names())
    stream = batches(examples(nlp, articles, augmenter, rng), words=1200)
    best, started, loss = -1.0, time.monotonic(), 0.0
    for step in range(1, steps + 1):
        # A short rise, then a straight fall to nothing: the average needs no further tuning.
        optimizer.learn_rate = rate * min(step / 200, 1.0, 1.02 - step / steps)
        loss += nlp.update(next(stream), sgd=optimizer, drop=dropout)["ner"]
        if step % every == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                scores = evaluate(nlp, development)
                if scores["*"] > best:
                    best = scores["*"]
                    nlp.to_disk(out, exclude=["lookups"])
            print(
                f"{step:6} {time.monotonic() - started:6.0f} s  loss {loss / every:8.1f}  {scores}",
                flush=True,
            )
            loss = 0.0


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder that holds winer-fr/")
    parser.add_argument("out", type=Path, help="directory of the trained pipeline")
    parser.add_argument(
        "--classes", type=Path, help="folder of word classes; default: the package's"
    )
    parser.add_argument("--steps", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--dropout", type=float, default=0.25)
    parser.add_argument("--rate", type=float, default=0.0015)
    parser.add_argument("--every", type=int, default=250, help="steps between scores")
    options = parser.parse_args(arguments)
    train(
        options.data,
        options.out,
        options.classes,
        steps=options.steps,
        seed=options.seed,
        dropout=options.dropout,
        rate=options.rate,
        every=options.every,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
