"""Back end ``transformers``, with models so small that each test makes its own."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_models import learnt_model, random_model

from fact_extractors.classifiers.token_classifier import TaggedPiece, mentions
from fact_extractors.classifiers.transformers import TransformersExtractor, build
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.facts import Article, Date, Entity, Fact, spans_of
from factharness.testing import AWKWARD, check_extractor

pytestmark = pytest.mark.needs("torch", "transformers")

DAY = date(2024, 3, 6)
KNOWN = {
    "Jean": "B-PER",
    "Mart": "I-PER",
    "##in": "I-PER",
    "Lyon": "B-LOC",
    "mardi": "B-DATE",
    "a": "O",
    "vu": "O",
    "l": "O",
    "’": "O",
    "'": "O",
    ",": "O",
}


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> str:
    return learnt_model(tmp_path_factory.mktemp("learnt"), KNOWN)


def facts(extractor: TransformersExtractor, *texts: str) -> list[list[Fact]]:
    outcomes = list(extractor.extract(Article(str(n), text, DAY) for n, text in enumerate(texts)))
    assert not any(isinstance(outcome, ExtractionError) for outcome in outcomes), outcomes
    return [list(outcome) for outcome in outcomes if not isinstance(outcome, ExtractionError)]


def read(extractor: TransformersExtractor, text: str) -> list[tuple[str, str]]:
    (found,) = facts(extractor, text)
    return [
        (f.span.of(text), f.label if isinstance(f, Entity) else str(f.value))
        for f in found
        if isinstance(f, Entity | Date)
    ]


# --- what holds for every model ----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wordpiece", "metaspace", "bytes"])
@pytest.mark.parametrize("aggregation", ["first", "simple"])
def test_any_tokenizer_keeps_the_contract(tmp_path: Path, kind: str, aggregation: str) -> None:
    check_extractor(build, model=random_model(tmp_path, kind), aggregation=aggregation)


WORDS = [
    "Jean",
    "Martin",
    "Lyon",
    "mardi",
    "a",
    "vu",
    "l’",
    "\u00a0",
    "😀",
    "«",
    ",",
    "\n",
    "\n\n",
    "É",
]
TEXT = st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT, window=st.integers(8, 40), share=st.floats(0, 0.9), batch=st.integers(1, 4))
def test_where_the_windows_are_cut_changes_nothing_for_a_model_without_context(
    learnt: str, text: str, window: int, share: float, batch: int
) -> None:
    overlap = int(share * (window - 3))
    cut = build(learnt, window=window, overlap=overlap, batch_size=batch)
    whole = [fact for line in text.split("\n") for fact in read(build(learnt), line)]
    assert read(cut, text) == whole


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, max_size=4))
def test_spans_are_trimmed_and_in_the_order_of_the_text(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    extractor = _random(tmp_path_factory)
    for text, found in zip(texts, facts(extractor, *texts), strict=True):
        spans = [span for fact in found for span in spans_of(fact)]
        assert spans == sorted(spans)
        for span in spans:
            assert span.of(text) == span.of(text).strip() != ""
            assert "\n" not in span.of(text)


_made: list[TransformersExtractor] = []


def _random(factory: pytest.TempPathFactory) -> TransformersExtractor:
    if not _made:
        _made.append(build(random_model(factory.mktemp("random"), "metaspace")))
    return _made[0]


# --- worked examples ---------------------------------------------------------------------------


def test_mentions_have_the_offsets_of_the_text(learnt: str) -> None:
    text = "Jean Martin a vu\u00a0Lyon, l’Jean.\n\nJean Lyon mardi"
    assert read(build(learnt), text) == [
        ("Jean Martin", "PER"),
        ("Lyon", "LOC"),
        ("Jean", "PER"),
        ("Jean", "PER"),
        ("Lyon", "LOC"),
        ("mardi", "2024-03-05"),
    ]


@pytest.mark.parametrize("overlap", [0, 1, 5, 8, 13])
def test_no_word_of_a_long_article_is_lost_or_read_twice(learnt: str, overlap: int) -> None:
    found = read(build(learnt, window=16, overlap=overlap), "Jean Lyon " * 40)
    assert found == [("Jean", "PER"), ("Lyon", "LOC")] * 40


@pytest.mark.parametrize("kind", ["wordpiece", "metaspace", "bytes"])
def test_a_mention_reaches_from_the_first_character_to_the_last(tmp_path: Path, kind: str) -> None:
    lines = ["Jean a  vu", "l’Été\u00a0😀 à Lyon"]
    everything = build(random_model(tmp_path, kind, tags=("PER",)))
    assert read(everything, "\n".join(lines)) == [(line, "PER") for line in lines]


def test_a_mention_stops_at_the_end_of_a_line(learnt: str) -> None:
    assert read(build(learnt), "Jean\nMartin") == [("Jean", "PER"), ("Martin", "PER")]
    assert read(build(learnt), "Jean Martin") == [("Jean Martin", "PER")]


def test_the_label_of_a_word_of_several_pieces(tmp_path: Path) -> None:
    known = {"Mar": "B-PER", "##ti": "I-LOC", "##n": "I-LOC", "Sar": "O", "##ko": "B-PER"}
    model = learnt_model(tmp_path, known, sure={"Mar": 3.0, "Sar": 3.0, "##ko": 3.5})
    assert read(build(model), "Martin") == [("Martin", "PER")]
    assert read(build(model, aggregation="average"), "Martin") == [("Martin", "LOC")]
    assert read(build(model, aggregation="simple"), "Martin") == [("Mar", "PER"), ("tin", "LOC")]
    assert read(build(model), "Sarko") == []
    assert read(build(model, aggregation="max"), "Sarko") == [("Sarko", "PER")]


def test_typography_is_folded_without_moving_offsets(tmp_path: Path) -> None:
    model = learnt_model(tmp_path, {"l": "O", "'": "B-PER", "Jean": "I-PER"})
    assert read(build(model), "l’Jean") == [("Jean", "PER")]
    assert read(build(model, fold_typography=True), "l’Jean") == [("’Jean", "PER")]


def test_other_labels_are_mapped_by_hand_or_recognised(tmp_path: Path) -> None:
    numbered = learnt_model(tmp_path / "a", {"Jean": "LABEL_1"}, tags=("LABEL_0", "LABEL_1"))
    labels = {"LABEL_0": "", "LABEL_1": "PER"}
    assert read(build(numbered, labels=labels), "a Jean a") == [("Jean", "PER")]
    ontonotes = learnt_model(tmp_path / "b", {"Lyon": "B-GPE"}, tags=("O", "B-GPE", "B-CARDINAL"))
    extractor = build(ontonotes)
    assert extractor.label_scheme == "ontonotes"
    assert read(extractor, "Lyon") == [("Lyon", "GPE")]


def test_kinds_are_those_of_the_labels_or_those_asked_for(learnt: str, tmp_path: Path) -> None:
    assert build(learnt).kinds == {"entity", "date"}
    assert read(build(learnt, kinds=["date"]), "Jean mardi") == [("mardi", "2024-03-05")]
    names = learnt_model(tmp_path, {"Jean": "B-PER"}, tags=("O", "B-PER"))
    assert build(names).kinds == {"entity"}
    for kind in ("date", "quote"):
        with pytest.raises(BackendError, match=f"does not find kind '{kind}'"):
            build(names, kinds=[kind])


def test_torch_has_one_thread(learnt: str) -> None:
    import torch

    torch.set_num_threads(2)
    facts(build(learnt), "Jean")
    assert torch.get_num_threads() == 1


# --- tags to mentions --------------------------------------------------------------------------

MENTIONS = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from(["PER", "LOC", "loc.adm", ""])), max_size=12
)
"""Runs of words: how many, and their label (none: outside)."""


def tagged(runs: Sequence[tuple[int, str]], scheme: str) -> list[str]:
    tags: list[str] = []
    for length, label in runs:
        if not label:
            tags += ["O"] * length
            continue
        first, last, alone = {"BIO": "BIB", "BIOES": "BES", "BILOU": "BLU", "IO": "III"}[scheme]
        run = [first, *"I" * (length - 2), last] if length > 1 else [alone]
        if scheme == "IO":
            tags += [label] * length
        else:
            tags += [f"{prefix}-{label}" for prefix in run]
    return tags


@pytest.mark.parametrize("scheme", ["BIO", "BIOES", "BILOU", "IO"])
@given(runs=MENTIONS)
def test_every_tagging_scheme_gives_the_mentions_it_was_made_of(
    scheme: str, runs: list[tuple[int, str]]
) -> None:
    if scheme == "IO":  # it cannot tell neighbours of one label apart
        runs = [run for n, run in enumerate(runs) if not n or runs[n - 1][1] != run[1]]
        runs = [piece for run in runs for piece in (run, (1, ""))]
    wanted, at = [], 0
    for length, label in runs:
        if label:
            wanted.append((2 * at, 2 * (at + length) - 1, label))
        at += length
    pieces = [TaggedPiece(2 * n, 2 * n + 1, tag) for n, tag in enumerate(tagged(runs, scheme))]
    assert list(mentions("x " * at, pieces)) == wanted


def test_a_mention_may_begin_inside() -> None:
    pieces = [
        TaggedPiece(0, 1, "I-PER"),
        TaggedPiece(2, 3, "I-PER"),
        TaggedPiece(4, 5, "I-LOC"),
        TaggedPiece(6, 7, "B-LOC"),
    ]
    assert [m.label for m in mentions("x x x x", pieces)] == ["PER", "LOC", "LOC"]


# --- models that cannot be used ----------------------------------------------------------------


def test_an_article_that_breaks_the_model_fails_alone(
    learnt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extractor = build(learnt, batch_size=4)
    extractor.load()
    tagger: Any = extractor._tagger
    read_all = tagger.read

    def fragile(windows: Sequence[Any]) -> Any:
        if any("mardi" in window.encoding.tokens for window in windows):
            raise RuntimeError("boum")
        return read_all(windows)

    monkeypatch.setattr(tagger, "read", fragile)
    texts = [
        "Jean",
        "mardi",
        "",
        "Lyon",
        "Lyon \ud83d",
    ] * 3  # half a character: no tokenizer takes it
    outcomes = list(extractor.extract(Article(str(n), text) for n, text in enumerate(texts)))
    bad = ("mardi", "Lyon \ud83d")
    assert [isinstance(one, ExtractionError) for one in outcomes] == [t in bad for t in texts]
    assert "RuntimeError: boum" in str(outcomes[1])


def test_a_model_that_cannot_be_loaded_is_said_once(learnt: str, tmp_path: Path) -> None:
    shutil.copytree(learnt, tmp_path / "m")
    (tmp_path / "m" / "model.safetensors").write_bytes(b"\x00\xff not what it was")
    with pytest.raises(BackendError, match="cannot load"):
        list(build(str(tmp_path / "m")).extract(AWKWARD))


def test_a_model_without_labels_for_names_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    from tiny_models import config
    from transformers import BertForMaskedLM

    BertForMaskedLM(config(9, ("a", "b"))).save_pretrained(tmp_path)
    with pytest.raises(BackendError, match="is a BertForMaskedLM, not a token-classification"):
        build(str(tmp_path))


def test_a_model_whose_classifier_was_never_trained_is_refused(tmp_path: Path) -> None:
    from tiny_models import TAGS, config, tokenizer
    from transformers import BertForMaskedLM

    tokens = tokenizer("wordpiece", ["Jean"])
    BertForMaskedLM(config(len(tokens), TAGS)).save_pretrained(tmp_path)
    tokens.save_pretrained(tmp_path)
    path = tmp_path / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"architectures": None}))
    with pytest.raises(BackendError, match="lacks trained weights: classifier"):
        build(str(tmp_path)).load()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("config.json", b"\x00", "not a model's configuration"),
        ("config.json", b"[]", "not a model's configuration"),
        ("config.json", b'{"id2label": null}', "has no labels"),
        ("config.json", b'{"id2label": {"x": "O"}}', "has no labels"),
        ("config.json", b'{"id2label": {"0": "O"}, "model_type": "no-such"}', "cannot load"),
        ("model.safetensors", b"\x00\xff not what it was", "cannot load"),
        ("tokenizer.json", b"{", "cannot load"),
    ],
)
def test_a_damaged_model(learnt: str, tmp_path: Path, file: str, content: bytes, said: str) -> None:
    shutil.copytree(learnt, tmp_path / "m")
    (tmp_path / "m" / file).write_bytes(content)
    with pytest.raises(BackendError, match=said):
        build(str(tmp_path / "m")).load()


def test_models_that_are_not_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    with pytest.raises(BackendError, match="no model is given"):
        build()
    with pytest.raises(BackendUnavailable, match="hf download some-body/no-such-model"):
        build("some-body/no-such-model")
    monkeypatch.chdir(tmp_path)
    for path in (str(tmp_path / "none"), "./none", "models/of/mine", "none/"):
        where = re.escape(str(tmp_path / path))
        with pytest.raises(BackendUnavailable, match=f"there is no folder {where}"):
            build(path)
    with pytest.raises(BackendError, match=r"no config\.json in it"):
        build(str(tmp_path))
    (tmp_path / "weights.bin").touch()
    with pytest.raises(BackendError, match=r"weights\.bin: a file, not a model's folder"):
        build("weights.bin")


def test_a_hub_model_is_taken_from_the_local_cache(
    learnt: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    commit = "0123456789abcdef0123456789abcdef01234567"
    place = tmp_path / "models--some-body--names"
    shutil.copytree(learnt, place / "snapshots" / commit)
    (place / "refs").mkdir()
    (place / "refs" / "main").write_text(commit)
    extractor = build("some-body/names")
    assert read(extractor, "Jean") == [("Jean", "PER")]
    assert extractor.fingerprint()["model"] == f"some-body/names {commit}"


def test_a_gpu_that_is_not_there(learnt: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.cuda.init", Mock(side_effect=RuntimeError("no driver\n(at all)")))
    with pytest.raises(BackendUnavailable, match=r"no GPU: no driver \(at all\); leave out gpu"):
        build(learnt, gpu=True).load()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"aggregation": "frist"}, "did you mean 'first'"),
        ({"batch_size": 0}, "batch_size = 0"),
        ({"batch_size": "8"}, "batch_size = '8'"),
        ({"threads": 0.5}, "threads = 0.5"),
        ({"gpu": "no"}, "gpu = 'no'"),
        ({"offline": "yes"}, "offline = 'yes'"),
        ({"fold_typography": 1}, "fold_typography = 1"),
        ({"revision": 3}, "revision = 3"),
        ({"labels": "wikiner"}, "labels = 'wikiner' is not a table"),
        ({"kinds": []}, "kinds is empty"),
        ({"kinds": 3}, "kinds = 3"),
        ({"window": 65}, "the model takes 64, 2 of them its own"),
        ({"window": 16, "overlap": 14}, "choose a smaller window or overlap"),
    ],
)
def test_options_that_make_no_sense(learnt: str, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BackendError, match=said):
        build(learnt, **options).load()


def test_the_fingerprint_follows_weights_and_options(learnt: str, tmp_path: Path) -> None:
    other = learnt_model(tmp_path, KNOWN, sure={"Jean": 4.0})
    made = [build(learnt), build(other), build(learnt, aggregation="max"), build(learnt, window=16)]
    made.append(build(learnt, labels={}))  # no label is mapped, where without it all are
    assert len({tuple(sorted(one.fingerprint().items())) for one in made}) == len(made)
    assert build(learnt, batch_size=1).fingerprint() == build(learnt, threads=2).fingerprint()


def test_building_loads_no_model(learnt: str) -> None:
    extractor = build(learnt)
    extractor.fingerprint()
    assert extractor._tagger is None
    list(extractor.extract(AWKWARD[:1]))
    assert extractor._tagger is not None
