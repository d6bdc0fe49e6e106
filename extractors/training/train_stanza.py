"""Train the bundled Stanza models: a tokenizer with sentence splitting, then the entity tagger on it.

    python extractors/training/train_stanza.py DATA OUT [--steps N] [--tokenizer-steps N] [--seed N]

DATA holds `winer-fr/{train,dev}.jsonl` and the treebanks `ud-french/*.conllu`. OUT becomes a model
directory of Stanza: `fr/tokenize/news.pt`, `fr/ner/news.pt` and `resources.json`. The tagger learns on
the tokens and sentences that the new tokenizer makes, because these are what it will meet. Needs
`pip install 'factharness[train]'`.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("MKL_NUM_THREADS", "1")

import torch
from corpus import (
    LABELS,
    Augmenter,
    Passage,
    Sentence,
    read_passages,
    read_treebank,
    sentence_text,
    split_paragraphs,
)
from gold_guard import refuse_gold
from lexicon import Lexicon, build_lexicon, read_classes
from names import known_names
from stanza_models import Average, save_half, write_resources

TRAIN_TREEBANKS = ("sequoia-train", "gsd-dev", "gsd-test", "sequoia-test")
DEV_TREEBANK = "sequoia-dev"

# --- tokenizer --------------------------------------------------------------------------------


def labelled_text(
    sentences: Iterable[Sentence], rng: random.Random, augmenter: Augmenter | None
) -> tuple[str, str]:
    """Text and Stanza's label of each character: 0 inside a token, 1 its end, 2 end of sentence.

    Sentences come in paragraphs of one to eight. Fused words (`du`) stay one token: names need no
    syntactic words, and then no processor has to expand them.
    """
    text: list[str] = []
    labels: list[str] = []
    left = rng.randint(1, 8)
    for sentence in sentences:
        marks = "".join(
            "0" * (len(token.form) - 1) + "1" + "0" * token.space_after for token in sentence
        ).rstrip("0")
        line = sentence_text(sentence)
        if augmenter is not None and rng.random() < 0.7:
            line = augmenter.vary_typography(line)
        text.append(line)
        labels.append(marks[:-1] + "2")
        left -= 1
        text.append(" " if left else "\n\n")
        labels.append("0" if left else "\n\n")
        left = left or rng.randint(1, 8)
    return "".join(text[:-1]) + "\n", "".join(labels[:-1]) + "\n"


def train_tokenizer(data: Path, out: Path, steps: int, seed: int) -> None:
    """Write the tokenizer to the file `out`."""
    from stanza.models import tokenizer

    rng = random.Random(seed)
    folder = data / "ud-french"
    train = [
        s
        for name in TRAIN_TREEBANKS
        if (folder / f"{name}.conllu").exists()
        for s in read_treebank(folder / f"{name}.conllu")
    ]
    development = list(read_treebank(folder / f"{DEV_TREEBANK}.conllu"))
    augmenter = Augmenter([], seed)
    with tempfile.TemporaryDirectory() as scratch:
        # Twice, so that each sentence is met in its own typography and in others.
        pairs = {
            "train": labelled_text(train + train, rng, augmenter),
            "dev": labelled_text(development, rng, None),
        }
        for part, (text, labels) in pairs.items():
            Path(scratch, f"{part}.txt").write_text(text, encoding="utf-8")
            Path(scratch, f"{part}.labels").write_text(labels, encoding="utf-8")
        Path(scratch, "mwt.json").write_text("[]", encoding="utf-8")
        tokenizer.main([
            "--mode", "train", "--lang", "fr", "--shorthand", "fr_news", "--cpu", "--no_use_mwt",
            "--txt_file", f"{scratch}/train.txt", "--label_file", f"{scratch}/train.labels",
            "--dev_txt_file", f"{scratch}/dev.txt", "--dev_label_file", f"{scratch}/dev.labels",
            "--mwt_json_file", f"{scratch}/mwt.json",
            "--steps", str(steps), "--eval_steps", str(min(200, steps)), "--report_steps", "100",
            "--max_seqlen", "300", "--seed", str(seed),
            "--save_dir", scratch, "--save_name", "tokenizer.pt",
        ])  # fmt: skip
        state = torch.load(Path(scratch, "tokenizer.pt"), weights_only=True)
    # The paths of the folder in which it was trained do not belong into the model.
    config = {k: None if str(v).startswith(scratch) else v for k, v in state["config"].items()}
    save_half({**state, "config": config}, out)
    print(f"tokenizer: {steps} steps, {len(train)} sentences", flush=True)


# --- entity tagger ----------------------------------------------------------------------------

TaggedToken = tuple[str, str, int, int]  # text, BIOES tag, start, end

# Each word by its own vector and that of its word classes, added up, and by a character LSTM over its
# letters; a bidirectional LSTM over the sentence, a CRF. A language model would not fit the size.
TAGGER_OPTIONS = [
    "--mode", "train", "--shorthand", "fr_news", "--cpu", "--no_pretrain", "--no_lowercase",
    "--hidden_dim", "192", "--char_hidden_dim", "80", "--char_emb_dim", "40",
    "--word_emb_dim", "128", "--word_dropout", "0.05", "--optim", "adam", "--lr", "0.002",
    "--train_scheme", "bioes", "--scheme", "bioes",
]  # fmt: skip

WORDS_PER_LANGUAGE = 90_000


def class_vocabulary(lexicon: Lexicon) -> Any:
    """Stanza's vocabulary of pretrained vectors, where many words share one: the row of their classes."""
    from stanza.models.common.pretrain import PretrainedWordVocab
    from stanza.models.common.vocab import VOCAB_PREFIX

    vocabulary = PretrainedWordVocab([f"class {n}" for n in range(len(lexicon.codes))], "fr_news")
    state = vocabulary.state_dict()
    state["_unit2id"] = {unit: number for number, unit in enumerate(VOCAB_PREFIX)} | {
        word: len(VOCAB_PREFIX) + row for word, row in zip(lexicon.words, lexicon.rows, strict=True)
    }
    return PretrainedWordVocab.load_state_dict(state)


def tokenize(model: Path, texts: Iterable[str]) -> list[list[list[tuple[str, int, int]]]]:
    """Sentences of (text, start, end) of each text, by the tokenizer in the file `model`."""
    import stanza

    pipeline = stanza.Pipeline(
        lang="fr", dir=str(model.parents[2]), processors="tokenize", tokenize_model_path=str(model),
        download_method=None, use_gpu=False, verbose=False,
    )  # fmt: skip
    documents = pipeline.bulk_process([stanza.Document([], text=text) for text in texts])
    return [
        [
            [(t.text, t.start_char, t.end_char) for t in sentence.tokens]
            for sentence in doc.sentences
        ]
        for doc in documents
    ]


def tag_sentences(
    passage: Passage, sentences: list[list[tuple[str, int, int]]]
) -> Iterator[list[TaggedToken]]:
    """Each sentence with BIOES tags; a token belongs to the annotation that it overlaps."""
    for sentence in sentences:
        covering = [
            next((i for i, (s, e, _) in enumerate(passage.spans) if s < end and start < e), None)
            for _, start, end in sentence
        ]
        tagged = []
        for position, (text, start, end) in enumerate(sentence):
            here = covering[position]
            if here is None:
                tagged.append((text, "O", start, end))
                continue
            first = position == 0 or covering[position - 1] != here
            last = position + 1 == len(sentence) or covering[position + 1] != here
            tag = "S" if first and last else "B" if first else "E" if last else "I"
            tagged.append((text, f"{tag}-{passage.spans[here][2]}", start, end))
        yield tagged


def tagged_document(
    model: Path, passages: list[Passage]
) -> tuple[Any, list[list[list[TaggedToken]]]]:
    """A Stanza document of all the sentences, and the same sentences by passage."""
    from stanza.models.common.doc import Document

    tokens = tokenize(model, (passage.text for passage in passages))
    tagged = [list(tag_sentences(p, t)) for p, t in zip(passages, tokens, strict=True)]
    rows = [
        [{"id": i + 1, "text": text, "ner": tag} for i, (text, tag, _, _) in enumerate(sentence)]
        for sentences in tagged
        for sentence in sentences
    ]
    return Document(rows), tagged


def tagged_spans(sentence: list[TaggedToken], tags: list[str]) -> set[tuple[int, int, str]]:
    """The (start, end, label) that a sequence of BIOES tags says."""
    found = set()
    start, label = -1, ""
    for (_, _, begin, end), tag in zip(sentence, tags, strict=True):
        kind, _, name = tag.partition("-")
        if kind in ("S", "B") or name != label:
            start, label = begin, name
        if kind in ("S", "E"):
            found.add((start, end, name))
            label = ""
    return found


def scores(gold: list[set[Any]], found: list[set[Any]]) -> dict[str, float]:
    """Strict scores on characters, in per cent: `{"*": F1, label: F1}`."""
    result = {}
    for label in ("*", *LABELS):
        want = {(i, f) for i, facts in enumerate(gold) for f in facts if label in ("*", f[2])}
        have = {(i, f) for i, facts in enumerate(found) for f in facts if label in ("*", f[2])}
        result[label] = round(200 * len(want & have) / max(1, len(want) + len(have)), 2)
    return result


def train_tagger(
    articles: list[Passage],
    development: list[Passage],
    tokenizer: Path,
    out: Path,
    classes: Path | None,
    *,
    steps: int,
    seed: int,
    copies: int,
) -> None:
    """Write the entity tagger to the file `out`; `classes`: see `read_classes`."""
    from stanza.models import ner_tagger
    from stanza.models.common.utils import set_random_seed
    from stanza.models.ner.data import DataLoader
    from stanza.models.ner.trainer import Trainer
    from stanza.models.pos.vocab import WordVocab

    set_random_seed(seed)
    rng = random.Random(seed)
    args = ner_tagger.parse_args([*TAGGER_OPTIONS, "--seed", str(seed)])
    paragraphs = [paragraph for article in articles for paragraph in split_paragraphs(article)]
    augmenter = Augmenter(articles, seed, known_names())
    variants = [augmenter.variant(p) for _ in range(copies) for p in paragraphs]

    plain, _ = tagged_document(tokenizer, paragraphs)
    document, _ = tagged_document(tokenizer, [*paragraphs, *variants])
    loader = DataLoader(document, args["batch_size"], args)
    # Words met once in the corpus stay unknown, so that the unknown word is learnt too.
    words = [[(w.text, None) for w in s.tokens] for s in plain.sentences]
    known = [
        [(w, None) for w in name.split()] for names in known_names().values() for name in names
    ]
    words += known + known
    loader.vocab["delta"] = WordVocab(words, "fr_news", cutoff=2, lower=True)
    width = args["word_emb_dim"]
    lexicon = build_lexicon(read_classes(classes), articles, width, WORDS_PER_LANGUAGE)
    loader.vocab["word"] = class_vocabulary(lexicon)
    trainer = Trainer(args=args, vocab=loader.vocab, device="cpu")
    vectors = trainer.model.word_emb.weight.data
    vectors.zero_()
    vectors[-len(lexicon.codes) :] = torch.from_numpy(lexicon.codes)
    dev_document, dev_tagged = tagged_document(tokenizer, development)
    dev_args = {**args, "batch_size": 64}
    dev_loader = DataLoader(dev_document, 64, dev_args, vocab=loader.vocab, evaluation=True)
    gold = [set(passage.spans) for passage in development]

    def evaluate() -> dict[str, float]:
        tags = iter([t for batch in dev_loader for t in trainer.predict(batch)])
        found = [
            {span for sentence in sentences for span in tagged_spans(sentence, next(tags))}
            for sentences in dev_tagged
        ]
        return scores(gold, found)

    average = Average(trainer.model)
    optimizer = trainer.optimizer
    best, step, loss, started = -1.0, 0, 0.0, time.monotonic()
    every = min(250, steps)
    while step < steps:
        for batch in loader:
            step += 1
            rate = args["lr"] * min(step / 200, 1.0, 1.02 - step / steps)
            for group in optimizer.param_groups:
                group["lr"] = rate
            blanked = [[w if rng.random() > 0.08 else "\0" for w in s] for s in batch[0]]
            loss += trainer.update((blanked, *batch[1:]))
            average.update()
            if step % every == 0 or step == steps:
                average.swap()
                result = evaluate()
                if result["*"] > best:
                    best = result["*"]
                    save_half(tagger_state(trainer), out)
                average.swap()
                seconds = time.monotonic() - started
                print(f"{step:6} {seconds:6.0f} s  loss {loss / every:8.2f}  {result}", flush=True)
                loss = 0.0
            if step >= steps:
                break
        loader.reshuffle()


def tagger_state(trainer: Any) -> dict[str, Any]:
    """What `Trainer.save` writes, and the class vectors, which it would leave to a second file."""
    return {
        "model": trainer.model.state_dict(),
        "vocab": trainer.vocab.state_dict(),
        "config": trainer.args,
    }


def main(arguments: list[str]) -> None:
    """The command line."""
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, help="folder that holds winer-fr/ and ud-french/")
    parser.add_argument("out", type=Path, help="model directory to write")
    parser.add_argument(
        "--classes", type=Path, help="folder of word classes; default: the package's"
    )
    parser.add_argument("--steps", type=int, default=4200, help="of the entity tagger")
    parser.add_argument("--tokenizer-steps", type=int, default=2000, help="0: keep the one in OUT")
    parser.add_argument("--copies", type=int, default=4, help="augmented copies of the corpus")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    articles, development = (
        read_passages(options.data / "winer-fr" / f"{part}.jsonl") for part in ("train", "dev")
    )
    refuse_gold([*articles, *development])
    tokenizer = options.out / "fr" / "tokenize" / "news.pt"
    options.out.mkdir(parents=True, exist_ok=True)
    write_resources(options.out, ("tokenize", "ner"))
    if options.tokenizer_steps:
        train_tokenizer(options.data, tokenizer, options.tokenizer_steps, options.seed)
    tagger = options.out / "fr" / "ner" / "news.pt"
    train_tagger(
        articles,
        development,
        tokenizer,
        tagger,
        options.classes,
        steps=options.steps,
        seed=options.seed,
        copies=options.copies,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
