"""Token classification: cuts a text into windows of sub-words, and makes mentions of the tags of a model.

What a word is does not depend on the tokenizer: a run of letters and digits, or any other single character, so
that *l'ONU,* is four words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fact_extractors import torch_device
from fact_extractors.classifiers.hub import Model
from fact_extractors.pipelines.reading import ModelMention
from factharness.errors import BackendError, BackendUnavailable

if TYPE_CHECKING:
    import numpy as np

_WORD = re.compile(r"\w+|[^\w\s]")
_TAG = re.compile(r"([BIESLUM])[-_](.+)", re.DOTALL)


def split(tag: str) -> tuple[str, str]:
    """``B-PER`` as ``("B", "PER")``; ``PER`` as ``("I", "PER")``; ``O`` as ``("O", "")``."""
    if tag in ("O", "0", ""):
        return "O", ""
    match = _TAG.fullmatch(tag)
    return (match[1], match[2]) if match else ("I", tag)


class TaggedPiece(NamedTuple):
    """A stretch ``[start, end)`` of the text and its output tag."""

    start: int
    end: int
    tag: str


class SubwordWindow(NamedTuple):
    """Sub-words shown together: the tokenizer's encoding, and which of them ``[first, last)`` count here."""

    encoding: Any
    first: int
    last: int


class Tagger:
    """Tokenizer and model: text to windows, windows to probabilities, probabilities to tagged pieces."""

    def __init__(
        self,
        model: Model,
        window: int | None,
        overlap: int | None,
        batch_size: int,
        gpu: bool,
        threads: int,
    ) -> None:
        self._batch_size, self._threads = batch_size, threads
        self._device = torch_device.device(gpu)
        self._tokenizer, self._model = _load(model)
        self._model.to(self._device)
        self._tags = [self._model.config.id2label[n] for n in range(self._model.config.num_labels)]
        room = _room(self._tokenizer, self._model.config)
        self._size = min(room, 512) if window is None else window
        specials = self._tokenizer.num_special_tokens_to_add()
        self._overlap = self._size // 8 if overlap is None else overlap
        if self._size > room or self._overlap >= self._size - specials:
            raise BackendError(
                f"a window of {self._size} sub-words with an overlap of {self._overlap}: the model takes "
                f"{room}, {specials} of them its own",
                remedy="choose a smaller window or overlap",
            )

    def windows(self, text: str) -> list[SubwordWindow]:
        """The windows of a text, in order; none when it has no sub-word."""
        encoded = self._tokenizer(
            text,
            truncation=True,
            max_length=self._size,
            stride=self._overlap,
            return_overflowing_tokens=True,
        )
        made = []
        for number, encoding in enumerate(encoded.encodings):
            inside = [n for n, special in enumerate(encoding.special_tokens_mask) if not special]
            if not inside:
                continue
            # Of the sub-words that two windows share, each window counts those that have more context in it.
            half = self._overlap // 2
            first = inside[0] + (half if number else 0)
            last = inside[-1] + 1
            if number + 1 < len(encoded.encodings):
                last -= self._overlap - half
            made.append(SubwordWindow(encoding, first, last))
        return made

    def read(self, windows: Sequence[SubwordWindow]) -> list[np.ndarray[Any, Any]]:
        """For each window the probabilities of the tags, an array (sub-words, tags)."""
        import torch

        torch.set_num_threads(self._threads)  # a worker process starts with torch's default again
        found = []
        for start in range(0, len(windows), self._batch_size):
            some = windows[start : start + self._batch_size]
            shown = self._tokenizer.pad(
                {
                    "input_ids": [window.encoding.ids for window in some],
                    "attention_mask": [window.encoding.attention_mask for window in some],
                },
                padding_side="right",
                return_tensors="pt",
            ).to(self._device)
            with torch.inference_mode():
                logits = self._model(**shown).logits
            rows = logits.float().softmax(-1).cpu().numpy()
            found += [row[: len(w.encoding.ids)] for row, w in zip(rows, some, strict=True)]
        return found

    def pieces(
        self,
        text: str,
        windows: Sequence[SubwordWindow],
        probabilities: Sequence[np.ndarray[Any, Any]],
        aggregation: str,
    ) -> Iterator[TaggedPiece]:
        """The words of a text (or its sub-words: ``simple``) in order, each with its tag."""
        tokens = [
            (*window.encoding.offsets[n], rows[n])
            for window, rows in zip(windows, probabilities, strict=True)
            for n in range(window.first, window.last)
        ]
        for group in _groups(text, tokens, by_word=aggregation != "simple"):
            rows = [row for _, _, row in group]
            row = rows[0]
            if aggregation == "average":
                row = sum(rows) / len(rows)
            elif aggregation == "max":
                row = max(rows, key=lambda one: float(one.max()))
            yield TaggedPiece(group[0][0], group[-1][1], self._tags[int(row.argmax())])


_Token = tuple[int, int, Any]


def _groups(text: str, tokens: Iterable[_Token], *, by_word: bool) -> Iterator[list[_Token]]:
    """Neighbouring sub-words that belong to one word; those of nothing but white space are left out."""
    words = _WORD.finditer(text)
    word = next(words, None)
    group: list[_Token] = []
    owner = None
    for start, end, row in tokens:
        inside = text[start:end].strip()
        if not inside:
            continue
        start = text.index(inside, start)
        while word is not None and word.end() <= start:
            word = next(words, None)
        if group and not (by_word and word is not None and word.start() == owner):
            yield group
            group = []
        owner = None if word is None else word.start()
        group.append((start, start + len(inside), row))
    if group:
        yield group


def mentions(text: str, pieces: Iterable[TaggedPiece]) -> Iterator[ModelMention]:
    """The mentions that tagged pieces make, whatever of IO, IOB, BIO, BIOES and BILOU the tags are.

    A mention goes on as long as the pieces have its label and none says that it begins or that the last one
    ended; it does not go over a line end.
    """
    start = end = 0
    label, open_ = "", False
    for piece in pieces:
        prefix, name = split(piece.tag)
        goes_on = (
            open_
            and name == label
            and prefix not in ("B", "S", "U")
            and "\n" not in text[end : piece.start]
        )
        if not goes_on and label:
            yield ModelMention(start, end, label)
        if not goes_on:
            start, label = piece.start, name
        end = max(end, piece.end) if goes_on else piece.end
        open_ = bool(name) and prefix not in ("E", "L", "S", "U")
    if label:
        yield ModelMention(start, end, label)


def _load(model: Model) -> tuple[Any, Any]:
    try:
        from transformers import AutoModelForTokenClassification, AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        raise BackendUnavailable(
            f"transformers cannot be imported ({error})",
            remedy="pip install 'factharness[transformers]'",
        ) from error
    logging.disable_progress_bar()
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()
    try:
        tokenizer = AutoTokenizer.from_pretrained(model.folder, local_files_only=True)
        network, report = AutoModelForTokenClassification.from_pretrained(
            model.folder, local_files_only=True, output_loading_info=True
        )
    except Exception as error:
        text = str(error).strip().splitlines()
        raise BackendError(
            f"transformers cannot load {model.name!r}: {type(error).__name__}: "
            f"{text[0] if text else ''}",
            remedy="it needs the whole folder of a model, made for a version of transformers that fits",
        ) from error
    finally:
        logging.set_verbosity(verbosity)
    if report["missing_keys"]:
        raise BackendError(
            f"{model.name!r} lacks trained weights: {', '.join(sorted(report['missing_keys'])[:3])}",
            remedy="choose a model that was trained to find names",
        )
    if not getattr(tokenizer, "is_fast", False):
        raise BackendError(
            f"the tokenizer of {model.name!r} does not say where its sub-words stand",
            remedy="it needs a fast tokenizer (tokenizer.json)",
        )
    tokenizer.truncation_side = "right"
    if tokenizer.pad_token is None:  # any will do: what is padded is not attended to
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    return tokenizer, network.eval()


def _room(tokenizer: Any, config: Any) -> int:
    """How many sub-words the model takes at once."""
    positions = getattr(config, "max_position_embeddings", None) or 512
    if getattr(config, "model_type", "") in _SHIFTED:
        positions -= (config.pad_token_id or 0) + 1
    return min(int(tokenizer.model_max_length), positions)


_SHIFTED = {"roberta", "camembert", "xlm-roberta", "xlm-roberta-xl", "longformer"}
"""Model types whose positions are counted from after the padding's."""
