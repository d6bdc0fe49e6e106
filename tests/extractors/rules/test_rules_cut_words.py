"""Looking words up by the chunk finds what a search through the whole text finds."""

import re
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from fact_extractors.rules import cased_words, incises, tense, verbs
from fact_extractors.words import PerWord

_PIECES = st.sampled_from([
    *" \n\u00a0\u202f\u2011-–—'’,.:;«»“”()[]•&_0123",
    "  ", ". ", " « ", "J.", "A.-B.", "U.S.A. ", "M. ", "Mme ", "Dr. ", "l’", "qu'", "N'",
    "O’Brien", "al-Assad", "von ",
    "Élysée", "Jean-Loup", "été", "3,5", "11-Septembre", "a été", "sera", "n’ont pas signé", "-t-il",
    "disait", "aura",
    "İ", "ß", "e\u0301", "🙂", "\x00",
])  # fmt: skip
_TEXTS = st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=24).map("".join))


def test_a_word_is_asked_for_once_until_the_table_is_full():
    asked = []
    per_word = PerWord(lambda word: asked.append(word) or len(word), most=2)
    assert [per_word[w] for w in ("un", "un", "deux", "un", "trois", "un")] == [2, 2, 4, 2, 5, 2]
    assert asked == ["un", "deux", "trois", "un"]
    assert len(per_word) == 2


def test_what_is_longer_than_a_word_is_not_kept():
    per_word = PerWord(len)
    assert per_word["a" * 10_000] == 10_000
    assert not per_word


@given(text=_TEXTS)
@example(text="J. Morel et A.  Vial, « B. Roy » (C. d’Or)")
@example(text="Ici « \u00a0Anne dit : “oui”, (non)")
@settings(deadline=None)
def test_cutting_by_the_chunk_gives_the_words_of_the_whole_text(text):
    cut = cased_words.cut(text)
    whole = list(cased_words._WORD.finditer(text))
    assert [word.text for word in cut.words] == [match.group() for match in whole]
    assert list(zip(cut.starts, cut.ends, strict=True)) == [match.span() for match in whole]
    gaps = [text[a.end() : b.start()] for a, b in pairwise(whole)]
    joined = [gap in ("", " ", "\u00a0", "\u202f") for gap in gaps]
    assert cut.joined[1 : len(whole)] == joined
    assert not any((cut.joined[0], *cut.joined[len(whole) :]))
    before = [text[: whole[0].start()], *gaps] if whole else []
    opened = [gap[-2:].strip().endswith(tuple('«“"(‹[—–:•')) for gap in before]
    assert cut.opened == {place for place, opens in enumerate(opened) if opens}


@given(text=_TEXTS)
@example(text="elle n’a pas été vue, l’aura-t-il signé")
@example(text="il a distrait la foule")
@settings(deadline=None)
def test_no_verb_form_stands_where_none_may_start(text):
    forms, text = tense._forms(), text.lower().replace("’", "'")
    starts = {at for _, at in forms.starts.places(text)}
    assert {match.start() for match in forms.verbs.finditer(text)} <= starts
    found = [(clause.start, clause.end) for clause in tense._conjugated(text, 0, len(text))]
    spans = [m.span() for m in forms.verbs.finditer(text) if _tells(m, forms)]
    assert found == spans


def _tells(match: re.Match[str], forms) -> bool:
    return match.group(match.lastgroup or 0) not in forms.never


_BESIDE_VERBS = st.lists(
    st.sampled_from([
        "a", "ont", "n’a", "s’est", "aura-t-il", "avait-elle", "était", "nous", "vous", "ne", "se", "l'", "n'",
        "le", "la", "leur", "une", "aucun", "12", "1" * 40, "première", "pas", "tout", "déjà", "rapidement",
        "maire", "lamaire", "x" * 40, "\n", "-", ",", "«", "",
    ]),
    max_size=8,
)  # fmt: skip


@given(words=_BESIDE_VERBS, end=st.sampled_from(["", " ", "\n", " \n"]))
@example(words=["nous", "nous", "nous", "a", "déjà"], end=" ")
@example(words=["1" * 40], end=" ")
@settings(deadline=None)
def test_what_stands_before_a_verb_is_what_a_search_to_the_left_finds(words, end):
    left = " ".join(words).replace("’", "'") + end
    sought = verbs._lexicon().auxiliary.search(left)
    found = verbs._auxiliary(left)
    assert (found and found.span()) == (sought and sought.span())
    determiner, clitic = verbs._ENDING[verbs._last_word(left)]
    beside = max(0, len(left) - verbs._BESIDE)
    assert determiner == (verbs._DETERMINER.search(left, beside) is not None)
    assert clitic or verbs._LEFT_OF_FINITE.search(left, beside) is None


@given(text=_TEXTS, at=st.integers(0, 60))
@example(text="Oui – dit-il", at=6)
@example(text="dit -t-il", at=3)
@settings(deadline=None)
def test_an_incise_only_stands_behind_a_pause(text, at):
    if incises._BEFORE_INCISE.search(text, 0, at):
        assert incises._PAUSE.search(text, 0, at)
    inverted = verbs._INVERTED.match(text, at)
    assert inverted is None or text.startswith(verbs._INVERTING, at)
