"""Batches are saved into the file, and nothing that was acknowledged is lost or done twice."""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from label_articles import TEXT, change, date_fact, entity, source
from msgspec import structs

from factharness.errors import GoldError, OutputError
from factharness.gold.header import read_header
from factharness.label import session as sessions
from factharness.label.journal import journal_folder, journal_of, prune
from factharness.label.operations import Operation, Walked, apply
from factharness.label.session import Session
from factharness.label.wire import Refused, Save

ALICE, BRIVAC, MARC = entity("Alice Rey"), entity("Brivac", "LOC"), entity("Marc Osse")
EVERY = [Operation(visit=number) for number in range(3)]


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "essai.gold"
    put(file, source(title="Un titre"))
    return file


@pytest.fixture
def opened(path):
    """Opens the article; what is open in the end is closed."""
    here = []

    def open_(by="mb"):
        here.append(Session(path, by))
        return here[-1]

    yield open_
    for session in here:
        session.close()


class Killed(BaseException):
    pass


def die(*_args):
    raise Killed


def killed(session):
    """End a session as a kill does: files are closed, nothing else is done."""
    session.journal._file.close()
    session.journal._lock.close()
    session.close = lambda: None


def save(session, *operations, tab="t", number=None, hash=None):
    number = number if number is not None else time.monotonic_ns()
    return session.save(Save(hash or session.hash, tab, number, tuple(operations)))


def text_of(path):
    return path.read_text(encoding="utf-8")


def put(path, text):
    path.write_text(text, encoding="utf-8")


def labels_of(path):
    return read_header(text_of(path).split("+++")[0]).labels


def test_a_batch_is_in_the_file_when_it_is_answered(path, opened):
    answer = save(opened(), change(after=ALICE), change(after=date_fact("mardi", "2024-03-05")))
    assert "  PER      Alice Rey\n  DATE     mardi | 2024-03-05\n" in text_of(path)
    assert answer.facts == 2
    assert not answer.changed
    assert not answer.conflicts
    assert (
        answer.lines[0][1].reading == "mardi 5\N{NO-BREAK SPACE}mars 2024, jour de la publication"
    )
    assert answer.lines[0][1].fact == 1
    assert (
        text_of(path).splitlines()[answer.lines[0][1].line - 1].strip() == answer.lines[0][1].text
    )
    assert labels_of(path).by == ("mb",)


def test_the_check_is_live(opened):
    answer = save(opened(), change(after=date_fact("mardi", "2024-03-06")))
    (problem,) = [problem for problem in answer.problems if "mardi" in problem.message]
    assert problem.level == "error"
    assert problem.paragraph == 0
    assert problem.spans == date_fact("mardi", None).spans


def test_a_batch_with_wrong_words_changes_nothing(path, opened):
    session, before = opened(), text_of(path)
    with pytest.raises(GoldError, match="the text at"):
        save(session, change(after=ALICE), structs.replace(change(after=MARC), words=("Marc",)))
    assert text_of(path) == before
    assert not session.journal.entries


def test_a_batch_that_is_sent_again_is_not_done_again(path, opened):
    session = opened()
    first = save(session, change(after=ALICE), number=1)
    save(session, change(ALICE), number=2)
    walk = Operation(reviewed=Walked(("rules",), 2, 1, 0))
    for _ in range(2):
        again = save(session, walk, change(after=ALICE), number=1, hash=first.hash)
    assert again.facts == 0
    assert labels_of(path).proposed is None


def test_what_the_file_got_elsewhere_is_kept(path, opened):
    session = opened()
    shown = session.hash
    put(
        path, text_of(path).replace("dit Alice Rey.\n", "dit Alice Rey.\n# mine\nLOC Brivac <#2>\n")
    )
    answer = save(session, change(after=ALICE), hash=shown)
    assert (answer.changed, answer.changed_by) == (True, "file")
    assert answer.state == session.draft.facts
    assert "  # mine\n  LOC      Brivac <#2>\n" in text_of(path)
    assert "PER      Alice Rey" in text_of(path)
    later = save(session, change(after=BRIVAC), hash=answer.hash)
    assert not later.changed
    assert later.state is None


def test_a_conflict_is_listed_and_loses_nothing(path, opened):
    session = opened()
    save(session, change(after=ALICE), change(after=BRIVAC))
    put(path, text_of(path).replace("  PER      Alice Rey\n", "  PER      Alice Rey | note: who\n"))
    before = text_of(path)
    answer = save(session, change(ALICE, entity("Alice Rey", "MISC")), change(BRIVAC), EVERY[0])
    assert [conflict.operation.before for conflict in answer.conflicts] == [ALICE]
    assert text_of(path) == before
    assert answer.state == session.draft.facts
    assert session.journal.entries[-1].refused
    session.close()
    assert '"refused":true' in journal_of(path).read_text()
    assert opened().visited == set()


def test_a_file_that_cannot_be_read_any_more_is_not_touched(path, opened):
    session = opened()
    save(session, change(after=ALICE))
    broken = text_of(path).replace("PER      Alice Rey", "PER      Alice Roy")
    put(path, broken)
    with pytest.raises(Refused, match="changed elsewhere and cannot be read") as refused:
        save(session, change(after=BRIVAC), number=7)
    assert refused.value.status == 503
    assert refused.value.line == broken[: broken.index("Alice Roy")].count("\n") + 1
    assert text_of(path) == broken
    put(path, broken.replace("Roy", "Rey"))
    assert save(session, change(after=BRIVAC), number=7).facts == 2


def test_a_visit_does_not_rewrite_a_file(path, opened):
    path.write_bytes(b"\xef\xbb\xbf" + text_of(path).replace("\n", "\r\n").encode())
    before = path.read_bytes()
    session = opened()
    assert not save(session, EVERY[0]).changed
    assert path.read_bytes() == before
    assert not save(session, change(after=ALICE)).changed
    assert b"\r" not in path.read_bytes()


def test_a_text_that_is_changed_while_it_is_labelled_is_gone_through_again(path, opened):
    session = opened()
    save(session, EVERY[0])
    put(path, source(TEXT.replace("Tout", "Toute"), title="Un titre"))
    assert save(session, EVERY[1]).changed_by == "file"
    assert session.visited == {1}


def test_an_adjudicated_article_stays_adjudicated(path, opened):
    put(path, text_of(path).replace('status = "draft"', 'status = "adjudicated"'))
    session = opened()
    assert save(session, change(after=ALICE), Operation(done=True)).status == "adjudicated"
    assert save(session, Operation(done=False)).status == "adjudicated"


def test_another_tab_is_told_of(opened):
    session = opened()
    shown = session.hash
    save(session, change(after=ALICE), tab="one", hash=shown)
    save(
        session, change(after=BRIVAC), tab="one", hash=shown
    )  # sent before the answer: no surprise
    answer = save(session, change(after=MARC), tab="two", hash=shown)
    assert (answer.changed, answer.changed_by) == (True, "tab")
    assert len(answer.state) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="no locks there")
def test_a_second_server_is_told_of(path, opened):
    first = opened()
    with pytest.raises(Refused, match="open in another labelling page"):
        Session(path)
    first.close()
    opened()


def test_done_needs_every_paragraph(path, opened):
    session = opened()
    with pytest.raises(Refused, match="2 paragraphs were not gone through: 2, 3"):
        save(session, EVERY[0], Operation(done=True))
    assert session.visited == set()
    assert save(session, *EVERY, Operation(done=True)).status == "single"
    assert labels_of(path).status == "single"
    assert save(session, Operation(done=False)).status == "draft"


@pytest.mark.parametrize("number", [-1, 3])
def test_a_paragraph_that_is_not_there_is_refused(opened, number):
    with pytest.raises(GoldError, match="no paragraph"):
        save(opened(), Operation(visit=number))


def test_paragraphs_that_were_gone_through_are_known_later(path, opened):
    session = opened()
    save(session, EVERY[1])
    save(session, EVERY[2])
    session.close()
    assert opened().visited == {1, 2}


def test_the_header_counts_what_was_shown(path, opened):
    session = opened()
    save(session, Operation(reviewed=Walked(("rules",), 4, 2, 0)), number=1)
    save(session, Operation(reviewed=Walked(("rules",), 3, 0, 1)), number=2)
    assert (labels_of(path).proposed, labels_of(path).accepted) == (7, 2)
    assert labels_of(path).prelabel == "none"
    save(session, Operation(reviewed=Walked(("rules",), -4, -2, 0)), number=3)
    assert (labels_of(path).proposed, labels_of(path).accepted) == (3, 0)
    save(session, Operation(proposed=Walked(("rules", "spacy"), 0, 0)), number=4)
    save(session, Operation(proposed=Walked(("stanza",), 1, 1)), number=5)
    assert labels_of(path).prelabel == "rules+spacy"
    assert (labels_of(path).proposed, labels_of(path).accepted) == (4, 1)
    save(session, Operation(reviewed=Walked(("rules",), -9, -5, 0)), number=6)
    assert (labels_of(path).proposed, labels_of(path).accepted) == (0, 0)


def test_marks_that_no_back_end_saw_are_no_prelabels(path, opened):
    session = opened()
    save(session, Operation(proposed=Walked(("rules",), 2, 1)), number=1)
    assert (labels_of(path).prelabel, labels_of(path).proposed) == ("none", None)


@pytest.mark.parametrize("step", ["journal", "file", "mark"])
def test_a_kill_between_any_two_steps_loses_nothing(path, opened, step, monkeypatch):
    session = opened()
    save(session, change(after=ALICE), EVERY[0])
    if step == "journal":  # after the journal has the batch
        monkeypatch.setattr(Session, "_write", die)
    elif step == "file":  # after the file was replaced
        monkeypatch.setattr(session.journal, "written", die)
    if step == "mark":
        save(session, change(ALICE, BRIVAC), EVERY[1])
    else:
        with pytest.raises(Killed):
            save(session, change(ALICE, BRIVAC), EVERY[1])
    killed(session)
    monkeypatch.setattr(Session, "_write", WRITE)
    again = opened()
    assert again.draft.facts == (BRIVAC,)
    assert again.visited == {0, 1}
    assert again.restored == (step == "journal")
    assert not again.conflicts
    again.close()
    assert opened().restored == 0


WRITE = Session._write


FACTS = [ALICE, BRIVAC, MARC, entity("Brivac", "LOC", 2)]
PAIRS = [(one, two) for one in (None, *FACTS) for two in (None, *FACTS) if one != two]
OPERATIONS = st.sampled_from(PAIRS).map(lambda pair: change(*pair))


@given(
    st.lists(
        st.tuples(
            st.lists(OPERATIONS, min_size=1, max_size=3),
            st.integers(0, 2),
            st.sampled_from(["", "_write", "written"]),
        ),
        max_size=6,
    )
)
def test_kills_at_any_step_lose_nothing_and_do_nothing_twice(sittings):
    with TemporaryDirectory() as folder:
        path = Path(folder, "essai.gold")
        put(path, source())
        facts, visited = (), set()
        session = Session(path)
        for operations, visit, kill in sittings:
            applied = apply(facts, operations)
            facts = applied.facts
            visited |= set() if applied.conflicts else {visit}
            holder = session.journal if kill == "written" else session
            with pytest.MonkeyPatch.context() as patch:
                if kill:
                    patch.setattr(holder, kill, die)
                with suppress(Killed):
                    save(session, *operations, Operation(visit=visit))
            if kill:
                killed(session)
                session = Session(path)
                assert not session.conflicts
            assert sorted(map(repr, session.draft.facts)) == sorted(map(repr, facts))
            assert session.visited == visited
        session.close()


def test_what_was_changed_after_a_kill_is_kept(path, opened, monkeypatch):
    session = opened()
    save(session, change(after=ALICE))
    monkeypatch.setattr(sessions, "write_text", die)
    with pytest.raises(Killed):
        save(session, change(ALICE, entity("Alice Rey", "MISC")), change(after=BRIVAC))
    killed(session)
    monkeypatch.setattr(sessions, "write_text", WRITE_TEXT)
    put(path, text_of(path).replace("  PER      Alice Rey\n", ""))
    before = text_of(path)
    again = opened()
    assert (again.restored, len(again.conflicts)) == (1, 1)
    assert text_of(path) == before
    again.close()
    assert opened().restored == 0  # it is not tried again, and it is not lost
    assert '"refused":true' in journal_of(path).read_text()


WRITE_TEXT = sessions.write_text


def test_what_cannot_be_restored_now_is_restored_later(path, opened, monkeypatch):
    session = opened()
    monkeypatch.setattr(sessions, "write_text", die)
    with pytest.raises(Killed):
        save(session, change(after=ALICE))
    killed(session)

    def full(*_args):
        raise OutputError("cannot be written: No space left on device", file=path)

    monkeypatch.setattr(sessions, "write_text", full)
    with pytest.raises(OutputError, match="No space") as raised:
        Session(path)
    monkeypatch.setattr(sessions, "write_text", WRITE_TEXT)
    again = opened()  # the journal is free, though the error still has what it was open in
    assert raised.tb
    assert (again.restored, again.draft.facts) == (1, (ALICE,))


def test_a_file_that_cannot_be_written_keeps_the_batch_out(path, opened, monkeypatch):
    session = opened()

    def full(*_args):
        raise OutputError("cannot be written: No space left on device", file=path)

    monkeypatch.setattr(sessions, "write_text", full)
    with pytest.raises(OutputError):
        save(session, change(after=ALICE), number=1)
    monkeypatch.setattr(sessions, "write_text", WRITE_TEXT)
    assert not session.journal.entries
    assert not journal_of(path).read_bytes()
    assert save(session, change(after=ALICE), number=1).facts == 1


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="tells files by /proc")
def test_the_journal_is_on_disk_before_the_file_is_replaced(opened, monkeypatch):
    session, steps = opened(), []
    synced, replaced = os.fsync, os.replace

    def sync(descriptor):
        steps.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        synced(descriptor)

    def replace(old, new):
        steps.append("replace")
        replaced(old, new)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", replace)
    save(session, change(after=ALICE))
    journal, new, renamed, folder = steps
    assert journal == os.path.realpath(journal_of(session.path))
    assert os.path.dirname(new) == folder == os.path.realpath(session.path.parent)
    assert renamed == "replace"


def test_half_a_line_of_a_journal_is_cut_off(path, opened):
    session = opened()
    save(session, EVERY[0])
    killed(session)
    with open(journal_of(path), "ab") as file:
        file.write(b'{"tab":"t","number":3,"oper')
    again = opened()
    assert again.visited == {0}
    save(again, EVERY[1])
    killed(again)
    assert opened().visited == {0, 1}


def test_a_batch_that_may_not_be_in_the_file_stays_in_the_journal(path, opened, monkeypatch):
    session = opened()
    save(session, EVERY[0])
    monkeypatch.setattr(sessions, "write_text", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        save(session, change(after=ALICE))
    monkeypatch.setattr(sessions, "write_text", WRITE_TEXT)
    session.close()
    again = opened()
    assert (again.restored, again.draft.facts, again.visited) == (1, (ALICE,), {0})


def test_a_journal_that_is_none_is_not_overwritten(path, opened):
    opened().close()
    journal_of(path).write_text("no journal\n")
    with pytest.raises(OutputError, match="is not a journal") as raised:
        Session(path)
    assert journal_of(path).read_text() == "no journal\n"
    journal_of(path).unlink()
    opened()
    assert raised.tb


def test_a_finished_journal_is_removed_and_another_summed_up(path, opened):
    session = opened()
    for number in range(30):
        save(session, EVERY[number % 2])
    assert len(journal_of(path).read_text().splitlines()) == 60
    session.close()
    (line,) = journal_of(path).read_text().splitlines()
    assert json.loads(line)["visited"] == [0, 1]
    session = opened()
    save(session, EVERY[2], Operation(done=True))
    session.close()
    assert not list(journal_folder().iterdir())


def test_old_journals_are_removed_when_their_files_have_all_of_them(path, opened):
    session = opened()
    save(session, EVERY[0])
    session.close()
    prune()
    assert journal_of(path).exists()
    os.utime(journal_of(path), (0, 0))
    line = journal_of(path).read_text()
    journal_of(path).write_text(line.replace('"visited"', '"operations":[{"visit":1}],"visited"'))
    os.utime(journal_of(path), (0, 0))
    prune()
    assert journal_of(path).exists()  # a batch that may not be in the file
    journal_of(path).write_text(line)
    os.utime(journal_of(path), (0, 0))
    prune()
    assert not journal_of(path).exists()


def test_visits_of_another_text_do_not_count(path, opened):
    session = opened()
    save(session, EVERY[0])
    session.close()
    put(path, source(TEXT.replace("Tout", "Toute"), title="Un titre"))
    assert opened().visited == set()
