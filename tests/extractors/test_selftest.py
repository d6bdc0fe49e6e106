"""The bundled models give the facts they gave when they were made, and a damaged one is noticed."""

import json
import shutil

import pytest

from fact_extractors import selftest
from fact_extractors.pipelines import spacy as spacy_pipeline
from fact_extractors.pipelines import stanza as stanza_pipeline

MODULES = [spacy_pipeline, stanza_pipeline]


@pytest.mark.needs(module={spacy_pipeline: "spacy", stanza_pipeline: "stanza"})
@pytest.mark.parametrize("module", MODULES, ids=["spacy", "stanza"])
def test_a_bundled_model_gives_the_facts_it_gave_when_it_was_made(module):
    assert module.doctor() is None


def test_every_label_of_the_models_is_tried():
    for folder in ("spacy_fr_news", "stanza_fr_news"):
        facts = json.loads((spacy_pipeline.MODELS / folder / selftest.FILE).read_text())
        labels = {fact.split()[0] for sentence in facts for fact in sentence}
        assert {"PER", "ORG", "LOC", "DATE"} <= labels


@pytest.mark.needs("spacy")
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        ("{", "cannot be read"),
        (json.dumps([["PER 0:1 L"]] * 10), "it finds"),
    ],
)
def test_a_model_that_says_something_else_is_noticed(tmp_path, content, said):
    folder = tmp_path / "model"
    shutil.copytree(spacy_pipeline.MODELS / "spacy_fr_news", folder)
    (folder / selftest.FILE).unlink()
    if content is not None:
        (folder / selftest.FILE).write_text(content)
    assert said in selftest.problem(spacy_pipeline.build(), folder)
