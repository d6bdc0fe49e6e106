"""What must hold of the rule back end whatever the text: spans inside, no exception, linear time."""

import subprocess
import sys
import time
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hostile_texts import PIECES, STARTS, hostile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs

from fact_extractors.rules import build, dates, quotes, verbs
from fact_extractors.speech import quotation_marks
from factharness.errors import BackendError
from factharness.facts import Article, Date, Entity, Quote, spans_of
from factharness.testing import check_extractor

_PIECES = st.sampled_from(
    [
        *(
            "« ",
            " »",
            "“",
            "”",
            '"',
            "(",
            ")",
            ", ",
            ". ",
            " : ",
            "\n\n",
            "\n",
            "— ",
            "…",
            "?",
            "!",
            "'",
            "’",
        ),
        *(
            "a-t-il dit",
            "a déclaré",
            "selon",
            "que ",
            "qu’",
            "pour ",
            "de l'aveu d'",
            "Le maire",
            "M. ",
            "ONU",
        ),
        *(
            "Jean Dupont",
            "Mme Li",
            "ministère de l’Économie",
            "Paris",
            "(ONU)",
            "lundi",
            "12 mars",
            "2024",
        ),
        *(
            "le 3 et ",
            "il y a ",
            "deux",
            " ans",
            "14 h 30",
            "XIXe siècle",
            "avant J.-C.",
            "Noël",
            "9999",
            "0001",
        ),
        *(
            "31/12/9999",
            "1er janvier 1",
            " ",
            "\u00a0",
            "\u202f",
            "\u200b",
            "\u200f",
            "\u0000",
            "\ud800",
        ),
        *("İ", "ß", "ﬁ", "é", "é", "🙂"),
    ]
)
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map("".join))
_PUBLISHED = st.one_of(
    st.none(),
    st.dates(),
    st.sampled_from([date.min, date.max, datetime(2024, 3, 5, 18, tzinfo=UTC)]),
)
_BACKEND = build()


def _explain(text, published=None):
    return _BACKEND.explain(Article("a", text, published))


@given(text=_TEXTS, published=_PUBLISHED)
@example(text="", published=None)
@example(text="« " * 30, published=date.min)
@example(text="Le 31/12/9999, il y a 9999 ans, dans 10 000 siècles.", published=date.max)
@example(text="Hier, avant-hier et la semaine dernière, lundi dernier.", published=date.min)
@example(text="Demain, lundi prochain, l’an prochain, le mois prochain.", published=date.max)
@settings(deadline=None, max_examples=150)
def test_every_span_lies_inside_the_text_and_is_not_blank(text, published):
    for fact, rule in _explain(text, published):
        assert rule
        spans = [*spans_of(fact)]
        if isinstance(fact, Quote):
            spans += [span for span in (fact.speaker, fact.cue) if span is not None]
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
            assert span.of(text).strip()


@given(text=_TEXTS, published=_PUBLISHED)
@settings(deadline=None, max_examples=60)
def test_dates_and_entities_do_not_overlap_each_other(text, published):
    facts = [fact for fact, _ in _explain(text, published)]
    for kind in (Date, Entity):
        spans = sorted(fact.span for fact in facts if isinstance(fact, kind))
        assert all(a.end <= b.start for a, b in pairwise(spans))


@given(text=_TEXTS)
@settings(deadline=None, max_examples=100)
def test_same_text_same_facts(text):
    assert _explain(text, date(2024, 3, 5)) == _explain(text, date(2024, 3, 5))


@given(text=_TEXTS, prefix=st.sampled_from(["Il pleut.\n\n", "Rien.\n\n"]))
@settings(deadline=None, max_examples=100)
def test_marks_move_with_the_text(text, prefix):
    alone = [(m.open, m.close, m.depth) for m in quotation_marks.quoted(text.strip("\n"))]
    moved = [
        (m.open - len(prefix), m.close - len(prefix), m.depth)
        for m in quotation_marks.quoted(prefix + text.strip("\n"))
    ]
    assert alone == moved


@given(st.characters(categories=["So", "Sm"]))
def test_a_symbol_is_no_word_of_the_narrators(symbol):
    text = "« Oui, nous partirons demain », a dit Paul Durand."
    (plain,), (found,) = quotes.find(text), quotes.find(f"{symbol} {text}")
    assert found.quote.type == plain.quote.type == "direct"
    assert [(s.start - 2, s.end - 2) for s in found.quote.content] == [
        (s.start, s.end) for s in plain.quote.content
    ]


@given(st.lists(_TEXTS, max_size=5), st.sampled_from(["😀", "→", "☎️", "👍🏽", "👨‍👩‍👧", "🇫🇷", "▪"]))
@example(["« Oui » ", ", dit Jean."], "😀")
@example(["Jean dit : ", " « Nous viendrons demain »."], "→")
@example(["", " La digue est « bien malade », dit Jean."], "☎️")
@example(["« Nous viendrons demain matin. » ", ""], "👍🏽")
@settings(deadline=None, max_examples=100)
def test_a_picture_is_a_space_to_quotations(parts, picture):
    def found(between):
        text = between.join(parts)
        return [structs.replace(each.quote, speaker_name=None) for each in quotes.find(text)]

    assert found(picture) == found(" " * len(picture))


@given(text=_TEXTS)
@settings(deadline=None, max_examples=100)
def test_cues_are_ordered_and_apart(text):
    cues = verbs.cues(text)
    assert all(a.end <= b.start for a, b in pairwise(cues))
    assert all(0 <= cue.start < cue.end <= len(text) for cue in cues)


@given(day=st.dates(), text=_TEXTS)
@settings(deadline=None, max_examples=80)
def test_normalise_gives_a_value_or_nothing(day, text):
    value = dates.normalise(text, day)
    assert value is None or value.type in ("DATE", "TIME", "DURATION", "SET")


@given(day=st.dates(min_value=date(2, 1, 1), max_value=date(9998, 1, 1)))
@settings(deadline=None)
def test_weekdays_are_within_a_week_of_the_reference(day):
    for number, name in enumerate(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
    ):
        past = date.fromisoformat(dates.normalise(name, day, "past").value)
        future = date.fromisoformat(dates.normalise(name, day, "future").value)
        assert past.weekday() == future.weekday() == number
        assert 0 <= (day - past).days < 7
        assert 0 < (future - day).days <= 7


@given(day=st.dates(min_value=date(1000, 1, 1), max_value=date(2199, 12, 31)))
@settings(deadline=None)
def test_a_full_date_is_its_own_value(day):
    month = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
             "novembre", "décembre")[day.month - 1]  # fmt: skip
    words = f"{'1er' if day.day == 1 else day.day} {month} {day.year}"
    assert dates.normalise(words, None).value == day.isoformat()
    assert dates.normalise(f"{day.day:02}/{day.month:02}/{day.year}", None).value == day.isoformat()


def test_relative_dates_have_no_value_without_a_reference():
    found = dates.find("Elle est partie hier, il y a deux ans, lundi, la semaine dernière.")
    assert [f.value.value for f in found] == [None, None, None, None]


def _steps(text: str) -> int:
    """The lines of Python that run while ``text`` is read: what the work is counted in."""
    steps = 0

    def count(frame, event, arg):
        nonlocal steps
        steps += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        _explain(text, date(2024, 3, 5))
    finally:
        sys.settrace(before)
    return steps


@pytest.fixture(scope="module")
def read_before():
    """What is read once and kept (lists, patterns) is not counted."""
    _explain(PIECES["ordinary"] * 3 + "Noël ", date(2024, 3, 5))


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.usefixtures("read_before")
def test_twice_the_text_is_twice_the_work(piece):
    small, large = (_steps(hostile("", PIECES[piece], size)) for size in (4_000, 8_000))
    assert large < 2.3 * small + 500


@given(
    start=st.sampled_from(sorted(STARTS.values())),
    pieces=st.lists(st.sampled_from(sorted(PIECES.values())), min_size=1, max_size=4),
)
@example(start="« oui ", pieces=[", dit a"])
@example(start="« a “b” ", pieces=[", “, dit-il,” a"])
@settings(deadline=None, max_examples=15)
@pytest.mark.usefixtures("read_before")
def test_twice_of_anything_is_twice_the_work(start, pieces):
    small, large = (_steps(hostile(start, "".join(pieces), size)) for size in (4_000, 8_000))
    assert large < 2.5 * small + 500


def _seconds(text: str) -> float:
    start = time.process_time()
    _explain(text, date(2024, 3, 5))
    return time.process_time() - start


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("piece", PIECES)
def test_time_is_linear_in_the_length(start, piece):
    """What patterns do inside is not counted in lines. Eight times the text takes eight times the time, where
    the square is 64 times; what else the machine does is given room, and three tries."""
    small, large = (hostile(STARTS[start], PIECES[piece], size) for size in (4_000, 32_000))
    assert any(_seconds(large) < 20 * max(_seconds(small), 0.005) for _ in range(3))


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_half_a_megabyte_of_anything(piece):
    """What grows with the square of the length, but slowly, shows in long texts only."""
    small, large = (hostile("", PIECES[piece], size) for size in (50_000, 500_000))
    assert any(_seconds(large) < 30 * max(_seconds(small), 0.05) for _ in range(3))


def test_contract():
    check_extractor(build)


@pytest.mark.parametrize("options", [{"kinds": ["dates"]}, {"kinds": []}, {"kinds": 3}])
def test_wrong_options_are_refused(options):
    with pytest.raises(BackendError):
        build(**options)


def test_kinds_restrict_what_is_found():
    article = Article("a", "Lundi, Jean Dupont a dit : « Il pleut à Lyon. »", date(2024, 3, 5))
    (facts,) = build(kinds=["date"]).extract([article])
    assert [type(fact) for fact in facts] == [Date]


def test_import_is_light():
    code = (
        "import sys, fact_extractors.rules; "
        "print([m for m in ('babel', 'holidays', 'numpy', 'spacy', 'torch') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
