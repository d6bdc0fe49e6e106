"""A DocBin that is damaged, or that would unpack to more than the memory holds, ends in a message."""

import gc
import zlib
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from test_convert_examples import SPOKEN, only, refused

from factharness.convert import docbin_bounds, export_gold, import_gold
from factharness.convert.docbin_bounds import Damaged, TooLarge, check_bounds, objects_in, unpacked
from factharness.errors import HarnessError

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False),
    st.text(max_size=40),
    st.binary(max_size=300),
    st.binary(max_size=20).map(lambda data: msgpack.Ext(5, data)),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=20), st.dictionaries(st.text(max_size=5), inner, max_size=20)
    ),
    max_leaves=40,
)


def size(value: object) -> int:
    if isinstance(value, list):
        return 1 + sum(map(size, value))
    return 1 + sum(1 + size(each) for each in value.values()) if isinstance(value, dict) else 1


@given(values)
def test_the_values_of_any_msgpack_are_counted(value):
    packed = msgpack.encode(value)
    assert objects_in(packed, 10_000) == size(value)
    with pytest.raises(TooLarge):
        objects_in(packed, size(value) - 1)
    with pytest.raises(Damaged):
        objects_in(packed[:-1], 10_000)


@pytest.mark.parametrize("length", [31, 32, 70_000])
def test_long_strings_and_lists_are_one_value_each_and_those_inside(length):
    value = ["x" * length, b"x" * length, [0] * length, {str(key): None for key in range(length)}]
    assert objects_in(msgpack.encode(value), 10**7) == 5 + 3 * length
    assert objects_in(msgpack.encode(msgpack.Ext(1, b"x" * length)), 10) == 1


@given(st.binary(max_size=40))
def test_any_bytes_are_counted_or_damaged(raw):
    with suppress(Damaged, TooLarge):
        assert objects_in(raw, 100) <= 100


def test_a_list_that_only_claims_to_be_long_is_damaged():
    with pytest.raises(Damaged):
        objects_in(b"\xdd\xff\xff\xff\xff\xc0", 10**10)


def test_no_more_is_unpacked_than_may_be(monkeypatch):
    monkeypatch.setattr(docbin_bounds, "BYTES", 1000)
    assert len(unpacked(zlib.compress(b"\0" * 1000))) == 1000
    for raw, error in (
        (zlib.compress(b"\0" * 1001), TooLarge),
        (zlib.compress(bytes(range(256)))[:-5], Damaged),
        (b"no zlib", Damaged),
    ):
        with pytest.raises(error):
            unpacked(raw)


@cache
def spoken() -> bytes:
    """An article with facts of each kind, exported."""
    return export_gold("spacy", [SPOKEN]).files["facts.spacy"]


def number(values: list[int], width: int = 8) -> bytes:
    return b"".join(value.to_bytes(width, "little", signed=True) for value in values)


def docbin(words: int = 2, **more: object) -> dict[str, object]:
    """The content of a DocBin of one document, its one column the hashes of words."""
    from spacy.attrs import ORTH

    return {
        "attrs": [ORTH],
        "tokens": number([7] * words),
        "spaces": b"\1" * words,
        "lengths": number([words], 4),
        "strings": ["Ana"],
        "cats": [{}],
        "flags": [{}],
        "span_groups": [b""],
        "user_data": [None],
    } | more


def checked(content: object) -> None:
    check_bounds(msgpack.encode(content), msgpack.decode, len)


GROUP = msgpack.encode({"spans": [b""] * 10})


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"cats": [{}] * 100}, "100 values"),
        ({"user_data": [msgpack.encode([0] * 90)]}, "100 values"),
        ({"user_data": [msgpack.encode([0] * 50)] * 2}, "100 values"),
        ({"span_groups": [msgpack.encode([0] * 90)]}, "100 values"),
        ({"words": 6}, "5 tokens"),
        ({"strings": ["a" * 7], "words": 3}, "20 characters"),
    ],
)
def test_more_than_will_be_built_is_said(more, says, monkeypatch):
    pytest.importorskip("spacy")
    monkeypatch.setattr(docbin_bounds, "OBJECTS", 100)
    monkeypatch.setattr(docbin_bounds, "TOKENS", 5)
    monkeypatch.setattr(docbin_bounds, "CHARACTERS", 20)
    checked(docbin())
    with pytest.raises(TooLarge, match=says):
        checked(docbin(**more))


def test_a_span_group_of_many_names_is_built_as_often(monkeypatch):
    pytest.importorskip("spacy")
    monkeypatch.setattr(docbin_bounds, "OBJECTS", 100)

    def groups(names: int) -> list[bytes]:
        header = b"\x81\xc4" + bytes([len(GROUP)]) + GROUP
        return [header + msgpack.encode(["a"] * names)]

    checked(docbin(span_groups=groups(1)))
    with pytest.raises(TooLarge):
        checked(docbin(span_groups=groups(9)))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "no object"),
        ({}, "it has no 'attrs'"),
        ({"tokens": number([7])}, "different numbers of tokens"),
        ({"lengths": number([3, -1], 4)}, "different numbers of tokens"),
        ({"lengths": number([1], 4)}, "different numbers of tokens"),
    ],
)
def test_what_does_not_fit_together_is_damaged(content, says):
    pytest.importorskip("spacy")
    with pytest.raises(Damaged, match=says):
        checked(docbin(**content) if content else content)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda raw: b"no", "is not a whole DocBin: it cannot be unpacked"),
        (lambda raw: raw[:-9], "is not a whole DocBin: it ends too early"),
        (lambda raw: zlib.compress(b"\x81"), "is not a whole DocBin: it ends too early"),
        (lambda raw: zlib.compress(zlib.decompress(raw)[:-9]), "is not a whole DocBin"),
        (
            lambda raw: zlib.compress(zlib.decompress(raw).replace(b"\xa3Ana", b"\xa3Bna")),
            "is not a whole DocBin, spaCy says",
        ),
        (
            lambda raw: zlib.compress(zlib.decompress(raw).replace(b"\xa3Ana", b"\xa3\xffna")),
            "is not a whole DocBin, spaCy says",
        ),
    ],
)
def test_a_damaged_docbin_is_named(damage, says):
    pytest.importorskip("spacy")
    raw = spoken()
    assert f"d.spacy: {says}" in refused("spacy", {"d.spacy": damage(raw)})
    assert gc.isenabled()


def test_too_much_is_refused_by_name(monkeypatch):
    pytest.importorskip("spacy")
    raw = spoken()
    only("spacy", {"d.spacy": raw})
    monkeypatch.setattr(docbin_bounds, "BYTES", 100)
    assert "d.spacy: unpacks to more than 100 bytes; split it" in refused("spacy", {"d.spacy": raw})


@settings(max_examples=80)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_bytes_that_change_in_a_docbin_are_an_error_or_other_facts(changes):
    pytest.importorskip("spacy")
    content = bytearray(zlib.decompress(spoken()))
    for place, value in changes:
        content[int(place * (len(content) - 1))] = value
    with suppress(HarnessError):
        import_gold("spacy", {"d.spacy": zlib.compress(bytes(content))})
