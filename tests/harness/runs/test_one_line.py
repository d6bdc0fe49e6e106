"""Back ends on one line: what they are read as, and that a saved suite is read as the same."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from factharness.errors import SuiteError
from factharness.runs.one_line import read_backend, saved, with_backends
from factharness.runs.suite import BackendSpec, GateSpec, Suite, SuiteSpec, read, written

HERE = Path()


@pytest.mark.parametrize(
    ("text", "name", "use", "options"),
    [
        ("rules", "rules", "rules", {}),
        ("rules()", "rules", "rules", {}),
        ("spacy(model=fr_core_news_md)", "spacy-fr_core_news_md", "spacy", {"model": "fr_core_news_md"}),
        ("rules(kinds=[date])", "rules-date", "rules", {"kinds": ["date"]}),
        ("big=spacy(model = fr_core_news_lg , parse = false)", "big", "spacy",
         {"model": "fr_core_news_lg", "parse": False}),
        ("file:mine.py:build", "mine", "file:mine.py:build", {}),
        ("mine=file:a/b c.py:build(n=3, x=-1.5)", "mine", "file:a/b c.py:build", {"n": 3, "x": -1.5}),
        ('llm(model="a,b(c)", labels={Person = PER, Place = "LOC"})', "llm-a-b-c-Person-PER-Place-LOC",
         "llm", {"model": "a,b(c)", "labels": {"Person": "PER", "Place": "LOC"}}),
        ("spacy(model=models/fr.v2/best)", "spacy-best", "spacy", {"model": "models/fr.v2/best"}),
    ],
)  # fmt: skip
def test_a_back_end_on_one_line(text, name, use, options):
    spec = read_backend(text, HERE)
    assert (spec.name, spec.use, spec.options) == (name, use, options)


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("file:mine.py", 1, "a back end, such as rules or file:mine.py:build"),
        ("", 1, "a back end"),
        ("(a=1)", 1, "a back end"),
        ("spacy(", 7, "the name of an option, or )"),
        ("spacy(model)", 12, "="),
        ("spacy(model=)", 13, "a value"),
        ("spacy(model=a", 14, ", or )"),
        ("spacy(model=a) b", 16, "the end"),
        ("spacy(a=[1", 11, ", or ]"),
        ("spacy(a=1, a=2)", 12, "another name than a"),
        ('spacy(a="\\q")', 9, "a text in quotes"),
    ],
)
def test_the_place_is_shown_where_a_line_cannot_be_read(text, place, expected):
    with pytest.raises(SuiteError) as caught:
        read_backend(text, HERE)
    said = str(caught.value)
    assert f"at character {place}:" in said
    assert f"^ expected {expected}" in said
    pointer = next(line for line in said.splitlines() if "^ expected" in line)
    assert pointer.index("^") == place + 1  # two spaces of indentation


SUITE = Suite("s", "s.toml", SuiteSpec(("depeches",)), (BackendSpec("rules", "rules"),), GateSpec())


def test_names_of_the_suite_are_taken_and_others_added():
    suite, names = with_backends(SUITE, ["rules", "rules(kinds=[date])"])
    assert names == ("rules", "rules-date")
    assert [spec.name for spec in suite.backends] == ["rules", "rules-date"]
    with pytest.raises(
        SuiteError, match=r"unknown back end 'rule' in suite 's'.*did you mean 'rules'"
    ):
        with_backends(SUITE, ["rule"])
    for name in ("rules", "RULES"):
        with pytest.raises(SuiteError, match=rf"called '{name}'.*-b 'other=rules\(kinds"):
            with_backends(SUITE, [f"{name}=rules(kinds=[date])"])
    mine = replace(SUITE, backends=(BackendSpec("spacy", "mine"),))
    with pytest.raises(SuiteError, match=r"'mine' is a back end of suite 's'.*'spacy\(…\)'"):
        with_backends(mine, ["mine(gpu=true)"])


values = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@given(st.dictionaries(st.from_regex(r"[a-z_]+", fullmatch=True), values, max_size=3))
def test_a_written_suite_is_read_as_the_same(tmp_path_factory, options):
    spec = BackendSpec("spacy", "one", options, map={"A b": "LOC"}, repeat=3)
    suite = Suite(
        "s", "", SuiteSpec(("depeches",), ("strict",)), (spec,), GateSpec(rules=("errors == 0",))
    )
    path = tmp_path_factory.mktemp("suite") / "s.toml"
    path.write_text(written(suite), encoding="utf-8")
    again = read(path)
    assert (again.suite, again.backends, again.gate) == (suite.suite, suite.backends, suite.gate)


def test_a_saved_suite_finds_its_files_from_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("gold", "suites"):
        (tmp_path / folder).mkdir()
    (tmp_path / "mine.py").touch()
    suite, names = with_backends(SUITE.on(["gold", "depeches"]), ["file:mine.py:build"])
    target = tmp_path / "suites" / "mine.toml"
    target.write_text(saved(suite, names, target.parent), encoding="utf-8")
    again = read(target)
    assert again.suite.goldsets == ("../gold", "depeches")
    assert [(spec.name, spec.use) for spec in again.backends] == [("mine", "file:../mine.py:build")]
