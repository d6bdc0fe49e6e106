"""Two labellings are made one in the page: the file says which differences are open."""

import pytest
from label_articles import TEXT, change, entity, source

from factharness.errors import GoldError
from factharness.facts import GoldArticle
from factharness.gold.compose import compose
from factharness.gold.format import format_document, render
from factharness.gold.new import article_from
from factharness.gold.parse import read_document
from factharness.gold.problems import check_file
from factharness.gold.sets import store_text
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold
from factharness.label.adjudication import Adjudication
from factharness.label.operations import Operation, Settled
from factharness.label.session import Session
from factharness.label.wire import Refused, Save
from factharness.label.workspace import Settings, Workspace

BOTH = entity("Alice Rey")
OURS = [BOTH, entity("Brivac", "LOC"), entity("Marc Osse"), entity("Alice Rey", nth=2)]
THEIRS = [BOTH, entity("Brivac", "ORG"), entity("Brivac", "ORG", 2)]


def written(path, facts, by):
    document = read(source(by=(by,)))
    gold = GoldArticle(
        article_from("essai", TEXT, document.header.published),
        tuple(fact.to_gold() for fact in facts),
    )
    composed, losses = compose(document.header, gold)
    assert not losses
    path.parent.mkdir(exist_ok=True)
    path.write_text(format_document(composed), encoding="utf-8")
    return path


@pytest.fixture
def sides(tmp_path):
    return (
        written(tmp_path / "anna" / "essai.gold", OURS, "anna"),
        written(tmp_path / "bob" / "essai.gold", THEIRS, "bob"),
    )


def decide(session, number, *changes, open=False):
    operations = (*changes, Operation(decided=Settled(number, open)))
    return session.save(Save(session.hash, "t", number * 2 + open, operations))


def test_only_the_differences_are_left_to_be_decided(sides, tmp_path):
    output = tmp_path / "essai.gold"
    made = Adjudication(*sides, output)
    session = Session(output, "carla", made)
    assert session.draft.facts == (BOTH,)
    assert session.draft.document.header.labels.status == "open"
    assert [(one.a, one.b) for one in session.differences] == [
        (OURS[1], THEIRS[1]),
        (None, THEIRS[2]),
        (OURS[3], None),
        (OURS[2], None),
    ]
    assert session.differences[0].differs == ("label",)
    answer = decide(session, 0, change(after=OURS[1]))
    assert [one.open for one in answer.differences] == [False, True, True, True]
    assert decide(session, 1, change(after=entity("Brivac", "LOC", 2))).status == "open"
    assert sum("open disagreement" in one.message for one in answer.problems) == 3
    with pytest.raises(Refused, match="some differences are open"):
        session.save(Save(session.hash, "t", 99, (Operation(done=True),)))
    decide(session, 2)
    assert decide(session, 3, change(after=OURS[2])).status == "adjudicated"
    assert not [one for one in check_file(output)[0] if "disagreement" in one.message]
    assert session.draft.document.header.labels.by == ("anna", "bob", "carla")
    answer = decide(session, 3, change(OURS[2]), open=True)  # undone
    assert answer.status == "open"
    assert answer.differences[3].open
    session.close()


def test_it_goes_on_where_it_was(sides, tmp_path):
    output = tmp_path / "joint" / "essai.gold"  # a folder that is not there yet
    session = Session(output, "", Adjudication(*sides, output))
    decide(session, 0, change(after=OURS[1]))
    session.close()
    again = Session(output, "", Adjudication(*sides, output))
    assert [one.open for one in again.differences] == [False, True, True, True]
    assert again.draft.facts == (BOTH, OURS[1])
    again.close()


def test_the_same_words_in_two_paragraphs_are_two_differences(tmp_path):
    text = "À Brivac.\n\nÀ Brivac."
    twice = [entity("Brivac", "LOC", 1, text), entity("Brivac", "LOC", 2, text)]
    a, b, output = (tmp_path / name for name in ("a.gold", "b.gold", "c.gold"))
    document = read(source(text))
    gold = GoldArticle(
        article_from("essai", text, document.header.published),
        tuple(fact.to_gold() for fact in twice),
    )
    a.write_text(format_document(compose(document.header, gold)[0]), encoding="utf-8")
    b.write_text(source(text), encoding="utf-8")
    session = Session(output, "", Adjudication(a, b, output))
    decide(session, 1)
    assert [one.open for one in session.differences] == [True, False]
    session.close()


def test_text_free_labellings_give_a_text_free_one(sides, tmp_path):
    for side in sides:
        side.write_text(render(withhold(read_document(side))), encoding="utf-8")
    store_text(read_document(sides[0]), TEXT)
    output = tmp_path / "essai.gold"
    session = Session(output, "", Adjudication(*sides, output))
    assert decide(session, 0, change(after=OURS[1])).facts == 2
    assert [one.open for one in session.differences] == [False, True, True, True]
    assert "Brivac" not in output.read_text(encoding="utf-8")
    session.close()


def test_what_no_adjudication_wrote_is_not_touched(sides, tmp_path):
    output = tmp_path / "essai.gold"
    output.write_text(source(), encoding="utf-8")
    settled = sides[0].read_text(encoding="utf-8").replace('"draft"', '"adjudicated"')
    sides[0].write_text(settled, encoding="utf-8")
    for there in (output, *sides):
        before = there.read_text(encoding="utf-8")
        with pytest.raises(GoldError, match="is there already"):
            Adjudication(*sides, there)
        assert there.read_text(encoding="utf-8") == before


def test_decisions_belong_to_an_adjudication(sides, tmp_path):
    session = Session(sides[0])
    with pytest.raises(GoldError, match="no difference is decided here"):
        decide(session, 0)
    session.close()
    output = tmp_path / "essai.gold"
    session = Session(output, "", Adjudication(*sides, output))
    with pytest.raises(GoldError, match="no difference 9"):
        decide(session, 9)
    session.close()


def test_the_page_is_given_the_differences(sides, tmp_path):
    output = tmp_path / "essai.gold"
    made = Adjudication(*sides, output)
    workspace = Workspace(output, Settings(), adjudication=made)
    opened = workspace.opened("essai")
    assert opened.mode == "adjudicate"
    assert len(opened.differences) == 4
    workspace.close()
