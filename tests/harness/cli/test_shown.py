"""What the command line shows of hostile texts and back ends: all of it to read, none of it to obey."""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from shown_text import commands, unseen

from factharness.errors import GoldError
from factharness.report.gate import SUMMARY_LIMIT

TESTS = Path(__file__).resolve().parents[2]
HOSTILE = Path(__file__).with_name("hostile_backend.py")
LINE = next(
    number
    for number, line in enumerate(HOSTILE.read_text(encoding="utf-8").splitlines(), 1)
    if line.strip().startswith("raise ValueError")
)


@pytest.fixture
def gold(shell):
    """A gold set whose words and slices would steer a terminal and a CI host."""
    copy = shell.folder / "goldsets" / "mini"
    shutil.copytree(TESTS / "data" / "goldsets" / "mini", copy)
    path = copy / "2024-03-07-conseil.gold"
    source = path.read_text(encoding="utf-8")
    source = source.replace("Le conseil", "##[error]Le\x1b[31m conseil\u202e").replace(
        "| 2024", "| 2024 ::"
    )
    source = source.replace('"local"', '"::error::|=x"')
    path.write_text(source, encoding="utf-8")
    assert shell("gold", "fmt", "--rehash", path).returncode == 0
    return copy


def suite(shell, gold, raises=False, late=False):
    options = f"options = {{ raises = {str(raises).lower()}, late = {str(late).lower()} }}"
    backends = f'[[backend]]\nuse = "file:{HOSTILE}:build"\nname = "hostile"\n{options}\n'
    rules = '["errors == 0", "new_misses <= 0", "hostile.entity.f1 >= 0.99"]'
    return shell.suite(backends=backends, more=f"[gate]\nrules = {rules}\n", goldset=gold)


def harmless(answer):
    """The answer of a command, after a look at what it printed."""
    for text in (answer.stdout, answer.stderr):
        assert not commands(text)
        assert not unseen(text)
    return answer


@pytest.mark.parametrize("jobs", [1, 2])
def test_standard_output_of_a_run_is_the_table_alone(shell, gold, jobs):
    command = shell.command("run", suite(shell, gold), "-o", "out", "-j", jobs, "--no-cache")
    done = subprocess.run(
        command,
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    harmless(done)
    assert done.stdout.startswith("mini@1, 3 articles")
    assert "below" not in done.stdout
    report = harmless(shell("report", "out")).stdout
    assert set(done.stdout.splitlines()) < set(report.splitlines())
    assert done.stderr.count("from below") == 3
    assert "\\::error::load" in done.stderr


def test_no_command_shows_more_than_text(shell, gold):
    answers = [
        shell("run", suite(shell, gold), "-o", "base"),
        shell("run", suite(shell, gold, late=True), "-o", "late", "--no-cache"),
        shell("bless", "base", "--reason", "first"),
        shell("check", "base"),
        shell("check", "late"),
        shell("compare", "base", "late", "--flips"),
        shell("compare", "base", "late", "--flips", "--json"),
        shell("score", "base", "--ensembles"),
        shell("score", "base", "--json"),
        shell("report", "base", "late"),
        shell("history", "."),
        shell("gold", "check", gold),
        shell("gold", "show", gold / "2024-03-07-conseil.gold"),
        shell("gold", "stats", gold),
        shell("gold", "stats", gold, "--json"),
        shell("gold", "agree", gold, gold),
        shell("backends", "show", f"file:{HOSTILE}:build"),
        shell("backends", "list"),
        shell("run", "\x1b[31m::error.toml"),
        shell("run", "--\x1b[31m"),
        shell("\x1b[31m"),
        shell("report", "base", "-o", "x.\x1b[31m"),
    ]
    for answer in answers:
        harmless(answer)
        assert answer.returncode != 70
    for answer in (answers[6], answers[8], answers[14]):
        json.loads(answer.stdout)
    assert "\\x1b[31m" in answers[0].stdout
    assert "lost" in answers[5].stdout or "::" in answers[5].stdout


def test_the_only_workflow_commands_are_ours(shell, gold, monkeypatch):
    shell("run", suite(shell, gold, late=True), "-o", "few", "--no-cache")
    shell("bless", "few", "--reason", "first")
    shell("run", suite(shell, gold), "-o", "more")
    summary = shell.folder / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = shell("check", "more", "--github")
    made = commands(answer.stdout)
    assert made
    assert {line.partition(" ")[0] for line in made} <= {"::error", "::warning"}
    assert all("title=" in line for line in made)
    written = summary.read_text(encoding="utf-8")
    listed = [line for line in written.splitlines() if line.startswith("- ")]
    assert any("missed" in line or "wrong" in line for line in listed)
    assert not re.search(r"[`<|]", re.sub(r"\\.", "", "".join(listed)))
    assert not unseen(written)
    path = gold / "2024-03-05-moulin.gold"
    path.write_text(path.read_text(encoding="utf-8") + "  NEIN\x1b[31m  x\n", encoding="utf-8")
    answer = shell("gold", "check", gold, "--github")
    assert answer.returncode == 2
    assert len(commands(answer.stdout)) == len(answer.stdout.splitlines())
    assert not unseen(answer.stdout)


def test_colours_of_our_own_reach_a_terminal(shell, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    path = TESTS / "data" / "goldsets" / "mini" / "2024-03-07-conseil.gold"
    assert "\x1b[1;35m2024" in shell("gold", "show", path, "--no-hints").stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_progress_bar_is_drawn_and_what_others_print_stands_above_it(shell, gold):
    import pty

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        shell.command("run", suite(shell, gold), "-o", "out", "--no-cache"),
        cwd=shell.folder,
        env=shell.environment | {"TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    with suppress(OSError):  # how a pseudo-terminal ends
        while more := os.read(ours, 4096):
            said += more
    os.close(ours)
    out, _ = process.communicate()
    assert process.returncode == 0
    shown = said.decode()
    assert "\x1b[2K" in shown  # the bar is drawn anew
    assert "\\x1b[2K" not in shown
    assert "\\::error::load" in shown
    assert "Le\\x1b[31m conseil\\u202e" in shown
    assert "\x1b[31m conseil" not in shown
    assert out.decode().startswith("mini@1, 3 articles")


def test_styles_stand_where_they_belong_in_a_text_with_escapes(shell, gold, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    shown = shell("gold", "show", gold / "2024-03-07-conseil.gold", "--no-hints").stdout
    assert "#\\#[error]Le\\x1b[31m conseil\\u202e a voté" in shown
    assert "\x1b[1;35m2024\x1b[0m. Rien" in shown


def test_an_error_is_cut_where_it_is_shown_and_whole_where_it_is_kept(shell, gold):
    answer = harmless(shell("run", suite(shell, gold, raises=True), "-o", "out", "-q"))
    shown = answer.stderr.partition("hostile failed on 2024-03-07")[2].encode()
    assert 1000 < len(shown) < 2500
    place = f"(at {HOSTILE}:{LINE})"
    assert place.encode() in shown
    assert "Traceback" not in answer.stderr
    kept = [line["error"] for line in shell.lines("out", "hostile")]
    assert min(map(len, kept)) >= 10_000
    (raised,) = (error for error in kept if error.startswith("ValueError: "))
    assert raised.endswith(place)
    verdict = harmless(shell("check", "out", "--rule", "errors == 0", "--junit", "j.xml"))
    assert verdict.returncode in (1, 3)


def test_an_error_of_building_is_cut_too(shell, gold):
    (shell.folder / "broken.py").write_text(
        "def build():\n    raise ValueError('::error::x\\n::y' + 'z' * 9000)\n", encoding="utf-8"
    )
    backends = '[[backend]]\nuse = "file:broken.py:build"\nname = "broken"\n'
    answer = harmless(shell("run", shell.suite(backends=backends, goldset=gold), "-o", "out"))
    assert len((answer.stdout + answer.stderr).encode()) < 9000
    assert "broken.py:2)" in answer.stderr
    answer = harmless(shell("extract", "file:broken.py:build", gold, "-o", "out.jsonl"))
    assert answer.returncode == 2
    assert len(answer.stderr.encode()) < 2500
    assert "broken.py:2)" in answer.stderr


@pytest.mark.parametrize("jobs", [1, 2])
def test_debug_prints_tracebacks_and_only_for_that_command(shell, gold, jobs):
    asked = ("run", suite(shell, gold, raises=True), "-q", "--no-cache", "-j", jobs)
    command = shell.command(*asked, "-o", "a", "--debug")
    done = subprocess.run(
        command,
        cwd=shell.folder,
        env=shell.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    harmless(done)
    assert done.stderr.count("Traceback (most recent call last)") == 1
    assert f'File "{HOSTILE}", line {LINE}, in helper' in done.stderr
    assert done.stdout == ""


def test_debug_ends_with_its_command(shell, gold):
    asked = ("run", suite(shell, gold, raises=True), "-q", "--no-cache")
    assert "Traceback" in harmless(shell(*asked, "-o", "a", "--debug")).stderr
    assert "Traceback" not in harmless(shell(*asked, "-o", "b")).stderr
    assert harmless(shell(*asked, "-o", "c", "--debug")).stderr.count("Traceback") == 1


def test_a_traceback_of_extract_is_printed_when_asked_for(shell, tmp_path):
    (tmp_path / "c.jsonl").write_text('{"id": "conseil", "text": "Lyon"}\n', encoding="utf-8")
    asked = ("extract", f"file:{HOSTILE}:build", "c.jsonl", "--option", "raises=true", "-o")
    assert "Traceback" not in harmless(shell(*asked, "a.jsonl")).stderr
    answer = harmless(shell(*asked, "b.jsonl", "--debug"))
    assert (answer.returncode, answer.stdout) == (3, "")
    assert f'File "{HOSTILE}", line {LINE}' in answer.stderr
    assert json.loads(Path("b.jsonl").read_text())["error"].endswith(f"(at {HOSTILE}:{LINE})")


@pytest.mark.parametrize("room", [SUMMARY_LIMIT, 2000, 10, 0])
def test_a_step_summary_counts_what_is_already_in_the_file(shell, gold, monkeypatch, room):
    shell("run", suite(shell, gold), "-o", "out")
    shell("bless", "out", "--reason", "first")
    summary = shell.folder / "summary.md"
    before = "é" * ((SUMMARY_LIMIT - room) // 2)
    summary.write_text(before, encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    answer = shell("check", "out", "--github")
    after = summary.read_text(encoding="utf-8")
    added = after[len(before) :]
    assert after.startswith(before)
    assert len(after.encode()) <= SUMMARY_LIMIT
    assert bool(added) == (room >= 2000)
    assert ("Cut here" in added) == (room == 2000)
    assert ("summary of this step is full" in answer.stderr) == (room < 2000)


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are no Unicode")
def test_a_name_that_no_record_can_hold_is_a_mistake_of_use(shell):
    folder = shell.folder / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    named = folder / "named.toml"
    named.write_bytes(shell.suite().read_bytes())
    for arguments in (("run", named, "-o", "out"), ("extract", "rules", folder, "-o", "o.jsonl")):
        answer = harmless(shell(*arguments))
        assert answer.returncode == 2
        assert "caf\\udce9" in answer.stderr
        assert "rename it" in answer.stderr


def test_an_error_that_a_command_ends_with_is_escaped(shell, monkeypatch):
    def broken(*_):
        raise GoldError("::a\n::error::b\x1b[31m", file="\x1b]0;x\x07", line=3)

    monkeypatch.setattr("factharness.gold.problems.check_paths", broken)
    answer = harmless(shell("gold", "check", "."))
    assert answer.returncode == 2
    assert "\n\\::error::b\\x1b[31m" in answer.stderr
