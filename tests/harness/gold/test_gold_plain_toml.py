"""The fast reader of simple TOML gives what ``tomllib`` gives, or nothing."""

import tomllib

import pytest
from gold_strategies import EXAMPLE, gold_articles
from hypothesis import example, given
from hypothesis import strategies as st

from factharness.gold.header import toml_key, toml_value, write_header
from factharness.gold.plain_toml import plain

keys = st.text(st.sampled_from("abz_-09é."), max_size=3)
strings = st.text(max_size=6) | st.text(st.sampled_from('a"\\\t,]}=# é\x7f\u2028'), max_size=6)
items = strings | st.integers(-1, 10**10) | st.lists(strings, max_size=3) | st.booleans()
values = items | st.dates() | st.datetimes() | st.dictionaries(keys, items, max_size=3)


@st.composite
def sources(draw):
    """Lines of TOML, most of them right, of the simple form or not; keys may stand twice."""
    lines = []
    for key, value in draw(st.lists(st.tuples(keys, values), max_size=4)):
        name = toml_key(key) if draw(st.booleans()) else key
        padding = draw(st.sampled_from(["", " ", "  ", "\t"]))
        lines.append(f"{name}{padding}={padding}{toml_value(value)}{padding}")
    text = draw(st.sampled_from(["\n", "\n", "\n\n", "\r\n"])).join(lines)
    if text and draw(st.integers(0, 3)) == 0:
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.sampled_from(list('"\\[]{},=#  0\n\r\x00Z'))) + text[place:]
    return text


def by_tomllib(source):
    """With the types, since 1 equals true, and a moment of one zone that of another."""
    try:
        return repr(tomllib.loads(source))
    except ValueError:
        return "an error"


@given(sources())
@example("a = 1\na = 2")
@example("a = { b = 1, b = 2 }")
@example("a = { b = 1, }")
@example("a = 01")
@example("a = 2024-02-30")
@example("a = 2024-01-01T25:00:00")
@example("a = 2024-01-01T10:00:00+24:00")
@example("a = 2024-01-01T24:00:00")
@example("a = 2024-01-01T10:00:00Z")
@example("a = 2024-01-01T10:00:00-00:30")
@example("a = 0000-01-01")
@example('a = "b" # c\x00')
@example('a = "b\\\\c"')
@example('a = "b\\tc"')
@example("a = 1# é\t\u2028\n # d")
@example("# c\x7f")
@example("a = 1#\r\na = 2")
@example("a = {}\nb = { }\nc = []")
@example('[a]\nb = "c"')
@example("a.b = 1")
@example("é = 1")
def test_what_is_read_fast_is_what_tomllib_reads(source):
    found = plain(source)
    assert found is None or repr(found) == by_tomllib(source)


@given(gold_articles())
def test_the_headers_that_are_written_are_read_fast(made):
    source = write_header(made[0])
    found = plain(source)
    odd = any(toml_key(key) != key for key in made[0].meta) or "\\" in source
    assert odd or repr(found) == by_tomllib(source)


def test_the_header_of_the_example_is_read_fast():
    header = EXAMPLE.partition("+++")[0]
    assert plain(header) == tomllib.loads(header)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("a = 2024-01-01T10:00:00+02:00", "datetime.timedelta(seconds=7200)"),
        ('a = "b\\"c\\\\" # d', "'b\"c\\\\'"),
        ("a = 2024-01-01", "datetime.date(2024, 1, 1)"),
        ('a = { b = ["c", "d"], n = 3 }', "{'b': ['c', 'd'], 'n': 3}"),
        ('a-b = ""', "{'a-b': ''}"),
    ],
)
def test_simple_values_are_read(source, value):
    assert value in repr(plain(source))
