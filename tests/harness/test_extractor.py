import json
import pickle
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.backends.registry import build
from factharness.errors import BackendError, BackendUnavailable, GoldError
from factharness.escape import visible
from factharness.extractor import blamed
from factharness.testing import check_extractor
from factharness.text import sha256


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


class Silent:
    """Finds nothing, and says of itself what it is told."""

    def __init__(self, **said):
        self.kinds = frozenset({"quote"})
        for name, value in said.items():
            setattr(self, name, value)

    def fingerprint(self):
        return {"code": "silent"}

    def extract(self, articles):
        for _ in articles:
            yield []


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"seen": "0" * 64}, "is a set of digests"),
        ({"seen": ["a00"]}, "digests by factharness.text.sha256"),
        ({"seen": [3]}, "seen are digests"),
        ({"borrows": ["quote"]}, "maps kinds to back ends"),
        ({"borrows": {"date": "rules"}}, "a kind that it does not claim"),
        ({"borrows": {"quote": None}}, "which is no name"),
        ({"borrows": {"quote": ""}}, "without a name"),
    ],
)
def test_the_contract_is_about_what_a_back_end_says_of_itself(said, problem):
    check_extractor(Silent, seen={sha256("texte")}, borrows={"quote": "rules"})
    with pytest.raises(AssertionError, match=re.escape(problem)):
        check_extractor(Silent, **said)


@pytest.mark.parametrize(
    "name", ["rules", *(pytest.param(name, marks=pytest.mark.slow) for name in ("spacy", "stanza"))]
)
@pytest.mark.needs(name={name: name for name in ("spacy", "stanza")})
def test_what_the_first_article_would_wait_for_is_loaded_by_load(name):
    """No module is imported while an article is read."""
    script = f"""
import sys
from factharness.backends.registry import build
from factharness.testing import AWKWARD
extractor = build({name!r}, {{}}, folder=None)
extractor.load()
before = set(sys.modules)
list(extractor.extract(AWKWARD[:1]))
late = {{one for one in set(sys.modules) - before if one.startswith(("fact_extractors", "babel", "holidays"))}}
assert not late, late
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
