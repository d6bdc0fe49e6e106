"""Tiny token-classification models: one of random weights, and one that has learnt a list of words by heart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-DATE", "I-DATE")


def fast(model: Any, pre_tokenizer: Any) -> Any:
    """A tokenizer that frames a text with [CLS] and [SEP]."""
    from tokenizers import Tokenizer, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(model)
    made.pre_tokenizer = pre_tokenizer
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    pad, unk, cls, sep = SPECIALS
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token=pad, unk_token=unk, cls_token=cls, sep_token=sep
    )


def tokenizer(kind: str, pieces: Iterable[str]) -> Any:
    """``wordpiece``, or ``metaspace`` and ``bytes``, which count the space before a word as its part."""
    from tokenizers import models, pre_tokenizers

    if kind == "wordpiece":
        return fast(
            models.WordPiece(numbered(pieces), unk_token="[UNK]"), pre_tokenizers.BertPreTokenizer()
        )
    if kind == "metaspace":
        split = [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        letters = numbered(["▁a", *"▁’',.«»", *(letter for piece in pieces for letter in piece)])
        made = models.BPE(letters, [("▁", "a")], unk_token="[UNK]")
        return fast(made, pre_tokenizers.Sequence(split))
    alphabet = numbered(sorted(pre_tokenizers.ByteLevel.alphabet()))
    return fast(models.BPE(alphabet, []), pre_tokenizers.ByteLevel(add_prefix_space=True))


def numbered(pieces: Iterable[str]) -> dict[str, int]:
    return {piece: n for n, piece in enumerate(dict.fromkeys((*SPECIALS, *pieces)))}


def config(vocab: int, tags: Sequence[str], **more: Any) -> Any:
    from transformers import BertConfig

    settings = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2} | more
    return BertConfig(
        vocab_size=vocab,
        intermediate_size=16,
        max_position_embeddings=64,
        id2label=dict(enumerate(tags)),
        **settings,
    )


def random_model(folder: Path, kind: str = "wordpiece", tags: Sequence[str] = TAGS) -> str:
    """A model that labels at random, but always alike."""
    import torch
    from transformers import BertForTokenClassification

    torch.manual_seed(3)
    tokens = tokenizer(kind, ["Jean", "Lyon", "##e", "mardi"])
    model = BertForTokenClassification(config(len(tokens), tags, initializer_range=2.0))
    model.save_pretrained(folder)
    tokens.save_pretrained(folder)
    return str(folder)


def learnt_model(
    folder: Path,
    known: Mapping[str, str],
    tags: Sequence[str] = TAGS,
    sure: Mapping[str, float] | None = None,
) -> str:
    """A model that gives each word piece of ``known`` its tag and every other one the first of ``tags``.

    ``sure`` says how sure it is of a piece (default 5).

    It has no layers: the embedding of a piece is its number, one-hot, and the classifier looks it up.
    """
    import torch
    from transformers import BertForTokenClassification

    vocab = numbered(known)
    tokens = tokenizer("wordpiece", known)
    one_hot = {"hidden_size": len(vocab), "num_hidden_layers": 0, "num_attention_heads": 1}
    model = BertForTokenClassification(config(len(vocab), tags, **one_hot))
    with torch.no_grad():
        for weight in (*model.bert.embeddings.parameters(), *model.classifier.parameters()):
            weight.zero_()
        model.bert.embeddings.LayerNorm.weight.fill_(1)
        model.bert.embeddings.word_embeddings.weight.copy_(torch.eye(len(vocab)))
        for piece, at in vocab.items():
            model.classifier.weight[tags.index(known.get(piece, tags[0])), at] = (sure or {}).get(
                piece, 5
            )
    model.save_pretrained(folder)
    tokens.save_pretrained(folder)
    return str(folder)


def gliner_model(folder: Path, max_len: int = 24) -> str:
    """A GLiNER model of random weights that takes so many words at once."""
    import torch
    from gliner import GLiNER, GLiNERConfig

    torch.manual_seed(3)
    backbone = folder / "backbone"
    tokens = tokenizer("wordpiece", ["Jean", "Lyon", "##e", "mardi"])
    tokens.save_pretrained(backbone)
    encoder = config(len(tokens) + 8, TAGS, initializer_range=2.0)
    encoder.max_position_embeddings = 512
    encoder.save_pretrained(backbone)
    made = GLiNERConfig(
        model_name=str(backbone),
        encoder_config=encoder.to_dict(),
        hidden_size=16,
        max_width=4,
        max_len=max_len,
        num_rnn_layers=0,
    )
    GLiNER.from_config(made, backbone_from_pretrained=False).save_pretrained(folder / "model")
    return str(folder / "model")
