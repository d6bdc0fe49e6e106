"""Variants of articles: what they do to texts, and that the gold follows."""

import re
import subprocess
import sys
import unicodedata
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness import api
from factharness.facts import Article, Date, Entity, GoldArticle, GoldFact, Quote, Span, places_of
from factharness.variants import VARIANTS, Changed, Emptied, Variant, vary
from factharness.variants.letters import capitals, nfd, no_accents
from factharness.variants.ocr import ocr
from factharness.variants.offsets import Edit, rewrite
from factharness.variants.typography import spaces, straight_quotes

OF_TEXTS = {
    "straight-quotes": straight_quotes,
    "no-accents": no_accents,
    "capitals": capitals,
    "nfd": nfd,
    "spaces": spaces,
    "ocr": ocr,
}
# Those that do the same to a word wherever it stands.
CONTEXT_FREE = ("no-accents", "capitals", "nfd")

LETTERS = "aeéèêçœæùmnrilsfE ÉO01’'«»“”\u00a0\u202f,.-\u0301\u0327ßŉ𝔸😀"
texts = st.text(LETTERS, min_size=1, max_size=80) | st.text(min_size=1, max_size=60)
variants = st.sampled_from(sorted(OF_TEXTS))


@st.composite
def spanned(draw, text=texts):
    """A text, and a stretch of it."""
    text = draw(text)
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


def marked(text):
    """The article whose persons stand in brackets."""
    facts, plain = [], ""
    for part in re.split(r"(\[[^\]]*\])", text):
        words = part[1:-1] if part.startswith("[") else part
        if words != part:
            facts.append(GoldFact(Entity(Span(len(plain), len(plain) + len(words)), "PER")))
        plain += words
    return GoldArticle(Article("example", plain), tuple(facts))


def with_marks(gold):
    text = gold.article.text
    for held in reversed(gold.facts):
        start, end = held.fact.span.start, held.fact.span.end
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("name", "example"),
    [(one.name, example) for one in VARIANTS.values() for example in one.examples],
)
def test_a_variant_does_what_its_examples_say(name, example):
    assert with_marks(vary(marked(example.text), name)) == example.becomes


def test_every_variant_says_what_it_is_and_shows_it():
    assert all(one.says and one.examples for one in VARIANTS.values())
    assert all(name == one.name for name, one in VARIANTS.items())


@given(variants, texts, st.integers(0, 9))
def test_the_map_never_falls_and_ends_where_the_text_does(name, text, seed):
    new, offsets = rewrite(text, OF_TEXTS[name](text, Random(seed)))
    places = [offsets.of(place) for place in range(len(text) + 1)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(new))


@given(variants, texts, st.integers(0, 9))
def test_what_no_edit_touches_stays_as_it_is(name, text, seed):
    edits = list(OF_TEXTS[name](text, Random(seed)))
    new, offsets = rewrite(text, edits)
    touched = {place for edit in edits for place in range(edit.start, edit.end)}
    for place, letter in enumerate(text):
        if place not in touched:
            assert new[offsets.of(place)] == letter
            assert offsets.of(place + 1) == offsets.of(place) + 1


@given(variants, texts, st.integers(0, 9))
def test_an_edit_changes_something(name, text, seed):
    assert all(text[e.start : e.end] != e.text for e in OF_TEXTS[name](text, Random(seed)))


@given(st.sampled_from(CONTEXT_FREE), spanned())
def test_gold_words_survive(name, stretch):
    """The words at the new offsets are the variant of the words at the old ones."""
    text, span = stretch
    if name == "nfd":
        text = unicodedata.normalize("NFC", text)
        # An accent that stands before a stretch would be put into order with those in it.
        if span.end > len(text) or any(map(unicodedata.combining, text)):
            return
    new, offsets = rewrite(text, OF_TEXTS[name](text, Random(0)))
    words, _ = rewrite(span.of(text), OF_TEXTS[name](span.of(text), Random(0)))
    carried = offsets.carried(span)
    assert (carried.of(new) if carried else "") == words


@given(variants, spanned(), st.integers(0, 9))
def test_neighbours_stay_neighbours(name, stretch, seed):
    text, span = stretch
    new, offsets = rewrite(text, OF_TEXTS[name](text, Random(seed)))
    start, end = offsets.of(span.start), offsets.of(span.end)
    assert new[:start] + new[start:end] + new[end:] == new
    assert 0 <= start <= end <= len(new)


@given(texts)
def test_nfd_is_the_form_of_unicode(text):
    assert rewrite(text, nfd(text, Random(0)))[0] == unicodedata.normalize("NFD", text)


@given(texts)
def test_capitals_are_those_of_the_text(text):
    # The capital of a final sigma is not looked at in its context; there is no other difference.
    assert rewrite(text, capitals(text, Random(0)))[0] == "".join(map(str.upper, text))


@given(texts)
def test_no_accent_is_left(text):
    bare = rewrite(text, no_accents(text, Random(0)))[0]
    assert not any(map(unicodedata.combining, unicodedata.normalize("NFD", bare)))
    assert not set(bare) & set("œæŒÆ")


@given(texts)
def test_no_mark_is_left(text):
    straight = rewrite(text, straight_quotes(text, Random(0)))[0]
    assert not set(straight) & set("«»“”‘’")


def test_scanned_lines_are_no_longer_than_a_column_and_paragraphs_stay():
    text = "\n\n".join(["Les habitants manifesteront samedi devant la préfecture. " * 9] * 3)
    for seed in range(20):
        lines = rewrite(text, ocr(text, Random(seed)))[0].split("\n")
        assert lines.count("") == 2
        assert max(map(len, lines)) < 60


@given(st.text(LETTERS, max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_edits_out_of_order_are_refused(text, places):
    edits = [Edit(start, end, "x") for start, end in places]
    places = [place for edit in edits for place in (edit.start, edit.end)]
    sound = places == sorted(places) and all(e.start < e.end <= len(text) for e in edits)
    if sound:
        rewrite(text, edits)
    else:
        with pytest.raises(ValueError, match="out of order, empty, or beyond"):
            rewrite(text, edits)


def gold_of(text, facts):
    return GoldArticle(Article("a", text), tuple(GoldFact(fact) for fact in facts))


def test_everything_of_a_fact_is_carried_over():
    text = "« Été », dit l’élu Noël. « Fini », dit-il le 3 août."
    spans = {word: Span(text.index(word), text.index(word) + len(word)) for word in text.split()}
    quote = Quote((spans["Été"], spans["Fini"]), "direct", Span(12, 23), "Noël", Span(8, 11))
    date = Date(Span(text.index("3"), text.index("3") + 6), "DATE", "2024-08-03")
    held = GoldFact(quote, True, {"note": "x"}, 7)
    gold = GoldArticle(Article("a", text), (held, GoldFact(date)), frozenset(["entity"]), "rules")
    new = vary(gold, "nfd")
    for old_fact, new_fact in zip(gold.facts, new.facts, strict=True):
        for old, moved in zip(places_of(old_fact.fact), places_of(new_fact.fact), strict=True):
            assert moved.of(new.article.text) == unicodedata.normalize("NFD", old.of(text))
    moved, carried_date = (one.fact for one in new.facts)
    assert (moved.type, moved.speaker_name) == ("direct", "Noël")
    assert (carried_date.type, carried_date.value) == ("DATE", "2024-08-03")
    assert (new.facts[0].ignore, new.facts[0].attributes, new.facts[0].line) == (
        True,
        {"note": "x"},
        7,
    )
    assert (new.skip, new.prelabel, new.article.id) == (gold.skip, gold.prelabel, "a")


@pytest.mark.parametrize("name", list(VARIANTS))
def test_a_variant_is_the_same_every_time(name):
    golds = api.read_gold("depeches")
    assert [vary(gold, name) for gold in golds] == [vary(gold, name) for gold in reversed(golds)][
        ::-1
    ]


def test_a_variant_is_the_same_in_another_process(tmp_path):
    code = (
        "from factharness import api; from factharness.variants import VARIANTS, vary; import hashlib;"
        "print(hashlib.sha256(repr([vary(g, v).article.text for g in api.read_gold('depeches')"
        " for v in VARIANTS]).encode()).hexdigest())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PATH": "", "XDG_CACHE_HOME": str(tmp_path)},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1] != ""


@pytest.mark.parametrize("name", list(VARIANTS))
def test_no_gold_of_the_dispatches_is_lost(name):
    for gold in api.read_gold("depeches"):
        new = vary(gold, name)
        assert len(new.facts) == len(gold.facts)
        for held in new.facts:
            assert all(span.of(new.article.text).strip() for span in places_of(held.fact))


@pytest.mark.parametrize("name", ["spaces", *CONTEXT_FREE])
def test_gold_words_of_the_dispatches_survive(name):
    def plain(words):
        return " ".join(words.split())

    for gold in api.read_gold("depeches"):
        new = vary(gold, name)
        for held, moved in zip(gold.facts, new.facts, strict=True):
            for old, span in zip(places_of(held.fact), places_of(moved.fact), strict=True):
                words = old.of(gold.article.text)
                if name in CONTEXT_FREE:
                    words = rewrite(words, OF_TEXTS[name](words, Random(0)))[0]
                assert plain(span.of(new.article.text)) == plain(words)


def test_what_a_variant_empties_is_said(monkeypatch):
    def without_e(gold, _random):
        found = re.finditer("e+", gold.article.text)
        return Changed([Edit(*letter.span(), "") for letter in found])

    monkeypatch.setitem(VARIANTS, "without-e", Variant("without-e", without_e))
    with pytest.raises(Emptied, match="nothing of the text"):
        vary(gold_of("eee", []), "without-e")
    with pytest.raises(Emptied, match="nothing of 'ee'"):
        vary(gold_of("a ee b", [Entity(Span(2, 4), "PER")]), "without-e")
    assert vary(gold_of("a eeb", [Entity(Span(2, 5), "PER")]), "without-e").article.text == "a b"
