"""Quotations by a dependency tree: properties over any text and any tree, then small trees made by hand."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fact_extractors.pipelines.quotes import Persons, Unit, tree_quotes, units
from fact_extractors.pipelines.reading import ParsedWord
from factharness.facts import Quote, Span

_PARTS = [
    "«",
    "»",
    "“",
    "”",
    '"',
    "‹",
    "›",
    ".",
    ",",
    ":",
    ";",
    "?",
    "!",
    "…",
    "—",
    "-",
    "(",
    ")",
    "dit",
    "a",
    "déclaré",
    "dit-il",
    "affirme",
    "que",
    "qu’",
    "il",
    "elle",
    "-t-il",
    "Jean",
    "Marie",
    "le",
    "maire",
    "selon",
    "d’après",
    "l’",
    "ne",
    "pas",
    "pour",
    "et",
    "mais",
    "comme",
    "qui",
    "se",
    "souvient",
    "a-t-il",
    "été",
    "par",
    "de",
    "venir",
    "«",
    "»,",
]
_TEXTS = st.lists(st.sampled_from([*_PARTS, "\n", "\n\n", "\u00a0"]), max_size=40).map(" ".join)
_POS = ["VERB", "AUX", "NOUN", "PROPN", "PUNCT", "ADP", "DET", "SCONJ", "PRON", "ADV", "ADJ"]
_DEP = [
    "nsubj",
    "obj",
    "root",
    "conj",
    "acl:relcl",
    "mark",
    "aux:tense",
    "case",
    "flat:name",
    "appos",
    "ccomp",
    "obl:agent",
]
_TOKEN = re.compile(r"\w+|\S")


def trees(shown: list[str]) -> st.SearchStrategy[list[list[ParsedWord]]]:
    """Words of each text with any heads, relations and sentences."""
    return st.tuples(*map(_tree, shown)).map(list)


def _tree(shown: str) -> st.SearchStrategy[list[ParsedWord]]:
    found = list(_TOKEN.finditer(shown))
    words = [
        st.builds(
            ParsedWord,
            st.just(match.start()),
            st.just(match.end()),
            st.just(match.group()),
            st.just(""),
            st.sampled_from(_POS),
            st.integers(0, len(found) - 1),
            st.sampled_from(_DEP),
            st.integers(0, 2),
        )
        for match in found
    ]
    return st.tuples(*words).map(list)


def found(text: str, parsed: list[list[ParsedWord]], shown: list[Unit]) -> list[Quote]:
    return tree_quotes(text, shown, parsed, Persons(text, []))


@settings(max_examples=100, deadline=None)
@given(st.data(), st.one_of(_TEXTS, st.text(max_size=80)), st.sampled_from([1, 7, 40, 2000]))
def test_any_text_and_any_tree_give_spans_inside_the_text(data, text, limit):
    shown = units(text, limit)
    parsed = data.draw(trees([unit.text for unit in shown]))
    for quote in found(text, parsed, shown):
        spans = [*quote.content, quote.speaker, quote.cue]
        assert all(span.end <= len(text) for span in spans if span is not None)
        assert all(re.search(r"[^\W_]", span.of(text)) for span in quote.content)
        assert not any("\n" in span.of(text) for span in quote.content)


@settings(deadline=None)
@given(st.one_of(_TEXTS, st.text(max_size=80)), st.sampled_from([1, 7, 40, 2000]))
def test_a_unit_shows_the_article_but_for_its_stand_ins(text, limit):
    for unit in units(text, limit):
        assert 0 < len(unit.text) <= limit
        assert unit.pieces[0].at == 0
        assert [piece.stop for piece in unit.pieces[:-1]] == [piece.at for piece in unit.pieces[1:]]
        for piece in unit.pieces:
            if not piece.stands_in:
                assert unit.text[piece.at : piece.stop] == text[piece.start : piece.end]
            else:
                assert (piece.start, piece.end) == (piece.mark.start, piece.mark.end)
            assert unit.back(piece.at, piece.stop) == (piece.start, piece.end)


@settings(deadline=None)
@given(_TEXTS)
def test_every_word_outside_quotation_marks_is_shown_once(text):
    told = [piece for unit in units(text, 2000) if unit.inside is None for piece in unit.pieces]
    covered = [at for piece in told for at in range(piece.start, piece.end)]
    assert len(covered) == len(set(covered))
    letters = {at for at, character in enumerate(text) if character.isalnum()}
    assert letters <= set(covered)


@pytest.mark.parametrize(
    "part",
    ["dit, ", ", dit Paul, ", "« A » ", "« Oui. » dit Paul. ", "» ", "Paul affirme que ", "« a » et ",
     "\n« A\n\n", "selon Paul, ", '" ', "« Non, dit Paul, non. » "],
)  # fmt: skip
def test_twice_the_text_is_twice_the_work(part):
    def calls(text):
        count = 0

        def counted(frame, event, argument):
            nonlocal count
            count += 1

        shown = units(text, 500)
        parsed = [_chain(unit.text) for unit in shown]
        before = sys.getprofile()
        sys.setprofile(counted)
        try:
            units(text, 500)
            found(text, parsed, shown)
        finally:
            sys.setprofile(before)
        return count

    text = part * (2500 // len(part))
    assert calls(text + text) < 2.5 * calls(text) + 10_000


def _chain(shown: str) -> list[ParsedWord]:
    """Words that each hang on the one before: as deep as a tree can be."""
    return [
        ParsedWord(m.start(), m.end(), m.group(), "", _guess(m.group()), max(n - 1, 0), "conj", 0)
        for n, m in enumerate(_TOKEN.finditer(shown))
    ]


def _guess(word: str) -> str:
    if not word[0].isalnum():
        return "PUNCT"
    return "VERB" if word in ("dit", "affirme") else "PROPN" if word[0].isupper() else "NOUN"


def read(text: str, *rows: tuple[str, str, int, str], sentences: str = "") -> list[list[object]]:
    """The quotations of a text of one unit whose words are (form, part of speech, head from 1 or 0, relation).

    ``sentences`` has the number of the sentence of each word, if there are several.
    """
    shown = units(text, 2000)
    at = 0
    words: list[ParsedWord] = []
    for index, (form, pos, head, dep) in enumerate(rows):
        at = shown[0].text.index(form, at)
        number = int(sentences[index]) if sentences else 0
        own = head - 1 if head else index
        words.append(ParsedWord(at, at + len(form), form, "", pos, own, dep, number))
        at += len(form)
    parsed = [words, *([] for _ in shown[1:])]

    def said(span: Span | None) -> str | None:
        return span and span.of(text)

    return [
        [q.type, [said(part) for part in q.content], said(q.speaker), said(q.cue)]
        for q in found(text, parsed, shown)
    ]


_TRUE = [("«", "PUNCT", 4, "punct"), ("C’", "PRON", 4, "nsubj"), ("est", "AUX", 4, "cop"),
         ("vrai", "ADJ", 0, "root"), ("»", "PUNCT", 4, "punct")]  # fmt: skip


def test_a_held_stretch_is_shown_as_a_short_clause_and_others_without_marks():
    text = "« Il pleut. Il vente. » Le maire dénonce un « torchon » mardi."
    (unit, *_) = units(text, 2000)
    assert unit.text == "« C’est vrai » Le maire dénonce un torchon mardi."
    at = unit.text.index("torchon")
    assert text[slice(*unit.back(at, at + 7))] == "torchon"


def test_an_inverted_speaker_that_the_parser_calls_object():
    rows = [*_TRUE, (",", "PUNCT", 7, "punct"), ("lance", "VERB", 4, "parataxis"), ("le", "DET", 9, "det"),
            ("maire", "NOUN", 7, "obj"), (".", "PUNCT", 4, "punct")]  # fmt: skip
    quotes = read("« Il pleut », lance le maire.", *rows)
    assert quotes == [["direct", ["« Il pleut »"], "le maire", "lance"]]


def test_a_verb_behind_marks_that_the_parser_calls_a_noun():
    rows = [*_TRUE, (",", "PUNCT", 7, "punct"), ("martèle", "NOUN", 4, "appos"), ("Anne", "PROPN", 7, "nmod"),
            ("Petit", "PROPN", 8, "flat:name"), (".", "PUNCT", 4, "punct")]  # fmt: skip
    quotes = read("« Il pleut », martèle Anne Petit.", *rows)
    assert quotes == [["direct", ["« Il pleut »"], "Anne Petit", "martèle"]]


def test_a_sentence_that_the_parser_ends_at_the_closing_mark():
    rows = [*_TRUE, (",", "PUNCT", 8, "punct"), ("a", "AUX", 8, "aux:tense"), ("dit", "VERB", 0, "root"),
            ("le", "DET", 10, "det"), ("maire", "NOUN", 8, "nsubj"), (".", "PUNCT", 8, "punct")]  # fmt: skip
    quotes = read("« Il pleut », a dit le maire.", *rows, sentences="00000111111")
    assert quotes == [["direct", ["« Il pleut »"], "le maire", "a dit"]]


def test_a_clause_without_its_place_in_the_tree():
    rows = [("Anne", "PROPN", 2, "nsubj"), ("affirme", "VERB", 0, "root"), ("que", "SCONJ", 5, "obj"),
            ("tout", "PRON", 5, "nsubj"), ("va", "VERB", 1, "acl:relcl"), ("bien", "ADV", 5, "advmod"),
            (".", "PUNCT", 2, "punct")]  # fmt: skip
    quotes = read("Anne affirme que tout va bien.", *rows)
    assert quotes == [["indirect", ["que tout va bien"], "Anne", "affirme"]]


def test_a_circular_tree_ends():
    rows = [
        ("Anne", "PROPN", 2, "nsubj"),
        ("dit", "VERB", 3, "conj"),
        ("ajoute", "VERB", 2, "conj"),
    ]
    assert read("Anne dit ajoute", *rows) == []


def test_speech_without_its_tree_is_still_speech():
    assert read("« Il pleut depuis trois jours ici. »") == []
    assert read("« Il pleut depuis trois jours ici. »", *_TRUE) == [
        ["direct", ["« Il pleut depuis trois jours ici. »"], None, None]
    ]
