"""The contract of the back end beside it, and what it is for: `pytest test_gazetteer.py` in this folder."""

import re

import pytest
from gazetteer import build

from factharness.errors import BackendError
from factharness.facts import Article, Entity, Span
from factharness.testing import check_extractor


def test_it_keeps_the_contract():
    check_extractor(build)


def test_the_longest_name_is_taken():
    (facts,) = build().extract([Article("a", "Paris Habitat loge Paris.")])
    assert facts == [Entity(Span(0, 13), "ORG"), Entity(Span(19, 24), "LOC")]


def test_a_name_within_a_word_is_none():
    (facts,) = build().extract([Article("a", "La Parisienne lit.")])
    assert facts == []


def test_another_list_has_another_fingerprint(tmp_path):
    other = tmp_path / "other.tsv"
    other.write_text("Brest\tLOC\n", encoding="utf-8")
    assert build(str(other)).fingerprint() != build().fingerprint()


@pytest.mark.parametrize(
    ("content", "said"), [(None, "cannot be read"), ("", "no names"), ("Brest", ":1: no name")]
)
def test_a_bad_list_is_named(tmp_path, content, said):
    path = tmp_path / "other.tsv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BackendError, match=f"{re.escape(str(path))}.*{said}"):
        build(str(path))
