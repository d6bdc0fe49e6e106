"""The lines of a baseline are packed in memory, and its file may be compressed."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import Incomparable
from factharness.gate.baseline import encoded, of, read, save, too_large
from factharness.gate.baseline_lines import BaselineLine, Lines
from factharness.runs.directory import load

NAMES = st.text("ab-é", min_size=1, max_size=3)
COUNTS = st.tuples(*[st.integers(0, 9) | st.just(0.5)] * 3)


@st.composite
def lines(draw):
    keys = draw(
        st.sets(st.tuples(NAMES, NAMES, NAMES, st.sampled_from(["entity", "date", "quote"])))
    )
    return [
        BaselineLine(*key, draw(NAMES), {"*": {"strict": draw(COUNTS)}}, (draw(NAMES),))
        for key in sorted(keys)
    ]


@given(lines(), st.randoms(use_true_random=False))
def test_packed_lines_are_those_that_were_packed_in_the_order_of_their_keys(expected, chance):
    by_place = {}
    for line in expected:
        by_place.setdefault(line.key[:3], []).append(line)
    places = chance.sample([*by_place], len(by_place))
    packed = Lines(
        line
        for place in places
        for line in random.Random(1).sample(by_place[place], len(by_place[place]))
    )
    assert [*packed] == expected
    assert len(packed) == len(expected)
    assert [*packed.places] == sorted(by_place)
    for place, its in by_place.items():
        assert packed.of(*place) == {line.kind: line for line in its}
    assert packed.of("none", "", "") == {}
    assert packed == Lines(expected)
    assert packed != Lines(expected[1:]) or not expected
    assert packed != expected


@pytest.fixture
def baseline():
    run = load(Path(__file__).resolve().parents[2] / "data" / "runs" / "first")
    return of(run, "why")


def test_a_compressed_baseline_reads_as_one_that_is_not(baseline, tmp_path):
    for name in ("a.json", "a.json.gz", "again.json.gz"):
        save(baseline, tmp_path / name)
        assert read(tmp_path / name) == baseline
    assert (tmp_path / "a.json").read_bytes() == b"".join(encoded(baseline))
    packed = (tmp_path / "a.json.gz").read_bytes()
    assert packed == (tmp_path / "again.json.gz").read_bytes()
    assert len(packed) < (tmp_path / "a.json").stat().st_size / 3
    for bad in (packed[:-9], packed[:40] + b"?" + packed[41:], packed[:2]):
        (tmp_path / "bad.json.gz").write_bytes(bad)
        with pytest.raises(Incomparable, match="cannot be read: "):
            read(tmp_path / "bad.json.gz")


def test_a_line_that_is_no_line_is_named_by_its_number(baseline, tmp_path):
    whole = b"".join(encoded(baseline))
    at = [place for place in range(len(whole)) if whole.startswith(b'"kind"', place)][2]
    (tmp_path / "a.json").write_bytes(whole[:at] + whole[at:].replace(b'"kind":"', b'"kind":"x', 1))
    with pytest.raises(Incomparable, match=r"not a baseline: .*\$\.lines\[2\]\.kind"):
        read(tmp_path / "a.json")


def test_only_a_large_file_that_is_not_compressed_is_too_large(tmp_path):
    for name, size, large in (
        ("a.json", 20_000_001, True),
        ("a.json", 900, False),
        ("a.json.gz", 20_000_001, False),
    ):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
        assert too_large(tmp_path / name) == large
    assert not too_large(tmp_path)
