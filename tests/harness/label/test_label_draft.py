"""A draft is edited fact by fact; what is not edited stays as it was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_articles import ASTRAL, TEXT, at, change, date_fact, entity, source
from msgspec import structs

from factharness.errors import GoldError
from factharness.facts import Span
from factharness.gold.format import format_document, render
from factharness.gold.header import Labelling, read_header, with_labels
from factharness.gold.parse import read_document
from factharness.gold.sets import store_text
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.label.draft import GoldDraft
from factharness.label.operations import LabelledFact, Step, apply

QUOTE = LabelledFact(
    "quote",
    "direct",
    (at("« Nous irons à Brivac »"),),
    speaker=at("elle"),
    name="Alice Rey",
    cue=at("a-t-elle dit"),
)


def draft(lines="", **more):
    """The draft of the article, with lines under paragraphs: ``{0: ["PER Alice Rey"]}``."""
    blocks = source(**more).split("\n\n> ")
    for index, below in dict(lines or {}).items():
        blocks[index + 1] = blocks[index + 1].rstrip("\n") + "".join(
            f"\n  {line}" for line in below
        )
    return GoldDraft.read("\n\n> ".join(blocks) + "\n", "essai.gold")


def taken(here, *changes):
    applied = apply(here.facts, [change(before, after) for before, after in changes])
    return here.edited(applied.steps)


def fact_lines(here):
    return [line.strip() for line in here.source.split("+++")[1].split("\n") if line[:2] == "  "]


def test_a_fact_is_added_in_canonical_form():
    here = taken(draft(), (None, entity("Brivac", "LOC", 2)), (None, entity(ASTRAL, "LOC")))
    assert fact_lines(here) == [f"LOC      {ASTRAL}", "LOC      Brivac <#2>"]
    assert here.source == format_document(read(here.source))


def test_every_sort_of_fact_is_read_back():
    facts = [
        entity("Alice Rey"),
        date_fact("mardi", "2024-03-05", attributes={"mod": "BEFORE"}),
        QUOTE,
        LabelledFact("quote", "", (at("« Rien »"),), ignore=True),
        LabelledFact("quote", "mixed", (at("« Rien »"), at("« Tout »")), name="Marc Osse"),
        entity("l’Élysée", "LOC", ignore=True, attributes={"meto": "ORG", "note": "le palais"}),
    ]
    here = taken(draft(), *((None, fact) for fact in facts))
    assert sorted(map(repr, here.facts)) == sorted(map(repr, facts))


def test_comments_title_and_other_lines_stay():
    here = draft(
        {0: ["# who", "PER Alice Rey", "# where", f"LOC {ASTRAL}"], 2: ["# end"]},
        title="Un titre",
    )
    alice = entity("Alice Rey")
    after = taken(here, (alice, structs.replace(alice, label="LOC")))
    assert fact_lines(after) == [
        "# who",
        "LOC      Alice Rey",
        "# where",
        f"LOC      {ASTRAL}",
        "# end",
    ]
    assert 'title     = "Un titre"' in after.source


def test_no_comment_is_lost_with_its_fact():
    here = draft({0: ["# who", "PER Alice Rey"]})
    assert fact_lines(taken(here, (entity("Alice Rey"), None))) == ["# who"]


def test_references_to_a_quote_that_is_changed_become_words():
    here = draft(
        {
            1: ["QUOTE @q1 « Nous irons à Brivac » | direct | by: elle = Alice Rey"],
            2: ["QUOTE @q2 « Rien » | direct | by: @q1", "QUOTE « Tout » | direct | by: @q2"],
        }
    )
    before = here.facts
    assert [fact.name for fact in before] == ["Alice Rey"] * 3
    first = before[0]
    after = taken(here, (first, structs.replace(first, name="Marc Osse")))
    assert after.facts == (structs.replace(first, name="Marc Osse"), *before[1:])
    assert taken(here, (first, None)).facts == before[1:]
    other = taken(here, (before[2], None))  # nothing refers to it: the others stay as typed
    assert "by: @q1" in other.source


def test_quotes_over_several_paragraphs_get_ids_of_their_own():
    long = LabelledFact(
        "quote", "direct", (at("« Nous irons à Brivac »"), at("« Rien »")), name="X"
    )
    again = LabelledFact("quote", "direct", (at("Brivac attend"), at("« Tout »")), name="Y")
    here = taken(
        draft({0: ["QUOTE @q4 Alice Rey | indirect | by: -"]}), (None, long), (None, again)
    )
    assert {"@q4", "@q5", "@q6"} <= set(here.source.split())
    fewer = taken(here, (long, None))
    assert "@q5" not in fewer.source
    assert again in fewer.facts


SPANS = [at(word) for word in ("Alice Rey", "Brivac", "Marc Osse", ASTRAL, "l’Élysée")]
ENTITIES = st.builds(
    lambda span, label: LabelledFact("entity", label, (span,)),
    st.sampled_from(SPANS),
    st.sampled_from(["PER", "LOC"]),
)
CONTENTS = [at("« Nous irons à Brivac »"), at("« Rien »"), at("« Tout »")]
QUOTES = st.builds(
    lambda spans, speaker, name: LabelledFact(
        "quote", "direct", tuple(sorted(spans)), speaker=speaker, name=name
    ),
    st.sets(st.sampled_from(CONTENTS), min_size=1),
    st.sampled_from([None, at("Brivac attend")]),
    st.sampled_from([None, "Alice Rey"]),
)
ANY = st.one_of(ENTITIES, QUOTES)


@given(st.lists(st.tuples(st.one_of(st.none(), ANY), st.one_of(st.none(), ANY)), max_size=5))
def test_what_is_written_reads_back_as_it_was_meant(changes):
    here = draft(
        {
            0: ["# kept", "PER Alice Rey"],
            1: ["QUOTE @q1 « Nous irons à Brivac » | direct | by: elle"],
            2: ["QUOTE « Tout » | direct | by: @q1"],
        }
    )
    for before, after in changes:
        applied = apply(here.facts, [change(before, after)] if before or after else [])
        try:
            here = here.edited(applied.steps)
        except GoldError as error:
            assert "another paragraph" in str(error)  # noqa: PT017
            continue
        assert sorted(map(repr, here.facts)) == sorted(map(repr, applied.facts))
        assert here.source == format_document(read(here.source))
        assert "# kept" in here.source


@pytest.mark.parametrize(
    "fact",
    [
        LabelledFact("entity", "PER", (Span(5, at("« Nous").end),)),
        LabelledFact("quote", "direct", (at("« Rien »"),), speaker=at("Alice Rey")),
        LabelledFact("quote", "direct", (at("« Rien »"),), cue=at("a-t-elle dit")),
        LabelledFact("entity", "per", (at("Alice Rey"),)),
        LabelledFact("entity", "PER", (at("Alice Rey"),), attributes={"mod": "BEFORE"}),
    ],
    ids=repr,
)
def test_a_fact_that_no_line_can_hold_is_refused(fact):
    with pytest.raises(GoldError, match=r"cannot be written|not a fact"):
        draft().edited([Step(None, fact)])


def test_a_fact_that_would_be_read_back_otherwise_is_refused():
    fact = date_fact("mardi", "2024-03-05 ")
    with pytest.raises(GoldError, match="read back"):
        draft().edited([Step(None, fact)])


@pytest.mark.parametrize(
    ("lines", "what"),
    [({0: ["PER Bob"]}, "Bob"), ({0: ["PER"]}, "no words"), ({1: ["QUOTE « Nous irons à Brivac »"]}, "type")],
)  # fmt: skip
def test_a_file_with_a_mistake_is_refused_with_its_line(lines, what):
    with pytest.raises(GoldError, match=what) as raised:
        draft(lines)
    assert raised.value.line is not None


def test_a_withheld_file_stays_without_words(tmp_path):
    full = taken(draft(), (None, entity("Alice Rey")), (None, QUOTE))
    path = tmp_path / "essai.gold"
    path.write_text(render(withhold(full.document)), encoding="utf-8")
    with pytest.raises(GoldError, match="not attached"):
        GoldDraft.read(path.read_text(encoding="utf-8"), str(path))
    store_text(read_document(path), TEXT)
    here = GoldDraft.read(path.read_text(encoding="utf-8"), str(path))
    assert here.facts == full.facts
    after = taken(here, (None, entity("Brivac", "LOC", 2)))
    assert len(after.facts) == 3
    assert not {"Alice", "Brivac", "Nous"} & set(after.source.replace("Alice Rey", "").split())
    with pytest.raises(GoldError, match="no notes"):
        taken(here, (None, entity("Brivac", "LOC", attributes={"note": "Brivac"})))


LABELS = st.builds(
    Labelling,
    by=st.lists(st.sampled_from(["mb", 'a "b"', "é # }"]), max_size=2).map(tuple),
    status=st.sampled_from(["", "draft", "single"]),
    prelabel=st.sampled_from(["none", "rules+spacy"]),
    proposed=st.one_of(st.none(), st.integers(0, 99)),
    accepted=st.one_of(st.none(), st.integers(0, 99)),
)
TYPED = [
    'labels    = { by = ["x"], scheme = "fr-news-1" }  # who {did} it\n',
    '[labels]\nstatus = "draft" # so far\nby = ["x"] \n[meta]\nby = "y"\n',
    "",
]


@pytest.mark.parametrize("typed", TYPED)
@given(labels=LABELS)
def test_the_header_stays_as_typed_but_for_its_labels(typed, labels):
    head = 'gold = 1  # version\nid="essai"\n  lang = "fr"\npublished=2024-03-05\ntext = "full"\nsha256 = ""\n'
    written = with_labels(head + typed, labels)
    assert written is not None
    assert read_header(written).labels == labels
    kept = [line for line in head.splitlines() if line]
    assert [line for line in written.splitlines() if line in kept] == kept
    for comment in ("# who {did} it", '[meta]\nby = "y"'):
        assert (comment in written) == (comment in typed)


def test_labels_that_are_typed_in_an_unusual_way_are_written_anew():
    head = 'gold=1\nid="essai"\nlang="fr"\npublished=2024-03-05\ntext="full"\nsha256=""\nlabels.by=["x"]\n'
    assert with_labels(head, Labelling(status="single")) is None
