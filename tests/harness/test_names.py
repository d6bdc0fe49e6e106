"""Names that become file names: whatever is let through stays in its folder, on any system."""

from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factharness.names import LONGEST, as_name, name_problem


@given(st.text() | st.from_regex(r"[\w.-]+", fullmatch=True))
@example("..")
@example("a/../../b")
def test_a_name_is_one_step_into_a_folder(name):
    if name_problem(name) is None:
        for kind in (Path, PureWindowsPath):
            assert kind("folder", name).parent == kind("folder")
            assert kind("folder", name).name == name
        assert name.isprintable()
        assert len(f"{name}.jsonl".encode()) < 255


@given(st.text())
@example("nul")
@example("é" * 300)
@example("\udce9")
@example("..")
def test_a_name_is_made_of_any_text(text):
    assert name_problem(as_name(text, "article")) is None


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{5,50}", fullmatch=True))
def test_a_name_is_made_of_a_name_as_it_is(name):
    assert as_name(name, "article") == name.rstrip("-_")


@pytest.mark.parametrize(
    "name", ["rules", "fr_core-news.3", "Élan", "a", "2024-03-05-pont", "é" * 100]
)
def test_usual_names_are_names(name):
    assert name_problem(name) is None


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        *((name, "is not a name") for name in ("", ".", "..", ".git", "-b", "_x", "a.", "a b")),
        *((name, "is not a name") for name in ("../../evil", "a/b", "a\\b", "/etc", "c:x")),
        *((name, "is not a name") for name in ("a\0", "a\x1b[2J", "a\nb", "a\n", "a|b", "\u202ea")),
        *((name, "on Windows") for name in ("con", "NUL", "nul.txt", "Com1", "LPT9.a.b")),
        ("a" * (LONGEST + 1), "longer than"),
        ("é" * 101, "longer than"),
    ],
)
def test_what_is_no_name_everywhere_is_told(name, problem):
    assert problem in name_problem(name)
    assert name_problem(name).isprintable()
