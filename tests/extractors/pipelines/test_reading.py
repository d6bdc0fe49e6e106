"""Windows over long texts, and the facts that follow from mentions."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fact_extractors.pipelines.reading import (
    LabelView,
    ModelMention,
    cleaned,
    entities_and_dates,
    legible,
    windows,
)
from factharness.facts import Article, Entity, Span
from factharness.labels import SCHEME

TEXTS = st.text(alphabet="ab é\n😀", max_size=400)


@given(text=TEXTS, limit=st.integers(1, 120), context=st.integers(0, 30))
def test_the_cores_of_windows_are_the_text(text: str, limit: int, context: int) -> None:
    found = list(windows(text, limit, context))
    assert found
    assert found[0].core == 0
    assert found[-1].core_end == len(text)
    for left, right in pairwise(found):
        assert left.core_end == right.core
    for window in found:
        assert 0 <= window.start <= window.core <= window.core_end <= window.end <= len(text)
        assert window.end - window.start <= max(limit, 1)


def test_a_text_is_cut_at_line_ends() -> None:
    text = "\n\n".join(f"Paragraphe numéro {n}, assez court." for n in range(60))
    found = list(windows(text, 500))
    assert len(found) > 3
    assert all(text[w.core - 1] == "\n" for w in found[1:])


@given(
    text=st.lists(st.sampled_from(["a", "é", "1", "_", "!", "😀", "—", "\u0301", " "])).map("".join)
)
def test_what_is_longer_than_a_word_is_broken_in_place(text: str) -> None:
    text = text * 20
    shown = legible(text)
    assert len(shown) == len(text)
    assert all(after in (before, " ") for before, after in zip(text, shown, strict=True))
    assert all(len(run) < 100 for run in shown.split())


def test_only_runs_of_forty_marks_are_no_words() -> None:
    assert legible("Fini" + "." * 39 + " 😀 J.-C. ?!") == "Fini" + "." * 39 + " 😀 J.-C. ?!"
    assert legible("Fini" + "!_😀—" * 10 + "Paris") == "Fini" + " " * 40 + "Paris"


MENTIONS = st.lists(
    st.builds(
        ModelMention, st.integers(0, 30), st.integers(0, 30), st.sampled_from(["PER", "LOC"])
    ).filter(lambda mention: mention.start < mention.end)
)


@given(text=st.text(alphabet="Aé1 \n\u00a0«.😀", min_size=31, max_size=31), mentions=MENTIONS)
def test_what_counts_as_a_mention(text: str, mentions: list[ModelMention]) -> None:
    found = cleaned(text, mentions)
    assert found == sorted(set(found)) == cleaned(text, found)
    for start, end, label in found:
        words = text[start:end]
        assert words == words.strip()
        assert "\n" not in words
        assert any(character.isalnum() for character in words)
        assert any(m.label == label and m.start <= start and end <= m.end for m in mentions)
    for start, end, label in mentions:
        line = text[start:end].strip().partition("\n")[0]
        if any(character.isalnum() for character in line):
            assert any(m.label == label and start <= m.start and m.end <= end for m in found)


def test_a_mention_ends_with_its_line_and_is_not_of_marks_alone() -> None:
    text = "Vevey \n\nLAUSANNE – «\u00a0» Mopti"
    mentions = [
        ModelMention(0, 15, "LOC"),
        ModelMention(16, 17, "ORG"),
        ModelMention(18, 21, "MISC"),
    ]
    assert cleaned(text, mentions) == [ModelMention(0, 5, "LOC")]


def test_mentions_become_trimmed_facts_once_each() -> None:
    text = " Anne Petit, à Lyon "
    mentions = [ModelMention(0, 11, "PER"), ModelMention(1, 11, "PER"), ModelMention(15, 20, "LOC")]
    article = Article("a", text, date(2024, 3, 5))
    view = LabelView(["PER", "LOC"])
    assert list(entities_and_dates(article, cleaned(text, mentions), view)) == [
        Entity(Span(1, 11), "PER"),
        Entity(Span(15, 19), "LOC"),
    ]


def test_the_label_set_is_recognised() -> None:
    assert LabelView(["LOC", "MISC", "ORG", "PER"]).scheme == "wikiner"
    assert not LabelView(["LOC", "MISC", "ORG", "PER"]).has_dates
    bundled = LabelView(["PER", "ORG", "LOC", "MISC", "DATE", "TIME"])
    assert (bundled.scheme, bundled.has_dates) == (SCHEME, True)
    assert LabelView(["GPE", "PERSON", "ORG", "DATE"]).scheme == "ontonotes"


def test_a_map_of_ones_own_renames_and_leaves_out() -> None:
    view = LabelView(["town", "pet"], {"town": "LOC", "pet": ""})
    assert view.scheme == SCHEME
    assert [view.entity_label(label) for label in ("town", "pet", "other")] == ["LOC", "", "other"]
