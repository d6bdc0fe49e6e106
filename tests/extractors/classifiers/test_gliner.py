"""Back end ``gliner``, with a model of random weights: where its mentions stand, not what they are."""

from __future__ import annotations

import shutil
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny_models import gliner_model

from fact_extractors.classifiers.gliner import GlinerExtractor, build
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.facts import Article, Date, Entity, spans_of
from factharness.testing import check_extractor

pytestmark = pytest.mark.needs("gliner", "torch", "transformers")

DAY = date(2024, 3, 6)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what GLiNER imports
        return gliner_model(tmp_path_factory.mktemp("gliner"))


@pytest.fixture(scope="module")
def extractor(model: str) -> GlinerExtractor:
    return build(model)


def pretend(extractor: GlinerExtractor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let it find every *Lyon* and *mardi*, and keep the texts it is shown."""
    shown: list[str] = []
    extractor.load()

    def inference(texts: list[str], labels: list[str], **_: Any) -> list[list[dict[str, Any]]]:
        shown.extend(texts)
        if "boum" in "".join(texts):
            raise RuntimeError("boum")
        known = {"Lyon": "lieu", "mardi": "date"}
        return [
            [
                {"start": at, "end": at + len(word), "label": label}
                for word, label in known.items()
                for at in range(len(text))
                if text.startswith(word, at) and label in labels
            ]
            for text in texts
        ]

    monkeypatch.setattr(extractor._network, "inference", inference)
    return shown


def test_a_model_keeps_the_contract(model: str) -> None:
    check_extractor(build, model=model, threshold=0.5)


TEXT = st.lists(
    st.sampled_from(["Lyon", "mardi", "l’ONU,", "«", "😀", "\u00a0", "\n", "\n\n", "a-b_c"]),
    max_size=80,
).map(" ".join)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXT, max_size=3))
def test_no_word_is_cut_off_and_offsets_are_those_of_the_article(
    extractor: GlinerExtractor, texts: list[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        shown = pretend(extractor, patch)
        outcomes = list(extractor.extract(Article(str(n), t, DAY) for n, t in enumerate(texts)))
    splitter = extractor._network.data_processor.words_splitter
    assert all(len(list(splitter(text))) <= 24 for text in shown)
    for text, outcome in zip(texts, outcomes, strict=True):
        assert not isinstance(outcome, ExtractionError)
        words = [fact.span.of(text) for fact in outcome if isinstance(fact, Entity | Date)]
        assert sorted(words) == sorted(
            ["Lyon"] * text.count("Lyon") + ["mardi"] * text.count("mardi")
        )


def test_a_long_article_is_cut_after_a_line(
    extractor: GlinerExtractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = pretend(extractor, monkeypatch)
    list(extractor.extract([Article("a", "un deux trois\n" * 10)]))
    assert [len(text.split()) for text in shown] == [24, 6]
    shown.clear()
    list(extractor.extract([Article("a", "un deux trois quatre cinq\n" * 6)]))
    assert [len(text.split()) for text in shown] == [20, 10]


def test_labels_are_words_and_dates_get_values(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = build(model)
    pretend(extractor, monkeypatch)
    (found,) = extractor.extract([Article("a", "Lyon, mardi", DAY)])
    assert not isinstance(found, ExtractionError)
    assert [(type(f), spans_of(f)[0].start) for f in found] == [(Entity, 0), (Date, 6)]
    assert (found[0].label, found[1].value) == ("LOC", "2024-03-05")  # type: ignore[union-attr]
    places = build(model, labels={"lieu": "ORG"})
    pretend(places, monkeypatch)
    assert places.kinds == {"entity"}
    (found,) = places.extract([Article("a", "Lyon, mardi", DAY)])
    assert [fact.label for fact in found] == ["ORG"]  # type: ignore[union-attr]


def test_an_article_that_breaks_the_model_fails_alone(
    model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extractor = build(model, batch_size=3)
    pretend(extractor, monkeypatch)
    texts = ["Lyon", "boum", "", "Lyon"] * 2
    outcomes = list(extractor.extract(Article(str(n), text) for n, text in enumerate(texts)))
    assert [isinstance(one, ExtractionError) for one in outcomes] == [t == "boum" for t in texts]


@pytest.mark.parametrize("file", ["gliner_config.json", "pytorch_model.bin", "tokenizer.json"])
def test_a_damaged_model(model: str, tmp_path: Path, file: str) -> None:
    shutil.copytree(model, tmp_path / "m")
    assert (tmp_path / "m" / file).is_file()
    (tmp_path / "m" / file).write_bytes(b"\x00\xff not what it was")
    with pytest.raises(BackendError, match="cannot load"):
        build(str(tmp_path / "m")).load()


def test_models_and_labels_that_will_not_do(model: str, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="no model is given"):
        build()
    with pytest.raises(BackendError, match=r"no gliner_config\.json in it"):
        build(str(tmp_path))
    with pytest.raises(BackendUnavailable, match="there is no folder"):
        build(str(tmp_path / "none"))
    for options in (
        {"gpu": "no"},
        {"threads": 0},
        {"labels": "ville"},
        {"kinds": 3},
        {"threshold": 50},
        {"threshold": "0.5"},
        {"revision": 3},
    ):
        name = next(iter(options))
        with pytest.raises(BackendError, match=f"{name} = "):
            build(model, **options)  # type: ignore[arg-type]
    with pytest.raises(BackendError, match="is no label of the gold's"):
        build(model, labels={"ville": "GPE"})
    with pytest.raises(BackendError, match="labels is empty"):
        build(model, labels={})
    with pytest.raises(BackendError, match="does not find kind 'quote'"):
        build(model, kinds=["quote"])


def test_the_fingerprint_follows_labels_and_threshold(model: str) -> None:
    made = [build(model), build(model, threshold=0.3), build(model, labels={"ville": "LOC"})]
    assert len({tuple(sorted(one.fingerprint().items())) for one in made}) == len(made)
    assert build(model, batch_size=1).fingerprint() == build(model, threads=2).fingerprint()
