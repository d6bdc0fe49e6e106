"""Standard output that is closed, full, or in an encoding without French typography."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import streams

MINI = Path(__file__).resolve().parents[2] / "data" / "goldsets" / "mini"
FULL = Path("/dev/full")
COMMANDS = {
    "help": (0, "--help"),
    "a report": (0, "report", "out"),
    "a failed gate": (1, "check", "out"),
    "colours": (0, "gold", "show", str(MINI / "2024-03-07-conseil.gold")),
}
"""Each way of printing, and the exit code that the command has of its own."""

posix = pytest.mark.skipif(os.name != "posix", reason="needs the pipes and shells of POSIX")
full = pytest.mark.skipif(not FULL.exists(), reason="needs /dev/full")
gate_and_colours = pytest.mark.parametrize("command", list(COMMANDS.values())[2:])
each_command = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)


@pytest.fixture
def stored(shell):
    """A folder with a run in ``out`` whose gate fails."""
    gate = '[gate]\nrules = ["capitals.date.value.f1 >= 0.9"]\n'
    assert shell("run", shell.suite(more=gate), "-o", "out", "-q").returncode == 0
    return shell


@pytest.fixture
def closed_pipe():
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


BUFFERING_AND_ENCODING = {"PYTHONUNBUFFERED", "PYTHONIOENCODING", "PYTHONUTF8"}


def run(shell, args, *, environment=(), wrapped=(), **more):
    return subprocess.run(
        [*wrapped, *shell.command(*args)],
        env={
            key: value
            for key, value in shell.environment.items()
            if key not in BUFFERING_AND_ENCODING
        }
        | dict(environment),
        cwd=shell.folder,
        timeout=120,
        check=False,
        **({"capture_output": True} | more if "stdout" not in more else more),
    )


@posix
@each_command
def test_a_closed_pipe_has_an_exit_code_of_its_own(stored, closed_pipe, command):
    answer = run(stored, command[1:], stdout=closed_pipe, stderr=subprocess.PIPE)
    assert (answer.returncode, answer.stderr) == (streams.CLOSED_PIPE, b"")


@posix
def test_a_closed_pipe_for_errors_does_not_change_the_exit_code(stored, closed_pipe):
    for args, code in ((("report", "nowhere"), 2), (("repport",), 2), (("check", "out"), 1)):
        answer = run(stored, args, stdout=subprocess.PIPE, stderr=closed_pipe)
        assert answer.returncode == code
    answer = run(stored, ["run", "mine.toml"], stdout=subprocess.PIPE, stderr=closed_pipe)
    assert answer.returncode in (0, streams.CLOSED_PIPE)
    assert b"capitals" in answer.stdout


@full
@gate_and_colours
def test_a_full_disk_is_an_error_that_says_so(stored, command):
    with FULL.open("wb") as output:
        answer = run(stored, command[1:], stdout=output, stderr=subprocess.PIPE)
    assert answer.returncode == 2
    assert answer.stderr.decode().startswith("factharness: cannot write: No space left on device;")
    assert answer.stderr.count(b"\n") == 1


@full
def test_a_full_disk_for_errors_does_not_change_the_exit_code(stored):
    with FULL.open("wb") as output:
        answer = run(stored, ["report", "nowhere"], stdout=output, stderr=output)
    assert answer.returncode == 2


@posix
@gate_and_colours
def test_a_closed_output_is_none(stored, command):
    code, *args = command
    answer = run(stored, args, wrapped=("sh", "-c", 'exec "$@" >&-', "sh"))
    assert (answer.returncode, answer.stdout, answer.stderr) == (code, b"", b"")


@posix
def test_no_file_takes_the_place_of_a_closed_output(shell):
    (shell.folder / "noisy.py").write_text(
        "import os\nclass Noisy:\n    kinds = frozenset({'date'})\n"
        "    def fingerprint(self): return {}\n"
        "    def extract(self, articles):\n"
        "        for _ in articles:\n            os.write(1, b'noise' * 1000)\n            yield []\n"
        "def build(): return Noisy()\n",
        encoding="utf-8",
    )
    suite = shell.suite(backends='[[backend]]\nuse = "file:noisy.py:build"\nname = "noisy"\n')
    answer = run(shell, ["run", suite], wrapped=("sh", "-c", 'exec "$@" <&- >&-', "sh"))
    assert answer.returncode == 0
    written = [path for path in shell.folder.rglob("*") if path.is_file() and path.suffix != ".py"]
    assert len(written) > 5
    assert not [path for path in written if b"noisenoise" in path.read_bytes()]


@gate_and_colours
@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_an_encoding_without_typography_loses_typography(stored, command, encoding):
    code, *args = command
    environment = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    answer = run(stored, args, environment=environment)
    assert (answer.returncode, answer.stderr) == (code, b"")
    assert answer.stdout


@given(
    text=st.text(st.characters(codec=None) | st.sampled_from("«œ–…’”\u202f＂＼｜é")),
    encoding=st.sampled_from(["ascii", "latin-1", "cp1252", "cp850", "utf-8"]),
)
def test_any_text_can_be_written_and_no_character_of_json_or_tables_is_made(text, encoding):
    streams.prepare()
    written = text.encode(encoding, streams.PLAINLY).decode(encoding)
    assert all(written.count(special) == text.count(special) for special in '"\\\n\x1b|@')


@pytest.mark.parametrize(
    ("text", "encoding", "written"),
    [
        ("« Où… – l’œuf »", "latin-1", "« Où... - l'oeuf »"),
        ("« Où… – l’œuf »", "ascii", "<< Ou... - l'oeuf >>"),
        ("rules*†  0.977▲  0.955△", "ascii", "rules*+  0.977!  0.955^"),
        ("« Où… – l’œuf » 10\u202f000 ≥ 3", "cp1252", "« Où… – l’œuf » 10 000 >= 3"),
        ("東 \ud800 😀", "latin-1", "? ? ?"),
    ],
)
def test_the_letters_are_the_nearest_ones(text, encoding, written):
    streams.prepare()
    assert text.encode(encoding, streams.PLAINLY).decode(encoding) == written


def test_the_package_is_a_command_too(shell):
    answer = subprocess.run(
        [sys.executable, "-m", "factharness", "report", "nowhere"],
        capture_output=True,
        env=shell.environment,
        cwd=shell.folder,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert answer.stderr.startswith("factharness: nowhere/run.json: no such file")
