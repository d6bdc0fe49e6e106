"""Train the tagger and the dependency parser of the bundled Stanza models, on the French treebanks.

    python extractors/training/train_stanza_parser.py DATA OUT [--tagger-steps N] [--steps N]
        [--seed N] [--resume]

DATA holds `ud-french/*.conllu`; OUT is a model directory of Stanza, such as `train_stanza.py` writes. It gets
`fr/pos/news.pt` and `fr/depparse/news.pt`, and both are named in its `resources.json`. Words are those of the
text (`du`), as the tokenizer makes them. There is no lemmatizer: where Stanza's parser looks at lemmas, this
one gets the words themselves, and knows them when they are forms of reporting verbs.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import torch
from incises import Arc, read_incises, subject_accuracy
from stanza_models import PACKAGE, Average, model_file, save_half, write_resources
from stanza_trees import Scores, Stream, attachment, document, percent, verb_vocabulary
from trees import Tree
from varied import AUGMENTATIONS, development_trees, training_trees

# Words met less than three times, in the treebank and as many variants of it, are unknown, so that the unknown
# word is learnt too.
#
# Words by a vector of their own and by a character LSTM over their letters; no pretrained vectors, no
# language model: they would not fit the size.
COMMON = ["--shorthand", "fr_news", "--no_pretrain", "--word_cutoff", "3", "--optim", "adam"]
TAGGER_OPTIONS = [
    *COMMON,
    "--hidden_dim", "128", "--num_layers", "1", "--deep_biaff_hidden_dim", "96",
    "--composite_deep_biaff_hidden_dim", "16", "--tag_emb_dim", "16",
    "--word_emb_dim", "64", "--char_emb_dim", "32", "--char_hidden_dim", "64", "--transformed_dim", "64",
    "--dropout", "0.25", "--word_dropout", "0.1", "--lr", "0.004",
    "--augment_nopunct", "0.1",
]  # fmt: skip
PARSER_OPTIONS = [
    *COMMON,
    "--hidden_dim", "128", "--num_layers", "2", "--deep_biaff_hidden_dim", "96",
    "--word_emb_dim", "48", "--char_emb_dim", "32", "--char_hidden_dim", "48", "--transformed_dim", "48",
    "--tag_emb_dim", "24", "--no_xpos", "--no_ufeats",
    "--dropout", "0.25", "--word_dropout", "0.1", "--lr", "0.003", "--beta2", "0.95",
]  # fmt: skip
PARSER_BATCH = 400  # words
TAGGER_BATCH = 16  # sentences
CHUNK = 20_000
"""Words for which variants are made at a time."""


def optimise(
    trainer: Any,
    optimizers: Iterable[torch.optim.Optimizer],
    batches: Iterator[Any],
    evaluate: Callable[[], Scores],
    save: Callable[[], None],
    *,
    steps: int,
) -> None:
    """Train for so many batches; save the average of the weights where the first of the scores is best.

    The rate rises shortly and then falls to nothing.
    """
    average = Average(trainer.model, decay=0.99)
    groups = [group for optimizer in optimizers for group in optimizer.param_groups]
    best, started = -1.0, time.monotonic()
    every = min(300, steps)
    for step in range(1, steps + 1):
        for group in groups:
            group["lr"] = trainer.args["lr"] * min(step / 200, 1.0, 1.02 - step / steps)
        trainer.update(next(batches))
        average.update()
        if step % every == 0 or step == steps:
            average.swap()
            scores = evaluate()
            first = next(iter(scores.values()))
            if first > best:
                best = first
                save()
            average.swap()
            print(f"{step:6} {time.monotonic() - started:6.0f} s  {scores}", flush=True)


def tagged(trainer: Any, trees: Sequence[Tree]) -> list[list[str]]:
    """The parts of speech that a tagger finds."""
    from stanza.models.common.utils import unsort
    from stanza.models.pos.data import Dataset

    data = Dataset(
        document(trees),
        trainer.args,
        None,
        vocab=trainer.vocab,
        evaluation=True,
        sort_during_eval=True,
    )
    found: list[list[list[str]]] = []
    order: list[int] = []
    for batch in data.to_length_limited_loader(batch_size=100, maximum_tokens=5000):
        order.extend(batch[-1])
        found += trainer.predict(batch)
    return [[word[0] for word in sentence] for sentence in unsort(found, order)]


def train_tagger(
    stream: Stream, development: Sequence[Tree], out: Path, *, steps: int, seed: int
) -> None:
    """Write a tagger of universal parts of speech to the file `out`."""
    from stanza.models.pos.data import Dataset
    from stanza.models.pos.tag_columns import tag_columns_to_config
    from stanza.models.pos.trainer import Trainer
    from stanza.models.tagger import parse_args

    args = parse_args([*TAGGER_OPTIONS, "--seed", str(seed)])
    vocab = Dataset.init_vocab([document(stream.vocabulary())], args)
    trainer = Trainer(args=args, vocab=vocab, device="cpu")

    def batches() -> Iterator[Any]:
        while True:
            data = Dataset(document(stream.take(CHUNK)), args, None, vocab=vocab)
            yield from data.to_loader(batch_size=TAGGER_BATCH, shuffle=True)

    def evaluate() -> Scores:
        pairs = [
            (node.pos, tag)
            for tree, tags in zip(development, tagged(trainer, development), strict=True)
            for node, tag in zip(tree, tags, strict=True)
        ]
        return {"POS": percent(sum(a == b for a, b in pairs), len(pairs))}

    def save() -> None:
        config = {**args, "tag_columns": tag_columns_to_config(args["tag_columns"])}
        model = trainer.model.state_dict()
        save_half({"model": model, "vocab": vocab.state_dict(), "config": config}, out)

    optimise(trainer, trainer.optimizers.values(), batches(), evaluate, save, steps=steps)


def new_parser(stream: Stream, seed: int) -> Any:
    """A trainer of a parser that has learnt nothing, which knows the words of the stream."""
    from stanza.models.depparse.data import DataLoader
    from stanza.models.depparse.trainer import GraphTrainer
    from stanza.models.parser import parse_args

    args = parse_args([*PARSER_OPTIONS, "--seed", str(seed)])
    vocab = DataLoader(document(stream.vocabulary()), PARSER_BATCH, args, None).vocab
    vocab["lemma"] = verb_vocabulary()
    return GraphTrainer(args=args, vocab=vocab, device="cpu")


def train_parser(
    trainer: Any, stream: Stream, development: Sequence[Tree], tagger: Any, out: Path, *, steps: int
) -> None:
    """Write the parser of a trainer to the file `out`, trained on the tags that `tagger` finds."""
    from stanza.models.depparse.data import DataLoader

    args, vocab = trainer.args, trainer.vocab
    dev_loader = DataLoader(
        document(development, tagged(tagger, development)),
        2000,
        args,
        None,
        vocab=vocab,
        evaluation=True,
        sort_during_eval=True,
    )

    def batches() -> Iterator[Any]:
        while True:
            trees = stream.take(CHUNK)
            loader = DataLoader(
                document(trees, tagged(tagger, trees)), PARSER_BATCH, args, None, vocab=vocab
            )
            loader.reshuffle()
            yield from loader

    def evaluate() -> Scores:
        from stanza.models.common.utils import unsort

        with torch.no_grad():
            found = [tree for batch in dev_loader for tree in trainer.predict(batch)]
        return attachment(development, unsort(found, dev_loader.data_orig_idx))

    def save() -> None:
        config = {
            **args,
            "transition_subtree_combination": args["transition_subtree_combination"].name,
        }
        state = {"model": trainer.model.state_dict(), "vocab": vocab.state_dict(), "config": config}
        save_half({**state, "model_type": "graph"}, out)

    optimise(trainer, trainer.optimizer.values(), batches(), evaluate, save, steps=steps)


def subjects(out: Path) -> Scores:
    """How many subjects of reporting verbs all the models of a model directory find together."""
    import stanza

    pipeline = stanza.Pipeline(
        "fr",
        dir=str(out),
        package=None,
        processors={"tokenize": PACKAGE, "pos": PACKAGE, "lemma": "identity", "depparse": PACKAGE},
        download_method=None,
        use_gpu=False,
        verbose=False,
    )
    incises = read_incises()
    documents = pipeline.bulk_process([stanza.Document([], text=i.text) for i in incises])
    arcs = (
        [
            Arc(word.start_char, sentence.words[max(0, word.head - 1)].start_char, word.deprel)
            for sentence in document.sentences
            for word in sentence.words
        ]
        for document in documents
    )
    return {"subjects": round(100 * subject_accuracy(arcs, incises), 2)}


def main(arguments: list[str]) -> None:
    """The command line."""
    from stanza.models.common.utils import set_random_seed
    from stanza.models.depparse.trainer import Trainer as Parser
    from stanza.models.pos.trainer import Trainer as Tagger

    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path, help="folder that holds ud-french/")
    parser.add_argument("out", type=Path, help="model directory to extend")
    parser.add_argument("--tagger-steps", type=int, default=1800, help="0: keep the one in OUT")
    parser.add_argument("--steps", type=int, default=3000, help="of the parser; 0: keep it")
    parser.add_argument("--resume", action="store_true", help="go on with the parser in OUT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--augmentation", choices=AUGMENTATIONS, default=AUGMENTATIONS[-1])
    options = parser.parse_args(arguments)
    seed, out = options.seed, options.out
    set_random_seed(seed)
    stream = Stream(training_trees(options.data), options.augmentation, random.Random(seed))
    development = development_trees(options.data, seed)
    tagger, parser_file = model_file(out, "pos"), model_file(out, "depparse")
    if options.tagger_steps:
        train_tagger(stream, development, tagger, steps=options.tagger_steps, seed=seed)
    if options.steps:
        trainer = (
            Parser.load(str(parser_file), None, device="cpu")
            if options.resume
            else new_parser(stream, seed)
        )
        tags = Tagger(model_file=str(tagger), device="cpu")
        train_parser(trainer, stream, development, tags, parser_file, steps=options.steps)
    write_resources(out, ())
    if model_file(out, "tokenize").is_file() and parser_file.is_file():
        print(subjects(out), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
