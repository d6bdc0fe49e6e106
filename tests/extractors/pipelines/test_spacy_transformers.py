"""Back end ``spacy`` with pipelines whose components share a transformer, tiny and random."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy
import pytest

spacy = pytest.importorskip("spacy")
pytest.importorskip(
    "spacy_curated_transformers", reason="needs spacy-curated-transformers (in the extra dev)"
)

from fact_extractors.pipelines.reading import ModelMention, cleaned  # noqa: E402
from fact_extractors.pipelines.spacy import SpacyExtractor, build  # noqa: E402
from factharness.errors import ExtractionError  # noqa: E402
from factharness.facts import Article, Entity  # noqa: E402
from factharness.testing import check_extractor  # noqa: E402

SHARED = "curated_transformer"
PACKAGES = {"torch", "curated-tokenizers", "curated-transformers", "spacy-curated-transformers"}
ARTICLE = Article("a", "Élodie Brémond vit à Lyon, selon l’Insee.\n\n" * 3)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return saved(tmp_path_factory.mktemp("transformer"), width=16)


def saved(folder: Path, width: int) -> str:
    """A saved pipeline: a transformer, and a tagger and a recogniser that listen to it."""
    from curated_tokenizers import ByteBPEProcessor

    nlp = spacy.blank("fr")
    named = "spacy-curated-transformers"
    layers = {
        "@architectures": f"{named}.RobertaTransformer.v1",
        "vocab_size": 260,
        "hidden_width": width,
        "intermediate_width": 2 * width,
        "num_attention_heads": 2,
        "num_hidden_layers": 1,
        "max_position_embeddings": 130,
        "model_max_length": 128,
        "piece_encoder": {"@architectures": f"{named}.ByteBpeEncoder.v1"},
        "with_spans": {"@architectures": f"{named}.WithStridedSpans.v1"},
    }
    heard = {
        "@architectures": f"{named}.LastTransformerLayerListener.v1",
        "width": width,
        "pooling": {"@layers": "reduce_mean.v1"},
    }
    transformer = nlp.add_pipe(SHARED, config={"model": layers})
    for name, label in (("tagger", "NOUN"), ("ner", "LOC")):
        nlp.add_pipe(name, config={"model": {"tok2vec": heard}}).add_label(label)
    letters = [
        *range(33, 127),
        *range(161, 173),
        *range(174, 256),
    ]  # bytes that stand for themselves
    others = [byte for byte in range(256) if byte not in letters]
    pieces = ["<s>", "<pad>", "</s>", "<unk>", *map(chr, letters)]
    pieces += [chr(256 + n) for n in range(len(others))]
    encoder = transformer.model.get_ref("piece_encoder")
    encoder.attrs["byte_bpe_processor"] = ByteBPEProcessor({p: n for n, p in enumerate(pieces)}, [])
    nlp.initialize()
    shake(nlp.get_pipe("ner").model)
    nlp.to_disk(folder)
    return str(folder)


def shake(model: Any) -> None:
    """Random weights: those of an output layer are zeros at first, and find nothing."""
    random = numpy.random.default_rng(7)
    for node in model.walk():
        for name in node.param_names:
            if node.has_param(name):
                shape = node.get_param(name).shape
                node.set_param(name, random.normal(size=shape).astype("float32"))


def named(extractor: SpacyExtractor) -> list[str]:
    (found,) = extractor.extract([ARTICLE])
    assert not isinstance(found, ExtractionError), found
    return [fact.span.of(ARTICLE.text) for fact in found if isinstance(fact, Entity)]


def test_a_recogniser_listens_to_its_transformer(model: str) -> None:
    extractor = build(model, quotes="none")
    assert extractor.nlp.pipe_names == [SHARED, "ner"]
    read = [
        ModelMention(ent.start_char, ent.end_char, ent.label_)
        for ent in spacy.load(model)(ARTICLE.text).ents
    ]
    expected = [ARTICLE.text[start:end] for start, end, _ in cleaned(ARTICLE.text, read)]
    assert named(extractor) == expected != []
    check_extractor(build, model=model)
    assert set(extractor.fingerprint()) > PACKAGES
    assert PACKAGES.isdisjoint(build().fingerprint())


def test_a_transformer_to_which_nobody_listens_is_not_run(model: str) -> None:
    ruler = {"factory": "entity_ruler", "patterns": [{"label": "LOC", "pattern": "Lyon"}]}
    parts = [{"source": model, "name": name} for name in (SHARED, "tagger")]
    extractor = build("blank", components=[*parts, ruler])
    assert extractor.nlp.pipe_names == ["entity_ruler"]
    assert named(extractor) == ["Lyon"] * 3


def test_a_recogniser_takes_its_transformer_along(model: str) -> None:
    alone = build("blank", components=[{"source": model, "name": "ner"}])
    assert alone.nlp.pipe_names == ["ner"]
    assert named(alone) == named(build(model))
    assert set(alone.fingerprint()) > PACKAGES


READ = """
    import sys
    from factharness.facts import Article
    from fact_extractors.pipelines.spacy import build

    article = Article("a", "Élodie Brémond vit à Lyon, selon l’Insee.\\n" * 9)
    one = build(sys.argv[1])
    many = build(sys.argv[1], n_process=2, batch_size=1)
    print([*one.extract([article])] * 4 == [*many.extract([article] * 4)])
"""


@pytest.mark.slow
def test_worker_processes_read_with_a_transformer(tmp_path: Path) -> None:
    model = saved(tmp_path, width=384)  # wide enough for torch to share out the work among threads
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(READ), model],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
        env=os.environ | {"OMP_NUM_THREADS": "4"},
    )
    assert said.stdout == "True\n"
