"""Add a dependency parser to a spaCy pipeline, trained on the French treebanks.

    python extractors/training/train_parser.py DATA PIPELINE [--steps N] [--seed N]

DATA holds `ud-french/*.conllu`; PIPELINE is the directory that `train_spacy.py` wrote, and is written
again with the component `parser`. Heads and Universal Dependencies relations only: what the search for
the speaker of a quotation reads. Fused words (`du`) are one word, with the head of their first half.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import spacy
from corpus import Sentence, read_treebank
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed
from thinc.api import Adam
from train_spacy import batches, transition_model

TRAIN = ("sequoia-train", "gsd-dev", "gsd-test", "sequoia-test")
DEVELOPMENT = "sequoia-dev"

PARSER_MODEL = transition_model("parser", 80, 64, [5000, 1000, 2500, 1000], vectors=False)


def surface_tree(sentence: Sentence) -> tuple[list[int], list[str]]:
    """Head (index of a token, its own for the root) and relation of each surface token."""
    owner = {word.number: i for i, token in enumerate(sentence) for word in token.words}
    heads, relations = [], []
    for index, token in enumerate(sentence):
        outward = next((w for w in token.words if owner.get(w.head, -1) != index), token.words[0])
        heads.append(owner.get(outward.head, index))
        relations.append("ROOT" if outward.head == 0 else outward.relation)
    return heads, relations


def mark_quotes(sentence: Sentence, rng: random.Random) -> tuple[list[str], list[bool]]:
    """Words and spaces; straight marks become « » most of the time, as newspapers set them."""
    words = [token.form for token in sentence]
    spaces = [token.space_after for token in sentence]
    style = rng.random()
    opening = True
    for index, word in enumerate(words):
        if word == '"':
            if style < 0.7:
                words[index] = "«" if opening else "»"
                if opening:
                    spaces[index] = True
                elif index:
                    spaces[index - 1] = True
            opening = not opening
        elif rng.random() < 0.5:
            words[index] = word.replace("'", "’")
    return words, spaces


def example(nlp: Language, sentences: Sequence[Sentence], rng: random.Random) -> Example:
    """Some sentences that follow each other, as one document; the parser also learns where they end."""
    words: list[str] = []
    spaces: list[bool] = []
    heads: list[int] = []
    relations: list[str] = []
    for sentence in sentences:
        more_heads, more_relations = surface_tree(sentence)
        more_words, more_spaces = mark_quotes(sentence, rng)
        heads += [len(words) + head for head in more_heads]
        relations += more_relations
        words += more_words
        spaces += [*more_spaces[:-1], True]
    reference = Doc(nlp.vocab, words=words, spaces=spaces, heads=heads, deps=relations)
    return Example(nlp.make_doc(reference.text), reference)


def examples(nlp: Language, sentences: list[Sentence], rng: random.Random) -> Iterator[Example]:
    """Endless: runs of one to six sentences of the treebank's order, the runs in random order."""
    while True:
        runs = []
        at = 0
        while at < len(sentences):
            size = rng.randint(1, 6)
            runs.append(sentences[at : at + size])
            at += size
        for run in rng.sample(runs, len(runs)):
            yield example(nlp, run, rng)


def train(data: Path, pipeline: Path, steps: int, seed: int) -> None:
    """Train for `steps` batches and write the pipeline back with its best parser."""
    fix_random_seed(seed)
    rng = random.Random(seed)
    folder = data / "ud-french"
    files = [folder / f"{name}.conllu" for name in TRAIN]
    sentences = [s for file in files if file.exists() for s in read_treebank(file)]
    held_out = list(read_treebank(folder / f"{DEVELOPMENT}.conllu"))
    nlp = spacy.load(pipeline, exclude=["parser"])
    nlp.add_pipe("parser", config={"model": PARSER_MODEL})
    development = [example(nlp, held_out[i : i + 4], rng) for i in range(0, len(held_out), 4)]
    optimizer = Adam(0.001, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    best, started, every = -1.0, time.monotonic(), min(500, steps)
    with nlp.select_pipes(enable="parser"):
        everything = [example(nlp, [sentence], rng) for sentence in sentences]
        nlp.get_pipe("parser").initialize(lambda: everything, nlp=nlp)
    stream = batches(examples(nlp, sentences, rng), words=1000)
    for step in range(1, steps + 1):
        optimizer.learn_rate = 0.002 * min(step / 200, 1.0, 1.02 - step / steps)
        with nlp.select_pipes(enable="parser"):
            nlp.update(next(stream), sgd=optimizer, drop=0.25)
        if step % every == 0 or step == steps:
            with nlp.use_params(optimizer.averages):
                with nlp.select_pipes(enable="parser"):
                    scores = nlp.evaluate(development)
                if scores["dep_las"] > best:
                    best = scores["dep_las"]
                    nlp.to_disk(pipeline, exclude=["lookups"])
            shown = {key: round(100 * scores[key], 2) for key in ("dep_uas", "dep_las", "sents_f")}
            print(f"{step:6} {time.monotonic() - started:6.0f} s  {shown}", flush=True)


def main(arguments: list[str]) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder that holds ud-french/")
    parser.add_argument("pipeline", type=Path, help="directory of the pipeline to extend")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    train(options.data, options.pipeline, options.steps, options.seed)


if __name__ == "__main__":
    main(sys.argv[1:])
