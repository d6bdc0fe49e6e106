"""A header that msgspec takes is the one that is read key by key, which is what can name a mistake."""

from datetime import date, datetime
from unittest import mock

import pytest
from gold_strategies import EXAMPLE
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import ValidationError

from factharness.errors import GoldError
from factharness.gold import header
from factharness.gold.header import KEYS, LABELS_KEYS, read_header, toml_value

strings = st.sampled_from(["", "fr", "a b", "con", "full", "quote", "0" * 64, "0" * 64 + "\n"])
scalars = strings | st.sampled_from([0, 1, -1, True, 1.0, date(2024, 3, 5), datetime(2024, 3, 5)])
lists = st.lists(strings, max_size=2) | st.just(["a", 1]) | st.just(["entity", "date"])
tables = st.dictionaries(
    st.sampled_from([*LABELS_KEYS, "text", "labels", "outlet", "url", "other"]),
    scalars | lists,
    max_size=3,
)
GOOD = {
    "gold": 1,
    "id": "a",
    "lang": "fr",
    "published": date(2024, 3, 5),
    "text": "full",
    "sha256": "",
}


def told(table):
    source = "".join(f"{key} = {toml_value(value)}\n" for key, value in table.items())
    try:
        return read_header(source)
    except GoldError as error:
        return error.message, error.line, error.remedy


@given(
    st.dictionaries(st.sampled_from([*KEYS, "other"]), scalars | lists | tables, max_size=3),
    st.sets(st.sampled_from(list(GOOD)), max_size=1),
)
@example({"labels": {"proposed": -1}}, set())
@example({"labels": {"skip": ["quotes"]}}, set())
@example({"sha256": "0" * 64 + "\n"}, set())
@example({"id": "con"}, set())
@example({"gold": True}, set())
@example({"gold": 1.0}, set())
@example({"lang": ""}, set())
@example({"source": {"outlet": "a", "other": "b"}}, set())
@example({"labels": {"proposed": 2, "accepted": 0, "skip": ["quote"], "by": ["a"]}}, set())
def test_a_header_is_read_at_once_as_it_is_key_by_key(changed, without):
    table = {key: value for key, value in (GOOD | changed).items() if key not in without}
    found = told(table)
    with mock.patch.object(header, "convert", side_effect=ValidationError):
        assert told(table) == found


@pytest.mark.parametrize("text", ["full", "withheld"])
def test_a_header_without_mistakes_is_not_read_key_by_key(text):
    source = EXAMPLE.partition("+++")[0].replace('"full"', f'"{text}"')
    with mock.patch.object(header, "_read_by_key") as slow:
        assert read_header(source).text == text
    slow.assert_not_called()
