import json
import pickle
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.backends.registry import build
from factharness.errors import BackendError, BackendUnavailable, GoldError
from factharness.escape import visible
from factharness.extractor import blamed


class Panic(BaseException):
    """As those of libraries in Rust."""


class Refusal(BackendError):
    """Cannot be made again from its text, as unpickling would."""

    def __init__(self, text):
        super().__init__(text, remedy="get another")
        self.args = (text, "and more")


ANY_TEXT = st.text(st.characters(exclude_categories=()))
CLASSES = [
    *(Exception, OSError, SystemExit, GeneratorExit, StopIteration, Panic),
    *(BackendError, BackendUnavailable, GoldError, Refusal),
]


@given(st.sampled_from(CLASSES), ANY_TEXT)
def test_whatever_is_raised_is_a_back_end_error_that_can_be_written_and_sent(kind, text):
    with pytest.raises(BackendError) as caught, blamed("loading"):
        raise kind(text)
    message = str(caught.value)
    assert message
    assert visible(text) in message
    there = pickle.loads(pickle.dumps(caught.value))
    assert type(there) in (BackendError, BackendUnavailable)
    assert str(there) == message


def test_an_interruption_is_not_blamed_on_the_back_end():
    with pytest.raises(KeyboardInterrupt), blamed("loading"):
        raise KeyboardInterrupt


def test_the_place_of_an_error_is_in_the_back_end_and_not_in_a_library_that_it_calls():
    with pytest.raises(BackendError) as caught, blamed("loading"):
        json.loads("{")
    assert re.search(rf"\(at {re.escape(__file__)}:\d+\)$", str(caught.value))


def test_the_place_of_an_error_of_importing_is_in_what_was_imported(tmp_path, monkeypatch):
    (tmp_path / "imported_and_broken.py").write_text("import json\n\njson.loads('{')\n")
    (tmp_path / "suite_backend.py").write_text("import imported_and_broken\n")
    with pytest.raises(BackendError) as caught:
        build("file:imported_and_broken.py:build", {}, folder=tmp_path)
    assert str(caught.value).endswith(f"(at {tmp_path / 'imported_and_broken.py'}:3)")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(BackendError) as caught:
        build("file:suite_backend.py:build", {}, folder=tmp_path)
    assert str(caught.value).endswith(f"(at {tmp_path / 'suite_backend.py'}:1)")
