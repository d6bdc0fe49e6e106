"""Agreement of two labellings: the figures against worked examples, and laws that must hold."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.agreement import Pair, agree, alpha
from factharness.agreement.adjudicate import adjudicate, leave_open, prefer
from factharness.agreement.render import disagreements, tables
from factharness.errors import GoldError
from factharness.facts import GoldFact, Quote, Span, spans_of
from factharness.files import unify
from factharness.gold.format import format_document, render
from factharness.gold.parse import parse, to_article
from factharness.gold.problems import check_document
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.text import sha256

ARTSTEIN_POESIO = {
    ("stat", "stat"): 46,
    ("stat", "ireq"): 6,
    ("ireq", "ireq"): 32,
    ("chck", "ireq"): 6,
    ("chck", "chck"): 10,
}
"""The agreement table of Artstein & Poesio (2008), section 2: two coders, 100 utterances."""

TEXT = "Marie Lefort a dit mardi à Lyon : « Oui, nous irons. » Puis elle a souri au Havre."


def gold(*lines: str, text: str = TEXT, skip: str = "") -> str:
    return (
        f'gold = 1\nid = "a"\nlang = "fr"\npublished = 2024-03-06\nlabels = {{ skip = [{skip}] }}\n'
        f'text = "full"\nsha256 = "{sha256(text)}"\n+++\n\n> {text}\n'
        + "".join(f"  {line}\n" for line in lines)
    )


A = gold(
    "PER Marie Lefort",
    "DATE mardi | 2024-03-05",
    "LOC Lyon",
    "QUOTE « Oui, nous irons. » | direct | by: Marie Lefort | cue: a dit",
    "ORG Havre",
)
B = gold(
    "PER Lefort",
    "DATE mardi | 2024-03-12",
    "LOC Lyon",
    "QUOTE « Oui, nous irons. » | mixed | by: elle = Marie Lefort | cue: a dit",
    "LOC Havre",
    "MISC? Puis",
)


MENTION = Span(0, 5)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ((None, None), (None, None), True),
        ((None, "Marie Lefort"), (None, "Marie Lefort"), True),
        ((None, "Marie Lefort"), (None, None), False),
        ((None, "Marie Lefort"), (None, "Jean Mornay"), False),
        ((MENTION, None), (MENTION, None), True),
        ((MENTION, "Marie Lefort"), (MENTION, None), True),
        ((MENTION, "Marie Lefort"), (MENTION, "Lefort"), True),
        ((MENTION, "Marie Lefort"), (MENTION, "Jean Mornay"), False),
        ((MENTION, None), (Span(0, 6), None), False),
        ((MENTION, "Marie Lefort"), (None, "Marie Lefort"), False),
    ],
)
def test_speakers_named_and_unnamed(a, b, same):
    """A mention that one side names and the other does not is the same; a name against nothing is not."""
    for one, other in ((a, b), (b, a)):
        quotes = [Quote((Span(30, 40),), "direct", *speaker) for speaker in (one, other)]
        pair = Pair("a", "quote", *map(GoldFact, quotes))
        assert pair.differences() == (() if same else ("speaker",))


def figures(a: str, b: str):
    return agree([parse(a)], [parse(b)])


def task(units):
    from nltk.metrics import agreement

    data, item = [], 0
    for labels, times in units.items():
        for _ in range(times):
            data += [(coder, item, label) for coder, label in enumerate(labels)]
            item += 1
    return agreement.AnnotationTask(data=data)


def test_alpha_on_the_example_of_artstein_and_poesio():
    assert alpha(ARTSTEIN_POESIO) == pytest.approx(0.8005345806882727)


@pytest.mark.needs("nltk")
def test_alpha_is_that_of_nltk_on_the_example():
    reference = task(ARTSTEIN_POESIO)
    assert reference.avg_Ao() == pytest.approx(0.88)
    assert reference.pi() == pytest.approx(0.79953, abs=1e-5)
    assert alpha(ARTSTEIN_POESIO) == pytest.approx(reference.alpha())


labellings = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.integers(1, 5), min_size=1
)


@pytest.mark.needs("nltk")
@given(labellings)
def test_alpha_is_that_of_nltk(units):
    if len({label for labels in units for label in labels}) < 2:
        assert alpha(units) is None
    else:
        assert alpha(units) == pytest.approx(task(units).alpha())


@given(labellings)
def test_alpha_does_not_depend_on_who_is_first_and_is_1_when_all_agree(units):
    swapped = Counter({(b, a): times for (a, b), times in units.items()})
    assert alpha(units) == (None if alpha(units) is None else pytest.approx(alpha(swapped)))
    same = {(a, a): times for (a, _), times in units.items()}
    assert alpha(same) in (1, None)


def test_units_with_one_label_are_left_out():
    assert alpha({("a", "a"): 3, ("b", "b"): 2, ("a", None): 9, (None, None): 9}) == 1


def test_a_labelling_agrees_with_itself():
    found = figures(A, A)
    assert found.disagreements == ()
    assert {
        row.f1(level) for row in found.rows for level in ("exact", "normalised", "overlap")
    } == {1}
    assert {row.share for row in found.accuracies} == {1}
    assert [row.with_outside for row in found.alphas] == [1, 1, 1]
    assert [row.without_outside for row in found.alphas] == [1, None, None]


def test_the_figures_of_two_labellings():
    found = figures(A, B)
    rows = {(row.kind, row.label): row for row in found.rows}
    assert (rows["entity", "*"].a, rows["entity", "*"].b) == (3, 3)
    assert rows["entity", "*"].f1("exact") == pytest.approx(1 / 3)
    assert rows["entity", "*"].f1("overlap") == pytest.approx(2 / 3)
    assert rows["entity", "PER"].f1("exact") == 0
    assert rows["entity", "PER"].f1("overlap") == 1
    assert rows["entity", "LOC"].f1("exact") == pytest.approx(2 / 3)
    assert rows["entity", "ORG"].f1("overlap") == 0
    assert ("entity", "MISC") not in rows
    assert rows["quote", "*"].f1("exact") == 1
    assert rows["quote", "direct"].f1("exact") == 0
    shares = {(row.kind, row.what): row.share for row in found.accuracies}
    assert shares == {
        ("date", "value"): 0,
        ("quote", "type"): 0,
        ("quote", "speaker"): 1,
        ("quote", "cue"): 1,
    }
    assert rows["date", "*"].f1("exact") == 1
    assert rows["date", "*"].f1("overlap") == 1


def test_titles_and_articles_count_at_exact_and_not_at_normalised():
    text = "Mme Lefort sourit."
    found = figures(gold("PER Mme Lefort", text=text), gold("PER Lefort", text=text))
    (row, _) = found.rows[:2]
    assert (row.exact, row.normalised, row.overlap) == (0, 1, 1)


def test_disagreements_have_their_words_and_lines():
    found = figures(A, B)
    assert [(each.kind, each.what) for each in found.disagreements] == [
        ("entity", ("span",)),
        ("date", ("value",)),
        ("quote", ("type", "words of speaker")),
        ("entity", ("only b",)),
        ("entity", ("label",)),
    ]
    lines = list(disagreements(found))
    assert lines[1:4] == ["a: entity: span", "  a:11: PER Marie Lefort", "  b:11: PER Lefort"]
    assert "  b:16: MISC? Puis" in lines
    assert "  a: –" in lines


def test_layers_that_one_side_skipped_are_not_compared():
    found = figures(A, gold(skip='"entity", "date"'))
    assert {row.label for row in found.rows if row.kind == "entity"} == {"*"}
    assert found.alphas[0].with_outside is None
    assert {each.kind for each in found.disagreements} == {"quote"}


def test_the_tables_print():
    text = tables(figures(A, B))
    assert "1 article, 5 disagreements" in text
    assert "α with O" in text
    assert "| layer" in tables(figures(A, B), "github")


def test_other_articles_and_other_texts_are_refused():
    with pytest.raises(GoldError, match="a, b are on one of the two sides only"):
        agree([parse(A)], [parse(A.replace('id = "a"', 'id = "b"'))])
    with pytest.raises(GoldError, match="different texts"):
        agree([parse(gold(text="Un."))], [parse(gold(text="Deux."))])
    with pytest.raises(GoldError, match="neither side"):
        agree([], [])


LINES = [line.strip() for line in (A + B).splitlines() if line.startswith("  ")]
labelled = st.lists(st.sampled_from(LINES), unique_by=lambda line: line.split("|")[0]).map(
    lambda lines: gold(*lines)
)


@settings(max_examples=25)
@given(labelled, labelled)
def test_agreement_is_symmetric(a, b):
    there, back = figures(a, b), figures(b, a)
    assert [(r.kind, r.label, r.a, r.b, r.exact, r.normalised, r.overlap) for r in there.rows] == [
        (r.kind, r.label, r.b, r.a, r.exact, r.normalised, r.overlap) for r in back.rows
    ]
    assert there.alphas == back.alphas
    assert len(there.disagreements) == len(back.disagreements)


@settings(max_examples=25)
@given(labelled, labelled)
def test_adjudication_leaves_open_just_what_differs(a, b):
    joint = adjudicate(read(a), read(b), leave_open)
    assert len(joint.open) == len(figures(a, b).disagreements)
    source = render(joint.document)
    assert format_document(read(source)) == source
    kept = parse(source).facts
    assert len(kept) == joint.agreed
    spans = {spans_of(fact.fact) for fact in parse(a).facts}
    assert all(spans_of(fact.fact) in spans for fact in kept)


@settings(max_examples=25)
@given(labelled, labelled)
def test_a_preferred_side_decides_everything(a, b):
    joint = adjudicate(read(a), read(b), prefer("a"))
    assert joint.open == ()
    facts = [(fact.fact, fact.ignore) for fact in to_article(joint.document).facts]
    assert all(
        (fact.fact, fact.ignore) in facts
        for fact in parse(a).facts
        if fact.fact.__class__.__name__ != "Quote"
    )
    assert len(facts) == joint.agreed + joint.decided


def test_open_disagreements_stand_above_each_other_and_are_reported_by_check():
    joint = adjudicate(read(A), read(B))
    source = render(joint.document)
    assert "  # a: ORG      Havre\n  # b: LOC      Havre\n" in source
    assert joint.document.header.labels.status == "open"
    problems, _ = check_document(read(source, "a.gold"))
    assert sum(problem.message == "an open disagreement" for problem in problems) == 9
    settled = source.replace("# a: ", "").replace("# b:", "# not b:")
    assert unify(format_document(read(settled))).count("\n  # not b") == 5


def test_decisions():
    choices = iter(["b", "a", "both", "neither", None])
    joint = adjudicate(read(A), read(B), lambda pair, article: next(choices))
    assert (joint.agreed, joint.decided, len(joint.open)) == (1, 4, 1)
    words = [
        fact.fact.span.of(TEXT)
        for fact in to_article(joint.document).facts
        if hasattr(fact.fact, "span")
    ]
    assert words == ["Lefort", "mardi", "Lyon"]


def test_a_layer_that_one_side_skipped_comes_from_the_other():
    only_dates = gold("DATE mardi | 2024-03-05", skip='"entity", "quote"')
    joint = adjudicate(read(A), read(only_dates))
    assert joint.open == ()
    assert len(to_article(joint.document).facts) == 5
    assert joint.document.header.labels.skip == ()


def test_text_free_files_stay_text_free(tmp_path, monkeypatch):
    from factharness.gold.sets import store_text

    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path))
    a, b = (withhold(read(source)) for source in (A, B))
    with pytest.raises(GoldError, match="not attached"):
        adjudicate(a, b)
    store_text(a, TEXT)
    source = render(adjudicate(a, b).document)
    assert "  # a: ORG      <76:81>\n" in source
    assert "Havre" not in source
    assert "irons" not in source
    assert read(source).errors == ()


def test_of_two_facts_nobody_scores_only_the_span_matters():
    a = gold("QUOTE? Lefort", "DATE? mardi | 2024-03-05")
    b = gold("QUOTE? Lefort | mixed", "DATE? mardi | 2024-W10")
    assert figures(a, b).disagreements == ()
    (found,) = figures(gold("PER? Marie Lefort"), gold("PER? Lefort")).disagreements
    assert (found.what, found.a, found.b) == (("span",), "PER? Marie Lefort", "PER? Lefort")
    (found,) = figures(gold("QUOTE? Lefort"), gold()).disagreements
    assert found.a == "QUOTE? Lefort | by: -"


def test_characters_under_dont_care_facts_have_no_label():
    a, b = gold("PER Marie Lefort", "LOC? Lyon"), gold("PER Marie Lefort", "ORG Lyon")
    assert figures(a, b).alphas[0].with_outside == 1
    assert figures(a.replace("LOC?", "LOC"), b).alphas[0].with_outside < 1


def test_agreed_facts_get_the_name_and_the_note_that_either_side_has():
    said = "QUOTE « Oui, nous irons. » | direct | by: elle"
    joint = adjudicate(read(gold(f"{said} | note: sure")), read(gold(f"{said} = Marie Lefort")))
    (fact,) = to_article(joint.document).facts
    assert fact.fact.speaker_name == "Marie Lefort"
    assert fact.attributes == {"note": "sure"}


PATIENT = "Un patient de 52 ans a dit : « Je dors mal. » Il a souri."


def test_the_same_speaker_in_other_words_is_told_apart_from_another_speaker():
    """What the accuracy counts as the same speaker, or cue, the list does not call another one."""
    line = "QUOTE « Je dors mal. » | direct | by: {} | cue: {}"
    short = gold(line.format("patient", "dit"), text=PATIENT)
    long = gold(line.format("patient de 52 ans", "a dit"), text=PATIENT)
    other = gold(line.format("Il", "souri"), text=PATIENT)
    for left, right, speaker, what in (
        (short, long, 1, ("words of speaker", "words of cue")),
        (short, other, 0, ("speaker", "cue")),
    ):
        found = figures(left, right)
        shares = {row.what: row.share for row in found.accuracies if row.kind == "quote"}
        assert (shares["speaker"], shares["cue"]) == (speaker, speaker)
        assert [each.what for each in found.disagreements] == [what]
    assert "1 article, 1 disagreement, 1 of them only in the words" in tables(figures(short, long))
    assert tables(figures(short, other)).startswith("1 article, 1 disagreement\n")


def test_firm_labels_are_counted_against_dont_care_ones():
    text = "Lyon, Metz, Brest, Paris, Lille"
    a = gold("LOC Lyon", "LOC Metz", "LOC? Brest", "LOC? Paris", "LOC? Lille", text=text)
    b = gold("LOC Lyon", "LOC? Metz", "LOC Brest", "LOC? Paris", text=text)
    (entities, dates, quotes) = figures(a, b).firmness
    assert (entities.firm, entities.firm_a, entities.firm_b) == (1, 1, 1)
    assert (entities.both, entities.alone) == (1, 1)
    assert (dates.firm, quotes.alone) == (0, 0)
    assert "? in both" in tables(figures(a, b))


def test_every_article_has_a_row():
    """The rows add up to the table, and an article without facts has one."""
    ours = [parse(A), parse(gold().replace('id = "a"', 'id = "empty"'))]
    theirs = [parse(B), parse(gold().replace('id = "a"', 'id = "empty"'))]
    found = agree(ours, theirs)
    first, empty = found.by_article
    assert (first.article, empty.article) == ("a", "empty")
    assert (first.disagreements, empty.disagreements) == (len(found.disagreements), 0)
    assert (empty.f1("entity"), empty.a, empty.b) == (None, 0, 0)
    for kind in ("entity", "date", "quote"):
        (row,) = [row for row in found.rows if (row.kind, row.label) == (kind, "*")]
        assert first.f1(kind) == pytest.approx(row.f1("exact"))
    assert (first.a, first.b) == (5, 5)
    assert "F1 exact quote" in tables(found)
    assert "F1 exact quote" not in tables(figures(A, B))
