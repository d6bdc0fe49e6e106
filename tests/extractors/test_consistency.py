"""The mentions of an article in agreement with each other."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.pipelines.consistency import consistent
from fact_extractors.pipelines.reading import ModelMention

_WORDS = ("Anne", "Ferté", "de", "Lyon", "à", "la", "Cie", "Verdane", "parle", ".", "\n")


def read(marked: str) -> tuple[str, list[ModelMention]]:
    """A text with its mentions written as ``[words|LABEL]``."""
    text, mentions = "", []
    at = 0
    for match in re.finditer(r"\[([^|\]]+)\|(\w+)\]", marked):
        text += marked[at : match.start()]
        mentions.append(ModelMention(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        at = match.end()
    return text + marked[at:], mentions


@st.composite
def articles(draw):
    """Texts of few words, some of which are mentions."""
    words = draw(st.lists(st.sampled_from(_WORDS), max_size=25))
    labels = draw(
        st.lists(st.sampled_from(("", "", "PER", "LOC", "ORG", "DATE")), min_size=25, max_size=25)
    )
    return read(
        " ".join(
            f"[{word}|{label}]" if label and word[0].isupper() else word
            for word, label in zip(words, labels, strict=False)
        )
    )


@given(articles())
def test_mentions_stay_where_they_are_and_new_ones_stand_apart(article):
    text, mentions = article
    found = consistent(text, mentions)
    assert {m[:2] for m in mentions} <= {m[:2] for m in found}
    assert found == sorted(found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(text[m.start : m.end].strip() == text[m.start : m.end] != "" for m in found)
    assert [m for m in found if m.label == "DATE"] == [m for m in mentions if m.label == "DATE"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[Anne Ferté|PER] arrive. Ferté parle.", "[Anne Ferté|PER] arrive. [Ferté|PER] parle."),
        ("[Anne Ferté|PER] et [Ferté|LOC]", "[Anne Ferté|PER] et [Ferté|PER]"),
        ("[Anne Ferté|PER] va à [Ferté|LOC]", "[Anne Ferté|PER] va à [Ferté|LOC]"),
        ("[Anne Ferté|PER] va à Ferté", "[Anne Ferté|PER] va à Ferté"),
        ("[Anne de la Ferté|PER], Mme Ferté", "[Anne de la Ferté|PER], Mme [Ferté|PER]"),
        ("[Anne|PER] et Anne Ferté", "[Anne|PER] et Anne Ferté"),
        ("[Anne Marie Ferté|PER] et Ferté", "[Anne Marie Ferté|PER] et Ferté"),
        (
            "[Lyon|LOC], [Lyon|LOC], [Lyon|ORG]",
            "[Lyon|LOC], [Lyon|LOC], [Lyon|LOC]",
        ),
        ("[Lyon|LOC], [Lyon|ORG]", "[Lyon|LOC], [Lyon|ORG]"),
        ("[Verdane|ORG], Verdane", "[Verdane|ORG], Verdane"),
        ("[Verdane|ORG], [Verdane|ORG], Verdane", "[Verdane|ORG], [Verdane|ORG], [Verdane|ORG]"),
        ("[La Cie|ORG] et La Cie", "[La Cie|ORG] et [La Cie|ORG]"),
        ("[La Cie|ORG] et La Cie-Lyon", "[La Cie|ORG] et La Cie-Lyon"),
        ("[Mai|DATE], [Mai|DATE], Mai", "[Mai|DATE], [Mai|DATE], Mai"),
        ("[La Cie|ORG] à [Lyon La Cie|LOC]", "[La Cie|ORG] à [Lyon La Cie|LOC]"),
    ],
)
def test_what_is_sure_tells_the_rest(before, after):
    text, mentions = read(before)
    assert (text, consistent(text, mentions)) == read(after)
