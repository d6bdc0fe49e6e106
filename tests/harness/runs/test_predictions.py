"""Predictions in a file: they come back as they were put, in the order of the articles."""

import errno
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import facts

from factharness.errors import OutputError
from factharness.facts import Prediction
from factharness.runs import predictions as module
from factharness.runs.predictions import InOrder, Predictions, Spill
from factharness.runs.record import PredictionRecord

ARTICLES = 6

answers = st.one_of(
    st.lists(facts, max_size=3).map(lambda found: Prediction("", tuple(found), used={"tokens": 2})),
    st.text(min_size=1, max_size=5).map(lambda error: Prediction("", None, error)),
)


@st.composite
def records(draw):
    """The records of some of the articles, by place, in the order in which they are put."""
    places = draw(st.lists(st.integers(0, ARTICLES - 1), unique=True))
    made = {}
    for place in places:
        answer = draw(answers)
        prediction = Prediction(f"a{place}", answer.facts, answer.error, answer.used)
        seconds = round(draw(st.floats(0, 9)), 6)
        made[place] = PredictionRecord("set", prediction, seconds, draw(st.booleans()))
    return made


@given(records(), records(), st.sampled_from([1, 200, 4_000_000]))
def test_each_back_end_reads_its_own_in_the_order_of_the_articles(first, second, in_memory):
    with patch.object(module, "IN_MEMORY", in_memory), Spill() as spill:
        sides = [Predictions(spill, "set", ARTICLES) for _ in range(2)]
        for side, made in zip(sides, (first, second), strict=True):
            for place, record in made.items():
                side.put(place, record)
        for side, made in zip(sides, (first, second), strict=True):
            wanted = [made[place] for place in sorted(made)]
            assert list(side) == list(side) == wanted
            assert len(side) == len(wanted)
        together = list(zip(*sides, strict=False))
        assert [one for one, _ in together] == list(sides[0])[: len(together)]


@given(records())
def test_articles_that_were_not_read_have_none(made):
    reader = InOrder(made[place] for place in sorted(made))
    found = {place: reader.of(f"a{place}") for place in range(ARTICLES)}
    assert found == {place: made.get(place) for place in range(ARTICLES)}


def test_the_file_is_in_the_folder_and_gone_afterwards(tmp_path):
    with patch.object(module, "IN_MEMORY", 1), Spill(tmp_path) as spill:
        start = spill.append(b"a line")
        assert spill.read(start, 6) == b"a line"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        spill.append(b"more")


def test_a_full_disk_is_an_error_of_the_folder(tmp_path):
    class Full:
        def seek(self, _place):
            pass

        def write(self, _data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            pass

    full = patch.object(module.tempfile, "SpooledTemporaryFile", lambda *_, **_more: Full())
    refused = pytest.raises(OutputError, match="No space left")
    with full, Spill(tmp_path) as spill, refused as raised:
        spill.append(b"a line")
    assert str(raised.value).startswith(str(tmp_path))
