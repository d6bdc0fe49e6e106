"""The schema of suites: what the reader accepts is valid by it, and what it refuses for its form is not."""

import importlib.util
import json
import re
import tomllib
from pathlib import Path

import pytest

from factharness.backends.registry import BUILT_IN, build
from factharness.errors import BackendError, ScoreError, SuiteError
from factharness.gold.header import toml_key, toml_value
from factharness.runs.suite import BackendSpec, GateSpec, SuiteSpec, read
from factharness.score.evaluation import regimes_of

jsonschema = pytest.importorskip("jsonschema")

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "docs" / "site" / "published" / "suite.schema.json"
SCHEMA = json.loads(PUBLISHED.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
TABLES = {"suite": SuiteSpec, "backend": BackendSpec, "gate": GateSpec}


def module():
    spec = importlib.util.spec_from_file_location(
        "suite_schema", ROOT / "docs" / "site" / "suite_schema.py"
    )
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def shown():
    """Every suite of the repository: the files, and the blocks of the pages."""
    for folder in ("suites", "examples", "harness/factharness/starter"):
        for path in sorted((ROOT / folder).rglob("*.toml")):
            text = path.read_text(encoding="utf-8")
            if "[[backend]]" in text:
                yield path.relative_to(ROOT).as_posix(), text
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        blocks = re.findall(r"^```toml[^\n]*\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
        for number, block in enumerate(blocks):
            if "[suite]" in block and "[[backend]]" in block:
                yield f"{page.name} {number}", block


SHOWN = dict(shown())


def properties(table):
    told = SCHEMA["properties"][table]
    return (told["items"] if table == "backend" else told)["properties"]


def test_the_published_schema_is_that_of_this_version():
    # After a change that is meant: python docs/site/suite_schema.py > docs/site/published/suite.schema.json
    assert PUBLISHED.read_text(encoding="utf-8") == module().schema()
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_has_the_keys_of_the_reader_and_says_what_each_is():
    for table, struct in TABLES.items():
        assert set(properties(table)) == set(struct.__struct_fields__)
        assert all(len(told["description"]) > 20 for told in properties(table).values())


def test_there_are_suites_to_try():
    assert {"suites/default.toml", "examples/own_backend/gazetteer.toml"} <= SHOWN.keys()
    assert sum(".md" in name for name in SHOWN) >= 5


@pytest.mark.parametrize("name", SHOWN)
def test_every_suite_of_the_repository_is_valid(name, tmp_path):
    path = tmp_path / "a.toml"
    path.write_text(SHOWN[name], encoding="utf-8")
    read(path)
    assert [error.message for error in VALIDATOR.iter_errors(tomllib.loads(SHOWN[name]))] == []


def written(suite):
    """A suite as TOML: tables of key and value, `backend` a list of them."""
    lines = []
    for name, told in suite.items():
        for table in told if isinstance(told, list) else [told]:
            lines.append(f"[[{name}]]" if isinstance(told, list) else f"[{name}]")
            lines += [f"{toml_key(key)} = {toml_value(value)}" for key, value in table.items()]
    return "\n".join(lines) + "\n"


def refusal(folder, suite):
    """Why the reader refuses a suite; "" when it accepts it."""
    path = folder / "a.toml"
    path.write_text(written(suite), encoding="utf-8")
    try:
        read(path)
    except SuiteError as error:
        return str(error)
    return ""


GOOD = {"suite": {"goldsets": ["a"]}, "backend": [{"use": "rules"}], "gate": {"rules": []}}


@pytest.mark.parametrize("table", TABLES)
def test_both_refuse_a_key_that_is_not_there(table, tmp_path):
    assert (refusal(tmp_path, GOOD), VALIDATOR.is_valid(GOOD)) == ("", True)
    one = GOOD[table][0] if table == "backend" else GOOD[table]
    bad = GOOD | {table: [one | {"nam": "a"}] if table == "backend" else one | {"nam": "a"}}
    assert "unknown key 'nam'" in refusal(tmp_path, bad)
    (error,) = VALIDATOR.iter_errors(bad)
    assert "'nam' was unexpected" in error.message
    assert not VALIDATOR.is_valid(GOOD | {"other": {}})
    assert "unknown key 'other'" in refusal(tmp_path, GOOD | {"other": {}})


NAMES = ["rules", "spacy"]
BAD = [3, "x", ["x"], [3], {"x": 3}, {"x": ["a", "b"]}, ["a", "a"], True]
"""Values that most keys refuse."""
LATER = {
    "regimes": [["x"], ["a", "a"]],
    "options": [{"x": 3}, {"x": ["a", "b"]}],
    "matrix": [{"x": ["a", "b"]}],
}
"""Values that are refused when the suite is run; tests of their own are below."""
VALUES = {
    "goldsets": [["a"], ["a", "../b"]],
    "regimes": [["strict"], ["partial", "iou@0.7", "value"]],
    "slices": [[], ["rubrique"]],
    "variants": [[], ["capitals", "ocr"], ["ocr", "ocr"]],
    "use": ["rules", "spacy", "plugged-in", "file:a.py:build", "vote", "union"],
    "name": ["a", "b"],
    "options": [{}, {"kinds": ["date"]}],
    "map": ["wikiner", {"GPE": "LOC"}, {}],
    "matrix": [{}, {"kinds": [["date"], ["entity"]]}, {"kinds": []}],
    "repeat": [1, 2, 100, 0, 101],
    "of": [NAMES, ["rules"], []],
    "kinds": [["date"], [], ["date", "date"]],
    **{
        key: ["rules", {"vote": NAMES}, {"vote": ["rules"]}, {"most": NAMES}, {}]
        for key in ("entities", "dates", "quotes")
    },
    "baseline": ["b.json"],
    "rules": [[], ["errors == 0"]],
}

FORM = re.compile(
    r"Expected|unknown (key|variant|kind|way|label map)|repeat = |has no value|ways\b"
)
"""What the reader says of a suite whose form is wrong, as against one whose back ends do not fit together."""


BACKENDS = {
    "plug-in": {"use": "rules", "name": "p"},
    "hybrid": {"name": "h", "dates": "rules"},
    "combination": {"name": "c", "use": "vote", "of": NAMES},
    "nothing": {"name": "n"},
}


def variations():
    """Suites that differ from a good one in one key: each key with each of its values and each bad one."""
    for table, struct in TABLES.items():
        for key in struct.__struct_fields__:
            for value in VALUES[key] + [bad for bad in BAD if bad not in LATER.get(key, ())]:
                if table != "backend":
                    yield GOOD | {table: GOOD[table] | {key: value}}
                    continue
                for begun in BACKENDS.values():
                    parts = [{"use": name} for name in NAMES]
                    yield GOOD | {"backend": [*parts, begun | {key: value}]}


def test_what_the_reader_accepts_is_valid_and_a_wrong_form_is_not(tmp_path):
    told = {"accepted": 0, "wrong": 0}
    for suite in variations():
        said = refusal(tmp_path, suite)
        valid = VALIDATOR.is_valid(suite)
        if not said:
            told["accepted"] += 1
            assert valid, suite
        elif FORM.search(said):
            told["wrong"] += 1
            assert not valid, (said, suite)
    assert min(told.values()) > 50


@pytest.mark.parametrize("name", BUILT_IN)
def test_options_that_it_refuses_are_refused_by_the_back_end(name):
    bad = GOOD | {"backend": [{"use": name, "options": {"no_such_option": 1}}]}
    (error,) = VALIDATOR.iter_errors(bad)
    assert "'no_such_option' was unexpected" in error.message
    with pytest.raises(BackendError, match="no_such_option"):
        build(name, {"no_such_option": 1})
    several = GOOD | {"backend": [{"use": name, "matrix": {"no_such_option": [1, 2]}}]}
    assert not VALIDATOR.is_valid(several)


def test_a_regime_that_it_refuses_is_refused_by_the_scorer():
    choices, _ = properties("suite")["regimes"]["items"]["anyOf"]
    for regime in [*choices["enum"], "iou@0.65"]:
        regimes_of("date", [regime])
        assert VALIDATOR.is_valid(GOOD | {"suite": {"goldsets": ["a"], "regimes": [regime]}})
    assert not VALIDATOR.is_valid(GOOD | {"suite": {"goldsets": ["a"], "regimes": ["strickt"]}})
    with pytest.raises(ScoreError, match="strickt"):
        regimes_of("date", ["strickt"])
