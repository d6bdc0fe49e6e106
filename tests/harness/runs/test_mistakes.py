"""Mistakes, narrowed, grouped, and as entries in the order of the text."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told_runs import at, date, entity, quote, text_of, told_run, write_gold

from factharness.errors import HarnessError, Inconclusive
from factharness.facts import Span
from factharness.runs.entries import AROUND, answering, context, entries
from factharness.runs.filters import Filter, narrowed
from factharness.runs.mistakes import COLUMNS, WHATS, Mistake, cells, groups
from factharness.runs.record import FactRef
from factharness.runs.side_by_side import side_by_side
from factharness.runs.texts import Texts

FIRST = (
    "Le Sénat s’est réuni mardi à Lyon.\nORG Sénat\nDATE mardi | 2024-03-05\nLOC Lyon",
    "« Rien n’est dit », a dit Claire Dumoulin du Sénat.\n"
    "QUOTE « Rien n’est dit » | direct | by: Claire Dumoulin | cue: a dit\nPER Claire Dumoulin\nORG Sénat",
)
SECOND = ("Paris attend le Sénat.\nLOC Paris\nORG Sénat",)


@pytest.fixture
def gold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return {
        name: text_of(write_gold(tmp_path / "gold", name, *parts))
        for name, parts in (("a", FIRST), ("b", SECOND))
    }


@pytest.fixture
def run(gold, tmp_path):
    """``one`` and ``two`` err alike on some facts and not on others; ``three`` fails on an article."""
    a, b = gold["a"], gold["b"]
    return told_run(
        tmp_path,
        {
            "one": {
                "a": [
                    entity(a, "Lyon", "ORG"),
                    date(a, "mardi", "2024-03-12"),
                    entity(a, "Claire", "PER"),
                    entity(a, "Rien", "MISC"),
                    quote(a, "« Rien n’est dit »", "Sénat", None),
                ],
                "b": [entity(b, "Paris", "LOC")],
            },
            "two": {
                "a": [
                    entity(a, "Lyon", "ORG"),
                    date(a, "mardi", "2024-03-05"),
                    entity(a, "Claire Dumoulin", "ORG"),
                    entity(a, "Rien", "LOC"),
                ],
                "b": [entity(b, "Paris attend", "ORG")],
            },
            "three": {"a": "out of memory", "b": [entity(b, "Paris", "LOC")]},
        },
    )


def listed(run, backend=None, **asked):
    backends = None if backend is None else (backend,)
    return list(entries(run, Texts(run), narrowed(run, **asked), backends))


def said(entry):
    return {
        answer.backends: [(wrong.what, wrong.found) for wrong in answer.mistakes]
        for answer in entry.answers
    }


def test_an_entry_is_a_fact_with_the_answers_of_those_who_err_alike(run):
    shown = {(entry.article, entry.shown.words): entry for entry in listed(run)}
    assert said(shown["a", "Lyon"]) == {("one", "two"): [("label", "ORG")]}
    assert said(shown["a", "mardi"]) == {("one",): [("value", "2024-03-12")]}
    assert shown["a", "mardi"].right == ("two",)
    assert said(shown["a", "Claire Dumoulin"]) == {
        ("one",): [("boundary", "« Claire »")],
        ("two",): [("label", "ORG")],
    }
    assert said(shown["a", "Rien"]) == {
        ("one",): [("spurious", "MISC")],
        ("two",): [("spurious", "LOC")],
    }
    assert shown["a", "Rien"].gold is None
    assert said(shown["a", "« Rien n’est dit »"]) == {
        ("one",): [("speaker", "« Sénat »"), ("cue", "no cue")],
        ("two",): [("missed", "none")],
    }
    assert said(shown["b", "Paris"]) == {
        ("two",): [("label", "ORG"), ("boundary", "« Paris attend »")]
    }
    assert shown["b", "Paris"].right == ("one", "three")


def test_entries_are_in_the_order_of_articles_and_texts(run):
    found = listed(run)
    places = [(entry.article, entry.shown.spans[0].start) for entry in found]
    assert places == sorted(places)
    assert listed(run) == found


def test_entries_hold_every_mistake_once(run):
    in_entries = Counter(
        (entry.article, name, wrong.what)
        for entry in listed(run)
        for answer in entry.answers
        for name in answer.backends
        for wrong in answer.mistakes
    )
    assert in_entries == Counter((m.article, m.backend, m.what) for m in run.mistakes())


def test_a_fact_that_is_not_in_gold_is_on_the_line_of_its_paragraph(run, tmp_path):
    lines = (tmp_path / "gold" / "a.gold").read_text(encoding="utf-8").splitlines()
    for entry in listed(run, article="a"):
        line = lines[entry.line - 1]
        assert entry.shown.words in line
        assert line.startswith("> ") == (entry.gold is None)


def test_without_its_text_an_entry_has_its_words_and_the_reason(run, tmp_path):
    (tmp_path / "gold" / "a.gold").unlink()
    for entry in listed(run):
        assert (entry.context is None) == (entry.article == "a") == bool(entry.note)
        assert entry.shown.words


def test_labels_that_have_changed_since_are_told(run, tmp_path):
    write_gold(tmp_path / "gold", "b", SECOND[0].replace("LOC Paris", "ORG Paris"))
    notes = {entry.article: entry.note for entry in listed(run)}
    assert notes["a"] == ""
    assert "lines may have moved" in notes["b"]


texts = st.text(alphabet="ab \n\u00a0é", min_size=1, max_size=400)


@given(texts, st.data())
def test_the_context_of_a_fact_is_what_stands_around_it(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
    spans = tuple(Span(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False))
    found = context(text, spans)
    assert len(found.parts) == 2 * len(spans) - 1
    for part, span in zip(found.parts[::2], spans, strict=True):
        assert part.split() == span.of(text).split()
    assert "\n" not in "".join((found.before, *found.parts, found.after))
    before, after = text[: spans[0].start], text[spans[-1].end :]
    near = found.before.removeprefix("… "), found.after.removesuffix(" …")
    assert " ".join(before.split()).endswith(" ".join(near[0].split()))
    assert " ".join(after.split()).startswith(" ".join(near[1].split()))
    assert len(found.before) <= AROUND + 2
    assert len(found.after) <= AROUND + 2
    if found.before.startswith("… "):
        assert len(before) > AROUND
    if found.after.endswith(" …"):
        assert len(after) > AROUND


def test_a_context_ends_with_its_paragraph():
    text = f"{'Un. ' * 50}\n\nDeux mots ici.\n\n{'Trois. ' * 50}"
    assert context(text, (at(text, "mots"),)) == context(
        "Deux mots ici.", (at("Deux mots", "mots"),)
    )


def test_a_very_long_fact_is_cut():
    text = "x" * 1_000_000
    found = context(text, (Span(0, len(text)),))
    assert len(found.parts[0]) < 1000


ASKED = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.lists(st.sampled_from(["entity", "date", "quote"]), min_size=1),
        "label": st.lists(st.sampled_from(["ORG", "PER", "DATE", "direct"]), min_size=1),
        "what": st.lists(st.sampled_from(WHATS), min_size=1),
        "article": st.lists(st.sampled_from(["a", "gold/b"]), min_size=1),
        "grep": st.lists(st.sampled_from(["sénat", "^Lyon$", "n'est", "2024-03-12"]), min_size=1),
    },
)


@pytest.fixture
def every(run):
    """All mistakes, so that an example of a property does not read the run again."""
    return run, list(run.mistakes())


def fits(mistake, asked):
    facts = [fact for fact in (mistake.gold, mistake.pred) if fact is not None]
    words = "\n".join(
        f"{part}"
        for f in facts
        for part in (f.words, f.speaker, f.speaker_name, f.cue, f.value)
        if part
    ).replace("’", "'")
    hits = {
        "sénat": "sénat" in words.lower(),
        "^Lyon$": "Lyon" in words.split("\n"),
        "n'est": "n'est" in words,
        "2024-03-12": "2024-03-12" in words,
    }
    tests = {
        "kind": lambda value: mistake.kind == value,
        "label": lambda value: value in (mistake.label, mistake.predicted),
        "what": lambda value: mistake.what == value,
        "article": lambda value: mistake.article == value[-1],
        "grep": lambda value: hits[value],
    }
    return all(any(map(tests[name], values)) for name, values in asked.items())


@pytest.mark.parametrize("backend", [None, "one"])
def test_a_filter_keeps_what_has_one_of_the_values_of_each_list(every, backend):
    run, mistakes = every

    @given(ASKED)
    def narrow(asked):
        wanted = narrowed(run, **asked)
        assert [m for m in mistakes if wanted.admits(m)] == [m for m in mistakes if fits(m, asked)]

    narrow()
    asked = {"kind": "entity", "label": ("ORG", "PER"), "what": ["label"]}
    kept = list(run.mistakes(backend, **asked))
    assert kept == [
        m
        for m in mistakes
        if m.backend in (backend or m.backend)
        and fits(m, {"kind": ["entity"], "label": ["ORG", "PER"], "what": ["label"]})
    ]
    assert kept


def test_without_filters_everything_passes(every):
    assert all(map(Filter().admits, every[1]))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"kind": "entities"}, "unknown kind 'entities'; did you mean 'entity'?"),
        ({"label": "ORGA"}, "unknown label 'ORGA'; did you mean 'ORG'?"),
        ({"what": "mised"}, "unknown sort of mistake 'mised'; did you mean 'missed'?"),
        ({"article": "gold/c"}, "unknown article 'gold/c'; did you mean 'gold/"),
        ({"grep": "("}, "'(' is not a regular expression"),
        ({"what": ["missed", "x"]}, "unknown sort of mistake 'x'"),
    ],
)
def test_a_value_that_nothing_can_have_is_refused(run, asked, words):
    with pytest.raises(HarnessError) as error:
        run.mistakes(**asked)
    assert words in str(error.value)


def test_groups_count_the_same_mistake_on_the_same_words(run):
    found = run.mistakes().groups()
    assert sum(group.times for group in found) == len(run.mistakes())
    assert [group.times for group in found] == sorted((g.times for g in found), reverse=True)
    (senate,) = (group for group in found if (group.what, group.words) == ("missed", "Sénat"))
    assert senate.times == 7
    assert senate.backends == {"one": 3, "two": 3, "three": 1}
    assert senate.articles == 2
    assert [place.rpartition("/")[2] for place in senate.places] == ["a.gold:11", "b.gold:12"]
    assert senate.first.shown.words == "Sénat"


def test_the_order_of_mistakes_does_not_change_the_order_of_groups(run):
    mistakes = list(run.mistakes())

    def keys(found):
        return [(g.kind, g.what, g.confusion, g.words, g.times) for g in found]

    assert keys(groups(mistakes)) == keys(groups(mistakes[::-1]))


def test_rows_have_the_columns(run):
    frame = run.mistakes().to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(run.mistakes())
    assert all(len(cells(mistake)) == len(COLUMNS) for mistake in run.mistakes())


def test_who_failed_on_an_article_has_no_mistakes_there(run):
    assert {m.article for m in run.mistakes("three")} == {"b"}
    (first, _) = side_by_side(run)
    assert first.mistakes["three"] == ()


def test_back_ends_that_answered_nothing_are_an_error(run, gold, tmp_path):
    assert answering(run) == ("one", "two", "three")
    assert answering(run, "two") == ("two",)
    failed = told_run(tmp_path, {"one": {"a": "out of memory", "b": "out of memory"}})
    with pytest.raises(Inconclusive, match="the first error is: one: out of memory"):
        answering(failed)


def test_a_fact_that_is_said_twice_is_wrong_twice(gold, tmp_path):
    a = gold["a"]
    twice = [quote(a, "Le Sénat", speaker, None) for speaker in ("Lyon", "mardi")]
    run = told_run(tmp_path, {"one": {"a": twice, "b": []}, "two": {"a": twice[:1], "b": []}})
    (invented,) = listed(run, what="spurious")
    assert said(invented) == {("one", "one", "two"): [("spurious", "direct")]}


def test_a_group_names_the_first_articles_and_counts_all():
    fact = FactRef("LOC", (Span(0, 4),), "Lyon", 9)
    made = [
        Mistake("gold", "one", name, f"{name}.gold", "entity", "missed", fact, None, "LOC", None)
        for name in "abcdea"
    ]
    (group,) = groups(made)
    assert (group.times, group.articles) == (6, 5)
    assert group.places == ("a.gold:9", "b.gold:9", "c.gold:9")
