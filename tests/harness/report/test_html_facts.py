"""What the page knows of an article: verdicts, mistakes and places are those of the run."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_runs import gold_set, place, run_of, stored

from factharness.facts import KINDS, Date, Entity, GoldFact, Quote, Span
from factharness.report.html.facts import NOT_COUNTED, NOT_SCORED, WHATS, Labels, article, utf16
from factharness.report.html.sides import Side, in_step, of_run
from factharness.runs.comparison import compare_runs

TEXT = "🦊 Ève Roux est maire de Lyon. « Rien 👩‍🚀 n’est perdu », a dit Ève Roux mardi à la Gare de Lyon."
MAYOR, LYON = place(TEXT, "Ève Roux"), place(TEXT, "Lyon")
QUOTED, SAID = place(TEXT, "« Rien 👩‍🚀 n’est perdu »"), place(TEXT, "a dit")
LATER, DAY = place(TEXT, "Ève Roux", SAID.end), place(TEXT, "mardi")
STATION, INNER = place(TEXT, "Gare de Lyon"), place(TEXT, "Lyon", DAY.end)
QUOTE = Quote((QUOTED,), "direct", LATER, "Ève Roux", SAID)
GOLD = (
    Entity(MAYOR, "PER"),
    Entity(LYON, "LOC"),
    QUOTE,
    Entity(LATER, "PER"),
    Date(DAY, "DATE", "2024-03-05"),
    Entity(STATION, "LOC"),
    Entity(INNER, "LOC"),
)


def facts_of(run, texts=None, words=True):
    """The labels and the facts of every article of a run."""
    labels = Labels()
    sides = of_run(run)
    return labels, {
        one.article.id: article(
            one.gold, sides, answers, labels, (texts or {}).get(one.article.id), words=words
        )
        for one, answers in in_step(sides)
    }


@pytest.fixture
def make(tmp_path):
    """Runs back ends that say these facts, by name, on one article."""

    def run(gold=GOLD, text=TEXT, regimes=("strict",), **backends):
        goldset = gold_set(tmp_path / "set", {"one": (text, gold)})
        files = {
            name: stored(tmp_path / f"{name}.jsonl", {"one": facts})
            for name, facts in backends.items()
        }
        return run_of(tmp_path, [goldset], files, regimes)

    return run


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_offsets_become_those_of_javascript(text):
    offset = utf16(text)
    for place_ in range(len(text) + 1):
        assert offset(place_) == len(text[:place_].encode("utf-16-le")) // 2


def test_a_back_end_that_is_right_costs_nothing(make):
    labels, facts = facts_of(make(good=GOLD[:-1]))
    assert facts["one"].votes == ((),)
    assert facts["one"].spurious == ()
    assert facts["one"].mistakes(0, labels) == (0, 0, 0)


def test_spans_are_those_of_the_text_as_javascript_counts(make):
    _, facts = facts_of(make(good=GOLD), {"one": TEXT})
    units = TEXT.encode("utf-16-le")
    for said, fact in zip(facts["one"].gold, GOLD, strict=True):
        start, end = said.spans
        span = fact.content[0] if isinstance(fact, Quote) else fact.span
        assert units[2 * start : 2 * end].decode("utf-16-le") == span.of(TEXT)
        assert said.words == ""
    start, end = facts["one"].gold[2].speaker
    assert units[2 * start : 2 * end].decode("utf-16-le") == "Ève Roux"
    assert facts["one"].text == TEXT


def test_without_the_text_facts_have_code_points_and_words(make):
    run = make(good=GOLD)
    _, facts = facts_of(run)
    assert facts["one"].gold[0].spans == (MAYOR.start, MAYOR.end)
    assert facts["one"].gold[0].words == "Ève Roux"
    quote = facts["one"].gold[2]
    assert (quote.speaker_words, quote.cue_words, quote.speaker_name) == (
        "Ève Roux",
        "a dit",
        "Ève Roux",
    )


def test_where_words_may_not_be_written_there_are_none(make):
    wrong = [Entity(Span(MAYOR.start, MAYOR.end + 4), "ORG"), QUOTE, Entity(DAY, "MISC")]
    _, facts = facts_of(make(bad=wrong), words=False)
    said = [*facts["one"].gold, *(one.fact for one in facts["one"].spurious)]
    said += [vote[2] for vote in facts["one"].votes[0] if len(vote) == 3]
    for one in said:
        words = one.words, one.speaker_words, one.cue_words, one.speaker_name
        assert words == ("", "", "", "")


def test_a_name_within_a_name_is_not_scored_and_dont_care_gold_is_told(make):
    gold = [*GOLD[:4], GoldFact(GOLD[4], ignore=True), *GOLD[5:]]
    _, facts = facts_of(make(gold, silent=[], good=GOLD))
    told = [(said.ignored, said.unscored) for said in facts["one"].gold]
    plain = (False, False)
    assert told == [plain, plain, plain, plain, (True, False), plain, (False, True)]
    silent, good = facts["one"].votes
    assert 4 not in {vote[0] for vote in silent if vote[1] > 0}
    assert [vote[:2] for vote in good] == [(4, NOT_COUNTED)]


def test_dont_care_gold_that_nobody_finds_is_told_too(make):
    gold = [*GOLD[:4], GoldFact(GOLD[4], ignore=True), *GOLD[5:]]
    _, facts = facts_of(make(gold, silent=[]))
    assert [said.ignored for said in facts["one"].gold] == [False] * 4 + [True, False, False]


def test_a_sublabel_is_shown_as_the_label_that_it_counts_as(make):
    gold = [Entity(MAYOR, "PER"), Entity(LYON, "LOC.gpe")]
    labels, facts = facts_of(make(gold, good=[Entity(MAYOR, "PER"), Entity(LYON, "LOC")]))
    assert labels.listed() == [("entity", "PER"), ("entity", "LOC")]
    assert facts["one"].votes == ((),)


def test_what_back_ends_say_alike_beside_gold_is_one_fact(make):
    made_up = Entity(Span(11, 14), "MISC")
    labels, facts = facts_of(
        make(one=[made_up], two=[made_up, Entity(DAY, "LOC")], three=[made_up, made_up])
    )
    assert sorted(one.backends for one in facts["one"].spurious) == [(0, 1, 2), (1,), (2,)]
    assert sum(facts["one"].mistakes(2, labels)) == 2 + 4


def test_a_right_answer_with_other_spans_or_another_label_is_written_down(make):
    other = [Entity(Span(MAYOR.start, MAYOR.end + 4), "PER"), *GOLD[1:-1]]
    _, facts = facts_of(make(regimes=("type",), other=other), {"one": TEXT})
    fact, verdict, said = facts["one"].votes[0][0]
    assert (fact, verdict) == (0, 0)
    assert said.spans != facts["one"].gold[0].spans


def test_a_kind_that_a_back_end_does_not_claim_is_neither_right_nor_wrong(make):
    run = make(names=[fact for fact in GOLD if isinstance(fact, Entity)], all=GOLD)
    _, facts = facts_of(run)
    assert of_run(run)[0].kinds == ("entity",)
    assert NOT_SCORED not in {vote[1] for vote in facts["one"].votes[0]}


@st.composite
def said(draw):
    """Facts of a back end: gold as it is, changed, left out; and others."""
    facts = []
    for fact in GOLD:
        change = draw(st.sampled_from(["keep", "drop", "label", "longer", "part"]))
        if change == "drop":
            continue
        if isinstance(fact, Entity):
            fact = {
                "label": Entity(fact.span, "MISC"),
                "longer": Entity(Span(fact.span.start, fact.span.end + 1), fact.label),
            }.get(change, fact)
        elif isinstance(fact, Date):
            fact = {
                "label": Date(fact.span, "TIME", fact.value),
                "part": Date(fact.span, fact.type, "2020"),
            }.get(change, fact)
        else:
            fact = {
                "longer": Quote((Span(QUOTED.start, QUOTED.end - 6),), "direct", LATER, None, SAID),
                "part": Quote((QUOTED,), "direct", MAYOR, "Zoé", None),
            }.get(change, fact)
        facts.append(fact)
    facts += draw(
        st.lists(
            st.sampled_from([Entity(Span(2, 4), "PER"), Entity(Span(11, 19), "ORG")]), unique=True
        )
    )
    return facts


@settings(max_examples=15)
@given(said(), said())
def test_the_mistakes_of_the_page_are_those_of_the_run(tmp_path_factory, first, second):
    folder = tmp_path_factory.mktemp("run")
    goldset = gold_set(folder / "set", {"one": (TEXT, GOLD)})
    files = {
        name: stored(folder / f"{name}.jsonl", {"one": facts})
        for name, facts in (("first", first), ("second", second))
    }
    run = run_of(folder, [goldset], files)
    labels, facts = facts_of(run, {"one": TEXT})
    kinds = [kind for kind, _ in labels.listed()]
    for number, backend in enumerate(files):
        times = Counter(
            (kinds[facts["one"].gold[vote[0]].label], what)
            for vote in facts["one"].votes[number]
            for bit, what in enumerate(WHATS)
            if vote[1] > 0 and vote[1] >> bit & 1
        )
        for one in facts["one"].spurious:
            times[kinds[one.fact.label], "spurious"] += one.backends.count(number)
        listed = run.mistakes(backend)
        assert +times == Counter((mistake.kind, mistake.what) for mistake in listed)
        by_kind = [sum(mistake.kind == kind for mistake in listed) for kind in KINDS]
        assert list(facts["one"].mistakes(number, labels)) == by_kind
    names = [fact for fact in first if isinstance(fact, Entity)]
    if names and any(isinstance(fact, Entity) for fact in second):
        same_as_flips(run, labels)


def same_as_flips(run, labels):
    """Of entities, what is fixed and broken is what `compare --flips` lists."""
    (comparison,) = compare_runs((run, "first"), (run, "second"), draws=1, seed=0)
    flips = Counter(
        flip.change
        for flip in comparison.flips
        if flip.match.kind == "entity"
        # A wrong label is a gold fact lost and a prediction that is wrong: one fact here.
        and (flip.change in ("gained", "lost") or flip.match.gold is None)
    )
    sides = [Side(name, run, name) for name in ("first", "second")]
    ((one, answers),) = in_step(sides)
    only_names = [
        type(answer)(
            answer.result,
            tuple(record for record in answer.matches if record.match.kind == "entity"),
            answer.error,
        )
        for answer in answers
    ]
    facts = article(one.gold, sides, only_names, labels, TEXT, words=True)
    fixed, broken, _ = facts.changes(labels)
    assert fixed == (flips["gained"] + flips["mended"], 0, 0)
    assert broken == (flips["lost"] + flips["wrong"], 0, 0)
