"""What the words in and beside a name tell of it."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.pipelines.evidence import with_evidence
from fact_extractors.pipelines.reading import ModelMention

_MARKED = re.compile(r"\[([^|\]]+)\|(\w+)\]")


def read(marked):
    """A text with its mentions written as ``[words|LABEL]``."""
    text, mentions, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        mentions.append(ModelMention(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        at = match.end()
    return text + marked[at:], mentions


@pytest.mark.parametrize(
    ("found", "right"),
    [
        # the noun before a name, over adjectives
        ("la société [Verdane|LOC]", "la société [Verdane|ORG]"),
        ("la sonde spatiale [Boréale|LOC]", "la sonde spatiale [Boréale|MISC]"),
        ("le groupe [Linkin Park|PER]", "le groupe [Linkin Park|ORG]"),
        ("le groupe [Anne Petit|PER]", "le groupe [Anne Petit|PER]"),
        ("la ville de [Verdane|ORG]", "la ville de [Verdane|ORG]"),
        # the words of the name itself
        ("chez [Oosterlinck Capital|PER]", "chez [Oosterlinck Capital|ORG]"),
        ("le [Grand Conseil|LOC]", "le [Grand Conseil|ORG]"),
        ("la [Fête des Canots|ORG]", "la [Fête des Canots|MISC]"),
        ("le [Tour de Gaume|MISC]", "le [Tour de Gaume|MISC]"),
        ("sur l’[A47|ORG]", "sur l’[A47|LOC]"),
        ("[Anne Verdane|LOC] part", "[Anne Verdane|PER] part"),
        ("[France 3|ORG] émet", "[France 3|ORG] émet"),
        ("à [Brugny-sur-Cret|ORG]", "à [Brugny-sur-Cret|LOC]"),
        ("vers [Bruxelles|PER]", "vers [Bruxelles|LOC]"),
        # forms of address
        ("que Mme Chassagnard dit", "que Mme [Chassagnard|PER] dit"),
        ("que [Mme Chassagnard|ORG] dit", "que Mme [Chassagnard|PER] dit"),
        ("que [Monsieur Paris|LOC] dit", "que Monsieur [Paris|PER] dit"),
        ("Me Octave de [Lestrange|LOC]", "Me [Octave de Lestrange|PER]"),
        ("Me J.-P. van den [Abeele|ORG]", "Me [J.-P. van den Abeele|PER]"),
        # heads in small letters
        ("au quai [Colbert|PER]", "au [quai Colbert|LOC]"),
        ("le tribunal correctionnel de [Nîmes|LOC]", "le [tribunal correctionnel de Nîmes|ORG]"),
        ("la préfecture d'[Ille|LOC]-et-Vilaine", "la [préfecture d'Ille-et-Vilaine|ORG]"),
        ("rue de Lappe", "[rue de Lappe|LOC]"),
        ("la loi du [Qatar|LOC]", "la loi du [Qatar|LOC]"),
        ("l’hôpital d’[Anne Petit|PER]", "l’hôpital d’[Anne Petit|PER]"),
        (
            "le parquet de [Nîmes|LOC] [Anne Petit|PER]",
            "le parquet de [Nîmes|LOC] [Anne Petit|PER]",
        ),
        ("le palais Me [Vauquelin|PER]", "le palais Me [Vauquelin|PER]"),
        # heads with a capital and an adjective
        ("selon le Code pénal,", "selon le [Code pénal|MISC],"),
        (
            "au Code général des collectivités territoriales",
            "au [Code général des collectivités territoriales|MISC]",
        ),
        (
            "au Parc naturel régional d’[Armorique|LOC]",
            "au [Parc naturel régional d’Armorique|LOC]",
        ),
        ("Conseil vert ici", "Conseil vert ici"),
        # works, roads, well-known names, acronyms
        ("le film « Les Eaux lentes »", "le film « [Les Eaux lentes|MISC] »"),
        ("le mot « Les Eaux lentes »", "le mot « Les Eaux lentes »"),
        ("Bouchons sur l’A9", "Bouchons sur l’[A9|LOC]"),
        ("il va à Bruxelles", "il va à [Bruxelles|LOC]"),
        ("le [Parti de Bruxelles|ORG]", "le [Parti de Bruxelles|ORG]"),
        ("le Cercle Bruxelles", "le Cercle Bruxelles"),
        ("le [Réseau Delta vivant|ORG] (RDV)", "le [Réseau Delta vivant|ORG] ([RDV|ORG])"),
        ("le [Réseau Delta vivant|ORG] (AFP)", "le [Réseau Delta vivant|ORG] (AFP)"),
        ("[Anne Petit|PER] (AP)", "[Anne Petit|PER] (AP)"),
        # dates are not names
        ("la société [2017|DATE]", "la société [2017|DATE]"),
        ("rue du [Quatre Mai|DATE]", "rue du [Quatre Mai|DATE]"),
    ],
)
def test_words_of_the_lists_tell(found, right):
    text, mentions = read(found)
    expected = read(right)
    assert text == expected[0]
    assert with_evidence(text, mentions) == expected[1]


_WORDS = (
    "Anne", "Ferté", "de", "du", "Lyon", "à", "la", "société", "Mme", "quai", "tribunal", "Code", "pénal", "Me",
    "(AF)", "« Le Film »", "film", "A9", "l’A9", ".", "\n", "Grand", "Conseil", "Paris", "groupe", "Monsieur",
    "SA",
)  # fmt: skip


@st.composite
def articles(draw):
    """Texts of few words, some of which are mentions; marks and line ends are none, see ``cleaned``."""
    words = draw(st.lists(st.sampled_from(_WORDS), max_size=25))
    labels = st.sampled_from(("", "", "PER", "LOC", "ORG", "MISC", "DATE"))
    found = [(word, draw(labels)) for word in words]
    return read(
        " ".join(
            f"[{word}|{label}]" if label and word[-1].isalnum() else word for word, label in found
        )
    )


@given(articles())
def test_names_stand_apart_inside_the_text_and_come_out_the_same_again(article):
    text, mentions = article
    found = with_evidence(text, mentions)
    assert found == sorted(found)
    assert all(0 <= m.start < m.end <= len(text) for m in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(
        text[m.start : m.end].strip() == text[m.start : m.end] for m in found if m not in mentions
    )
    assert [m for m in found if m.label == "DATE"] == [m for m in mentions if m.label == "DATE"]
    assert with_evidence(text, found) == found


@given(articles())
def test_nothing_that_the_model_found_is_left_bare(article):
    text, mentions = article
    found = with_evidence(text, mentions)
    for mention in mentions:
        assert any(f.start < mention.end and mention.start < f.end for f in found)
