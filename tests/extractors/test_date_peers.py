"""`benchmarks/dates_peers`: the answers of other extractors become records of dates; none of them is needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.facts import Date

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def _beside_the_benchmarks() -> Iterator[None]:
    sys.path.insert(0, str(BENCHMARKS))
    yield
    sys.path.remove(str(BENCHMARKS))


def peer(name: str) -> ModuleType:
    return import_module(f"dates_peers.{name}")


@pytest.mark.parametrize("name", ["rules", "heideltime", "duckling", "dateparser", "timexy"])
def test_each_says_what_to_install_and_its_licence(name: str) -> None:
    module = peer(name)
    assert module.LICENCE
    assert name == "rules" or any(module.PACKAGE in package for package in module.PACKAGES)


def moment(value: str, grain: str) -> dict[str, str]:
    return {"value": f"{value}.000+01:00", "grain": grain}


def between(start: str, end: str, grain: str) -> dict[str, object]:
    return {"type": "interval", "from": moment(start, grain), "to": moment(end, grain)}


MIDNIGHT = "2024-03-05T00:00:00"


@pytest.mark.parametrize(
    ("grain", "expected"),
    [
        ("year", ("DATE", "2024")),
        ("quarter", ("DATE", "2024-Q1")),
        ("month", ("DATE", "2024-03")),
        ("week", ("DATE", "2024-W10")),
        ("day", ("DATE", "2024-03-05")),
        ("hour", ("TIME", "2024-03-05T00:00")),
        ("minute", ("TIME", "2024-03-05T00:00")),
        ("second", ("DATE", "PRESENT_REF")),
    ],
)
def test_a_moment_of_duckling_is_as_coarse_as_its_grain(
    grain: str, expected: tuple[str, str]
) -> None:
    value = {"type": "value", **moment(MIDNIGHT, grain)}
    assert peer("duckling").timex("time", value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            between("2024-03-05T18:00:00", "2024-03-06T00:00:00", "hour"),
            ("DATE", "2024-03-05TEV"),
        ),
        (
            between("2024-03-05T04:00:00", "2024-03-05T12:00:00", "hour"),
            ("DATE", "2024-03-05TMO"),
        ),
        (between("2024-06-21T00:00:00", "2024-09-24T00:00:00", "day"), ("DATE", "2024-SU")),
        (between("2024-03-08T18:00:00", "2024-03-11T00:00:00", "hour"), ("DATE", "2024-W10-WE")),
        (between("2024-03-21T00:00:00", "2024-04-01T00:00:00", "day"), ("DATE", "2024-03")),
        (
            between("2024-06-03T00:00:00", "2024-06-06T00:00:00", "day"),
            ("DATE", "2024-06-03/2024-06-05"),
        ),
        (between("2024-06-03T00:00:00", "2024-06-04T00:00:00", "day"), ("DATE", "2024-06-03")),
        (
            between("2024-06-10T00:00:00", "2024-09-11T00:00:00", "day"),
            ("DATE", "2024-06-10/2024-09-10"),
        ),
        (
            between("2024-06-03T09:00:00", "2024-06-03T12:31:00", "minute"),
            ("TIME", "2024-06-03T09:00/2024-06-03T12:30"),
        ),
        (
            between("-37984-12-01T00:00:00", "2024-03-05T00:00:00", "day"),
            ("DATE", None),
        ),
        ({"type": "value", **moment("12024-01-01T00:00:00", "year")}, ("DATE", None)),
        ({"type": "interval", "from": moment(MIDNIGHT, "day")}, ("DATE", "2024-03-05")),
        ({"type": "interval", "to": moment(MIDNIGHT, "day")}, ("DATE", "2024-03-05")),
    ],
)
def test_what_duckling_finds_on_the_calendar(
    value: dict[str, object], expected: tuple[str, str | None]
) -> None:
    assert peer("duckling").timex("time", value) == expected


@pytest.mark.parametrize(
    ("unit", "expected"), [("week", "P2W"), ("month", "P2M"), ("minute", "PT2M"), ("hour", "PT2H")]
)
def test_a_length_of_duckling(unit: str, expected: str) -> None:
    found = peer("duckling").timex("duration", {"value": 2, "unit": unit, "type": "value"})
    assert found == ("DURATION", expected)


def xmi(text: str, words: str, kind: str, value: str) -> str:
    """HeidelTime's answer, with its offsets in UTF-16 units."""
    start = len(text[: text.index(words)].encode("utf-16-le")) // 2
    end = start + len(words.encode("utf-16-le")) // 2
    return (
        '<xmi:XMI xmlns:heideltime="http:///de/unihd/dbs/uima/types/heideltime.ecore"'
        ' xmlns:xmi="http://www.omg.org/XMI"><heideltime:Dct begin="0" end="0"/>'
        f'<heideltime:Timex3 begin="{start}" end="{end}" timexType="{kind}" timexValue="{value}"/>'
        "</xmi:XMI>"
    )


@given(st.text(), st.text())
def test_the_span_of_heideltime_is_where_its_words_stand(before: str, after: str) -> None:
    words = "le\u00a0soir\U0001f600"
    text = before + words + after
    (found,) = peer("heideltime").facts(xmi(text, words, "DATE", "2024"), text)
    fact = msgspec.convert(found, Date)
    assert fact.span.of(text) == words


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("TIME", "2024-03-05TEV", "DATE"),
        ("TIME", "2024-03-05T19:30", "TIME"),
        ("DURATION", "PT2H", "DURATION"),
        ("SET", "XXXX-WXX-1", "SET"),
        ("SET", "XXXX-WXX-1TEV", "SET"),
    ],
)
def test_a_part_of_a_day_of_heideltime_is_a_date(kind: str, value: str, expected: str) -> None:
    (found,) = peer("heideltime").facts(xmi("mardi soir", "mardi", kind, value), "mardi soir")
    assert (found["type"], found["value"]) == (expected, value)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('TIMEX3 type="DATE" value="2024-03-03T00:00:00"', ("DATE", "2024-03-03")),
        ('TIMEX3 type="DURATION" value="P2W"', ("DURATION", "P2W")),
    ],
)
def test_a_tag_of_timexy(tag: str, expected: tuple[str, str]) -> None:
    found = peer("timexy").fact(3, 7, tag)
    assert (found["type"], found["value"]) == expected
    assert found["span"] == [3, 7]


def test_a_tag_that_is_none_of_timexy_is_refused() -> None:
    with pytest.raises(ValueError, match="not a tag"):
        peer("timexy").fact(3, 7, "time")


def test_the_rules_answer_with_records_of_dates() -> None:
    (found,) = peer("rules").reader()("Il est venu mardi.", "2024-03-06")
    assert msgspec.convert(found, Date).value == "2024-03-05"


def test_an_extractor_that_cannot_be_used_has_a_line_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    benchmark = import_module("dates")
    fails = [sys.executable, "-c", "raise SystemExit('first\\nno Java here')"]
    with pytest.raises(benchmark.CannotRun, match=r"^no Java here$"):
        benchmark.called(fails)
    monkeypatch.setattr(benchmark, "python_for", lambda *_: benchmark.called(fails))
    assert "| heideltime | not run: no Java here |" in benchmark.row("heideltime", [], tmp_path)
