"""Back end ``replay``: what comes back is what was stored, and of what was not, an error."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fact_extractors import rules
from fact_extractors.records import Answer
from fact_extractors.replay import build
from factharness.errors import BackendError, ExtractionError
from factharness.facts import Article, Date, Entity, Fact, Span
from factharness.testing import AWKWARD, check_extractor

YEAR, NAME = Date(Span(3, 7), "DATE", "2024"), Entity(Span(0, 2), "PER")


def stored(path: Path, *lines: object) -> str:
    path.write_bytes(b"\n".join(msgspec.json.encode(line) for line in lines) + b"\n")
    return str(path)


def of_run(folder: Path, backends: dict[str, object], lines: dict[str, list[object]]) -> str:
    """A run directory as far as it matters here."""
    (folder / "predictions").mkdir(parents=True)
    rows = [{"name": name, "use": "x", **more} for name, more in backends.items()]  # type: ignore[dict-item]
    (folder / "run.json").write_text(json.dumps({"format": 1, "backends": rows}))
    for name, some in lines.items():
        stored(folder / "predictions" / f"{name}.jsonl", *some)
    return str(folder)


def line(article: str, *facts: Fact, goldset: str = "mini", error: str | None = None) -> object:
    said = {"error": error} if error else {"facts": facts}
    return {"goldset": goldset, "prediction": {"article_id": article, **said}, "seconds": 0.1}


def test_stored_predictions_keep_the_contract_and_are_those_of_their_maker(tmp_path: Path) -> None:
    made = list(rules.build().extract(AWKWARD))
    path = stored(
        tmp_path / "rules.jsonl",
        *(Answer(a.id, tuple(facts)) for a, facts in zip(AWKWARD, made, strict=True)),
    )
    check_extractor(build, path=path)
    again = build(path).extract(AWKWARD)
    assert [list(one) for one in again if not isinstance(one, ExtractionError)] == made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    known=st.dictionaries(st.sampled_from("abcd"), st.sampled_from([(), (NAME,), (NAME, YEAR)])),
    asked=st.lists(st.sampled_from("abcde")),
)
def test_an_unknown_article_is_an_error_and_a_known_one_is_as_stored(
    tmp_path: Path, known: dict[str, tuple[Fact, ...]], asked: list[str]
) -> None:
    path = stored(tmp_path / "x.jsonl", Answer("z", (NAME,)), *(Answer(*i) for i in known.items()))
    outcomes = list(
        build(path, kinds=["entity", "date"]).extract(Article(a, "En 2024") for a in asked)
    )
    assert len(outcomes) == len(asked)
    for name, said in zip(asked, outcomes, strict=True):
        if name in known:
            assert list(said) == list(known[name])  # type: ignore[arg-type]
        else:
            assert isinstance(said, ExtractionError)
            assert f"no prediction of article {name!r}" in str(said)


def test_a_run_directory_brings_its_kinds_and_labels(tmp_path: Path) -> None:
    backends = {
        "one": {"kinds": ["entity", "quote"], "map": "wikiner"},
        "two": {"kinds": ["date"], "map": "fr-news-1"},
    }
    path = of_run(tmp_path / "run", backends, {"one": [line("a", NAME)], "two": [line("a", YEAR)]})
    extractor = build(path, backend="one")
    assert extractor.kinds == {"entity", "quote"}
    assert extractor.label_scheme == "wikiner"
    assert list(extractor.extract([Article("a", "En 2024")])) == [[NAME]]
    with pytest.raises(BackendError, match="known: one, two"):
        build(path)


def test_the_only_back_end_of_a_run_needs_no_name_and_errors_stay_errors(tmp_path: Path) -> None:
    path = of_run(
        tmp_path / "run", {"one": {"kinds": ["date"]}}, {"one": [line("a", error="boum")]}
    )
    (said,) = build(path).extract([Article("a", "En 2024")])
    assert isinstance(said, ExtractionError)
    assert str(said) == "boum"


def test_an_article_of_two_gold_sets_is_told_apart_by_name(tmp_path: Path) -> None:
    lines = [line("a", YEAR), line("a", goldset="other"), line("b", goldset="other")]
    path = of_run(tmp_path / "run", {"one": {"kinds": ["date"]}}, {"one": lines})
    with pytest.raises(BackendError, match="twice, with different facts"):
        build(path)
    article = Article("a", "En 2024")
    assert list(build(path, goldset="mini").extract([article])) == [[YEAR]]
    assert list(build(path, goldset="other").extract([article])) == [[]]
    with pytest.raises(BackendError, match="no prediction of gold set 'moni'"):
        build(path, goldset="moni")


def test_only_the_kinds_asked_for_come_back(tmp_path: Path) -> None:
    path = stored(tmp_path / "x.jsonl", Answer("a", (NAME, YEAR)))
    assert build(path).kinds == {"entity", "date"}
    assert list(build(path, kinds=["date"]).extract([Article("a", "En 2024")])) == [[YEAR]]


def test_a_prediction_of_a_longer_text_is_not_given(tmp_path: Path) -> None:
    path = stored(tmp_path / "x.jsonl", Answer("a", (YEAR,)))
    (said,) = build(path).extract([Article("a", "En")])
    assert "made on another text" in str(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "holds no prediction"),
        (b"\n\n", "holds no prediction"),
        (b"{", "x.jsonl:1: not a record"),
        (b'{"id": "a", "facts": []}\n{"facts": []}', "x.jsonl:2: not a record"),
        (b'{"id": "a"}', "either facts or an error"),
        (b'{"id": "a", "facts": [{"kind": "entity", "span": [2, 2], "label": "PER"}]}', "a span"),
        (b'{"id": "\xe9", "facts": []}', "not a record"),
        (b"[" * 100_000, "not a record"),
        (b'{"prediction": {"article_id": "a"}}', "not a record"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(BackendError, match=re.escape(said)):
        build(str(tmp_path / "x.jsonl"))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"path": 3}, "path = 3 is not a text"),
        ({"path": ["a"]}, "path = ['a'] is not a text"),
        ({"backend": 3}, "backend = 3 is not a text"),
        ({"goldset": ["depeches"]}, "goldset = ['depeches'] is not a text"),
        ({"kinds": 3}, "kinds = 3 is not a list"),
        ({"kinds": []}, "kinds is empty"),
        ({"label_scheme": 3}, "unknown label scheme '3'"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, options: dict[str, object], said: str) -> None:
    path = stored(tmp_path / "x.jsonl", Answer("a", (YEAR,)))
    with pytest.raises(BackendError, match=re.escape(said)):
        build(**({"path": path} | options))  # type: ignore[arg-type]


def test_nothing_to_replay(tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="no path is given"):
        build()
    with pytest.raises(BackendError, match="cannot be read"):
        build(str(tmp_path / "none.jsonl"))
    with pytest.raises(BackendError, match="not a run directory"):
        build(str(tmp_path))


def test_the_fingerprint_is_that_of_the_content(tmp_path: Path) -> None:
    one = stored(tmp_path / "one.jsonl", Answer("a", (YEAR,)))
    two = stored(tmp_path / "two.jsonl", Answer("a", ()), Answer("b", (YEAR,)))
    prints = [build(one), build(two), build(two, kinds=["quote"]), build(two, label_scheme="conll")]
    assert len({tuple(sorted(each.fingerprint().items())) for each in prints}) == 4
    (tmp_path / "sub").mkdir()
    copy = tmp_path / "sub" / "one.jsonl"
    copy.write_bytes(Path(one).read_bytes())
    assert build(str(copy)).fingerprint() == build(one).fingerprint()
