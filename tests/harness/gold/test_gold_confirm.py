"""`gold confirm`: each answer changes what it says and nothing else, is written at once, and is counted."""

import io
import os
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.cli import main
from factharness.errors import GoldError
from factharness.gold.confirm import CHANGED, Correction, accept_all, confirm, proposals_of
from factharness.gold.fact_line import read_fact
from factharness.gold.format import write_fact
from factharness.gold.parse import parse, read_document
from factharness.gold.retype import retyped
from factharness.text import fold, sha256

FIRST = "Marie Lefort a dit « Oui, nous irons » mardi à Lyon. « Et vous ?"
SECOND = "« Vous aussi », a-t-elle ajouté au Havre, en 2024."
TEXT = f"{FIRST}\n\n{SECOND}"

GOLD = f"""# typed by hand
gold      = 1
id        = "a"
lang      = "fr"
published = 2024-03-06
labels    = {{ status = "draft", prelabel = "rules" }}   # first pass
text      = "full"
sha256    = "{sha256(TEXT)}"
+++

# an opening remark

> {FIRST}
  # a remark on Marie
  PER Marie Lefort | note: unconfirmed
\tQUOTE @q1 « Oui, nous irons » | direct | by: Marie Lefort | cue: a dit | note: unconfirmed

  DATE mardi | note: unconfirmed
  LOC Lyon
  QUOTE @q2 « Et vous ? | direct | note: unconfirmed

> {SECOND}
  QUOTE @q2 <+> « Vous aussi » | by: elle = Marie Lefort
  LOC Havre | note: unconfirmed
  DATE 2024 | 2024 | note: sure
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "a.gold"
    file.write_text(GOLD)
    return str(file)


def answering(*answers):
    """Gives the answers in turn, and keeps the questions."""
    questions, waiting = [], iter(answers)

    def ask(question):
        questions.append(question)
        return next(waiting, "quit")

    return ask, questions


def waiting(path):
    return [one.line.label for one in proposals_of(read_document(path))]


def changed(path):
    """The lines that differ from the file at the start, as (gone, new)."""
    old, new = GOLD.split("\n"), Path(path).read_text().split("\n")
    return [x for x in old if x not in new], [x for x in new if x not in old]


def labels(path):
    return read_document(path).header.labels


def test_accepting_removes_the_note_and_nothing_else(path):
    ask, questions = answering("accept")
    decided = confirm(path, ask, by=["mb"])
    assert (decided.accepted, decided.left, decided.quit) == (1, 4, True)
    gone, new = changed(path)
    assert gone[1:] == ["  PER Marie Lefort | note: unconfirmed"]
    assert new[1:] == ["  PER      Marie Lefort"]
    assert new[0].endswith("# first pass")
    assert (labels(path).by, labels(path).proposed, labels(path).accepted) == (("mb",), 1, 1)
    assert [(q.proposal.line.label, q.proposal.paragraph, q.left) for q in questions] == [
        ("PER", 1, 5),
        ("QUOTE", 1, 4),
    ]


def test_rejecting_takes_every_line_of_the_fact_out(path):
    confirm(path, answering("skip", "reject", "skip", "reject", "quit")[0])
    gone, new = changed(path)
    assert [line.strip()[:9] for line in gone[1:]] == ["QUOTE @q1", "QUOTE @q2", "QUOTE @q2"]
    assert new[1:] == []
    assert (labels(path).proposed, labels(path).accepted) == (2, 0)


def test_a_quote_that_another_one_refers_to_is_not_rejected(path):
    source = GOLD.replace("by: elle = Marie Lefort", "by: @q1")
    Path(path).write_text(source)
    ask, questions = answering("skip", "reject", "quit")
    assert confirm(path, ask).rejected == 0
    assert questions[2].problem == "line 23 refers to @q1; correct that line first"
    assert Path(path).read_text() == source


def test_what_the_checks_find_wrong_is_not_accepted(path):
    ask, questions = answering(
        "skip", "skip", "accept", Correction("2024-13"), Correction("2024-03-05"), "quit"
    )
    decided = confirm(path, ask)
    assert (decided.accepted, decided.corrected) == (0, 1)
    assert "a DATE without a value" in questions[3].problem
    assert "'2024-13'" in questions[4].problem
    assert "  DATE     mardi | 2024-03-05" in changed(path)[1]
    assert questions[5].problem == ""
    assert (labels(path).proposed, labels(path).accepted) == (1, 0)


def test_the_line_of_a_marked_stretch_is_no_proposal_of_a_back_end(path):
    source = GOLD.replace(" | by: elle = Marie Lefort", "")
    Path(path).write_text(source)
    skips = ["skip"] * 3
    ask, questions = answering(*skips, "accept", Correction("| by: Marie Lefort"), "quit")
    assert confirm(path, ask).corrected == 1
    assert questions[4].problem.startswith("a quote without by:")
    assert labels(path).proposed is None


def test_the_rest_of_a_paragraph_is_accepted_at_once_but_for_what_is_wrong(path):
    ask, questions = answering("skip", "paragraph", "quit")
    assert confirm(path, ask).accepted == 2
    assert waiting(path) == ["PER", "DATE", "LOC"]
    assert "a DATE without a value" in questions[2].problem


def test_accepting_all_leaves_what_is_wrong(path):
    decided, problems = accept_all(path)
    assert (decided.accepted, decided.left) == (4, 1)
    assert list(problems) == [18]
    assert waiting(path) == ["DATE"]
    assert (labels(path).proposed, labels(path).accepted) == (4, 4)


def test_one_paragraph_alone(path):
    assert accept_all(path, paragraph=2)[0].accepted == 1
    assert waiting(path) == ["PER", "QUOTE", "DATE", "QUOTE"]
    ask, questions = answering("accept")
    assert confirm(path, ask, paragraph=2).left == 0
    assert questions == []


def test_a_change_by_somebody_else_is_kept_and_told(path):
    def ask(question):
        questions.append(question)
        if len(questions) == 1:
            source = Path(path).read_text().replace("LOC Lyon", "ORG Lyon")
            Path(path).write_text(source)
            return "reject"
        return "accept" if len(questions) == 2 else "quit"

    questions = []
    assert confirm(path, ask).accepted == 1
    assert questions[1].problem == CHANGED
    source = Path(path).read_text()
    assert "ORG Lyon" in source
    assert "PER      Marie Lefort\n" in source


def test_an_interruption_loses_nothing(path):
    ask, _ = answering("accept", "reject")

    def interrupted(question):
        if question.left == 3:
            raise KeyboardInterrupt
        return ask(question)

    with pytest.raises(KeyboardInterrupt):
        confirm(path, interrupted)
    assert waiting(path) == ["DATE", "QUOTE", "LOC"]
    assert os.listdir(os.path.dirname(path)) == ["a.gold"]


answers = st.lists(
    st.sampled_from(
        [
            "accept",
            "reject",
            "skip",
            "paragraph",
            Correction("|"),
            Correction("LOC"),
            Correction("< x"),
        ]
    )
)


@settings(deadline=None, max_examples=60)
@given(given_answers=answers)
def test_no_answers_break_the_file_or_touch_what_was_decided(given_answers, tmp_path_factory):
    """Whatever is answered, every count adds up and the decided facts stay as they were."""
    path = tmp_path_factory.mktemp("walk") / "a.gold"
    path.write_text(GOLD)
    decided = confirm(str(path), answering(*given_answers)[0])
    assert decided.accepted + decided.corrected + decided.rejected + decided.left == 5
    source = path.read_text()
    for line in ("  LOC Lyon\n", "  DATE 2024 | 2024 | note: sure\n", "# an opening remark\n"):
        assert line in source
    assert source.split("+++")[1].count("\n> ") == 2
    if decided.left == 0:
        parse(source)


@pytest.mark.parametrize(
    ("line", "typed", "meant"),
    [
        ("PER Jean", "ORG", "ORG Jean"),
        ("PER Jean", "PER?", "PER? Jean"),
        ("PER? Jean", "PER", "PER Jean"),
        ("PER Jean | meto: ORG", "Jean Petit", "PER Jean Petit | meto: ORG"),
        ("PER Jean", "LOC Paris | meto: ORG", "LOC Paris | meto: ORG"),
        ("DATE mardi | 2024", "2024-03-05", "DATE mardi | 2024-03-05"),
        ("DATE mardi | 2024", "2024-03 | mod: START", "DATE mardi | 2024-03 | mod: START"),
        ("DATE mardi | 2024 | mod: START", "| mod:", "DATE mardi | 2024"),
        ("DATE mardi | T10", "TIME", "TIME mardi | T10"),
        ("DATE mardi", "-1 | mod: START", "DATE mardi | 2024-03-05TMO | mod: START"),
        ("DATE mardi | 2024", "P2Y", "DURATION mardi | P2Y"),
        ("DATE mardi | 2024", "PRESENT_REF", "DATE mardi | PRESENT_REF"),
        ("DATE mardi | 2024", "LOC mardi", "LOC mardi"),
        ("QUOTE oui | direct", "| by: elle = Ana | mixed", "QUOTE oui | mixed | by: elle = Ana"),
        ("QUOTE oui | direct | by: il", "| by: elle", "QUOTE oui | direct | by: elle"),
        ("QUOTE oui | direct | by: il", "« oui »", "QUOTE « oui » | direct | by: il"),
        ("PER Jean | note: unconfirmed", "PER Jean | note: unconfirmed", "PER Jean"),
        ("PER Jean | note: unconfirmed", "| note: both", "PER Jean | note: both"),
        ("PER Jean", "", "PER Jean"),
    ],
)
def test_what_is_typed_for_a_fact(line, typed, meant):
    found = retyped(read_fact(line, 1), typed, date(2024, 3, 6), "mardi matin")
    assert write_fact(found) == write_fact(read_fact(meant, 1))


@pytest.mark.parametrize(
    ("line", "typed", "says"),
    [
        ("PER Jean", "DATE", "DATE is a label of another kind"),
        ("PER Jean", "| by: il", "unknown field of entity 'by'"),
        ("QUOTE oui | direct", "| neither", "unknown type of quote"),
        ("PER Jean", "<+", "a < that is no sign"),
        ("DATE mardi", "bientôt", "'bientôt'"),
    ],
)
def test_what_cannot_be_meant_is_told(line, typed, says):
    with pytest.raises(GoldError, match=says):
        retyped(read_fact(line, 1), typed, date(2024, 3, 6), "mardi")


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


def test_answers_come_from_standard_input(path, capsys, monkeypatch):
    answers = "a\nx\nr\ne\n-1\na\na\ny\n"
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    assert call("confirm", path, "--by", "mb") == 0
    said = capsys.readouterr()
    assert f"{path}:15: 5 left\n  [Marie Lefort] a dit « Oui, nous irons » mardi" in said.out
    assert "  DATE     mardi\n" in said.out
    assert "  DATE     mardi | 2024-03-05\n           mardi 5 mars 2024, " in fold(said.out)
    assert "QUOTE @q2 « Et vous ? | direct" in said.out
    assert said.out.endswith("3 accepted, 1 corrected, 1 rejected, 0 left\n")
    assert "'x' is none of a, r, e, s, p, q" in said.err
    assert labels(path).status == "single"
    assert labels(path).by == ("mb",)
    parse(Path(path).read_text())


@pytest.mark.parametrize("last", ["n\n", ""])
def test_the_article_is_finished_when_its_labeller_says_so(path, monkeypatch, last):
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\na\ne\n2024-03-05\na\na\n" + last))
    assert call("confirm", path) == 0
    assert labels(path).status == "draft"


def test_the_reading_of_a_date_is_shown(path, capsys, monkeypatch):
    source = GOLD.replace("DATE mardi |", "DATE mardi | 2024-03-05 |")
    Path(path).write_text(source)
    monkeypatch.setattr(sys, "stdin", io.StringIO("s\ns\ns\n"))
    assert call("confirm", path) == 0
    said = fold(capsys.readouterr().out)
    assert "  DATE     mardi | 2024-03-05\n           mardi 5 mars 2024, " in said
    assert said.endswith("0 accepted, 0 corrected, 0 rejected, 5 left\n")


def test_all_without_asking(path, capsys):
    assert call("confirm", path, "--all", "--paragraph", 2) == 0
    assert capsys.readouterr().out == "1 accepted, 0 corrected, 0 rejected, 0 left\n"
    assert call("confirm", path, "--all") == 2
    said = capsys.readouterr()
    assert said.out == "3 accepted, 0 corrected, 0 rejected, 1 left\n"
    assert said.err.startswith(f"{path}:18: not accepted: a DATE without a value; ")


def test_quitting_ends_the_walk_over_several_files(path, capsys, monkeypatch, tmp_path):
    (tmp_path / "b.gold").write_text(GOLD.replace('id        = "a"', 'id        = "b"'))
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\na\n"))
    assert call("confirm", tmp_path) == 0
    assert "b.gold" not in capsys.readouterr().out
    assert call("confirm", tmp_path, "--paragraph", 1) == 2
    assert "--paragraph is for one file" in capsys.readouterr().err


def test_on_a_terminal_one_key_is_an_answer(path, capsys, monkeypatch):
    """Control-D quits, as the end of standard input does."""
    keys = iter("RS\x04")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.getchar", lambda: next(keys))
    assert call("confirm", path) == 0
    assert capsys.readouterr().out.endswith("0 accepted, 0 corrected, 1 rejected, 4 left\n")


def test_an_article_that_is_no_draft_is_not_finished_again(path, capsys, monkeypatch):
    Path(path).write_text(GOLD.replace('status = "draft"', 'status = "adjudicated"'))
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\na\ne\n2024-03-05\na\na\ny\n"))
    assert call("confirm", path) == 0
    assert "nothing is left" not in capsys.readouterr().out
    assert labels(path).status == "adjudicated"


def test_words_in_the_fact_and_in_its_speaker_are_shown_once(path, capsys, monkeypatch):
    Path(path).write_text(GOLD.replace("by: Marie Lefort | cue", "by: nous | cue"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("s\n"))
    assert call("confirm", path) == 0
    assert "  Marie Lefort a dit [« Oui, nous irons »] mardi à Lyon." in capsys.readouterr().out


def test_what_is_probably_wrong_is_told_and_may_be_accepted(path, capsys, monkeypatch):
    text = "Il part vers 2025."
    source = GOLD.split("# an opening")[0].replace(sha256(TEXT), sha256(text))
    source += f"> {text}\n  DATE 2025 | 2025 | note: unconfirmed\n"
    Path(path).write_text(source)
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\n"))
    assert call("confirm", path) == 0
    said = capsys.readouterr().out
    assert "  probably wrong: '2025' stands behind 'vers' and has no mod:" in said
    assert "1 accepted" in said
    Path(path).write_text(source.replace("| 2025", "| 2025 | mod: APPROX"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\n"))
    assert call("confirm", path) == 0
    assert "probably wrong:" not in capsys.readouterr().out


def test_the_lines_of_a_paragraph_begin_below_each_other(path, capsys, monkeypatch):
    text = GOLD.replace(" mardi à Lyon.", "\n> mardi à Lyon.", 1)
    assert text != GOLD
    Path(path).write_text(text)
    monkeypatch.setattr(sys, "stdin", io.StringIO("s\n"))
    assert call("confirm", path) == 0
    said = capsys.readouterr().out
    assert "  [Marie Lefort] a dit « Oui, nous irons »\n  mardi à Lyon." in said
