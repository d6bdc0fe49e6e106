"""Standard output and error: escaped however the text comes, and apart for what is not the command's."""

import io
import itertools
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shown_text import commands, nasty, unseen

from factharness.backends.printed import Escaped, aside, escaped, raw
from factharness.escape import terminal


@given(nasty, st.lists(st.integers(0, 60)))
def test_text_in_pieces_makes_no_command_and_hides_nothing(text, cuts):
    below = io.StringIO(newline="")
    stream = Escaped(below)
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    for start, end in itertools.pairwise(places):
        assert stream.write(text[start:end]) == end - start
        assert not commands(below.getvalue())  # nor after a part of it
    assert not unseen(below.getvalue())
    if len(places) == 2:
        assert below.getvalue() == terminal(text)


def test_a_command_that_comes_in_pieces_is_none():
    below = io.StringIO()
    stream = Escaped(below)
    for piece in (
        ":",
        ":error::x\n",
        "##",
        "[group]\n",
        "  ",
        "::",
        "a\n",
        "y" * 500,
        "::b",
        ":\n",
    ):
        stream.write(piece)
    assert below.getvalue() == f":\\:error::x\n##\\[group]\n  \\::a\n{'y' * 500}::b:\n"


def test_the_end_of_a_long_line_is_not_taken_for_its_beginning():
    below = io.StringIO()
    stream = Escaped(below)
    for piece in ("y", " " * 500, "::b"):
        stream.write(piece)
    assert below.getvalue() == f"y{' ' * 500}::b"


def test_a_carriage_return_of_others_ends_a_line():
    below = io.StringIO()
    stream = Escaped(below, turns=True)
    stream.write("10 %\r20 %\r\n\r::error")
    assert below.getvalue() == "10 %\n20 %\n\n\\::error"


def test_bytes_are_no_text():
    with pytest.raises(TypeError):
        Escaped(io.StringIO()).write(b"")


def test_colours_of_rich_are_not_escaped(monkeypatch):
    from rich.console import Console
    from rich.text import Text

    below = io.StringIO()
    monkeypatch.setattr(sys, "stdout", below)
    with escaped(), aside():
        console = Console(file=sys.stdout, force_terminal=True, color_system="standard")
        console.print(Text("été", style="bold cyan"))
        print("\x1b[31m")
    assert raw(Escaped(Escaped(below))) is below
    assert sys.stdout is below
    assert "\x1b[31m" not in below.getvalue()


def test_both_streams_are_themselves_again(monkeypatch):
    out, err = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)

    def work():
        print("to the other")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), escaped(), aside():
        work()
    assert (sys.stdout, sys.stderr) == (out, err)
    assert (out.getvalue(), err.getvalue()) == ("", "to the other\n")


@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_closed_stream_stays_closed(monkeypatch, closed):
    monkeypatch.setattr(sys, closed, None)
    with escaped(), aside():
        assert getattr(sys, closed) is None


SCRIPT = """
import ctypes, os, subprocess, sys
from factharness.backends.printed import aside, aside_for_good, escaped
def others():
    print("::error::python")
    print("##[error]logged", file=sys.stderr)
    ctypes.CDLL(None).printf(b"c\\n")
    os.write(1, b"descriptor\\n")
    subprocess.run([sys.executable, "-c", "print('child')"])
if sys.argv[1] == "aside":
    print("before")
    with escaped(), aside():
        others()
    print("after")
else:
    aside_for_good()
    others()
"""


@pytest.mark.parametrize(("how", "out"), [("aside", "before\nafter\n"), ("for good", "")])
def test_what_others_print_goes_to_standard_error(how, out):
    environment = {name: os.environ[name] for name in os.environ if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, how],
        env=environment,  # where C holds back what it prints
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == out
    assert sorted(done.stderr.splitlines()) == sorted(
        ["\\::error::python", "#\\#[error]logged", "c", "descriptor", "child"]
    )
