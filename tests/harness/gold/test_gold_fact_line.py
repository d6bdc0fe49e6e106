"""The commonest fact lines are read fast, as all lines are."""

from unittest import mock

import pytest
from gold_strategies import EXAMPLE
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import structs

from factharness.errors import GoldError
from factharness.gold import fact_line
from factharness.gold.fact_line import plain_facts, read_anchor, read_fact
from factharness.gold.text_lines import is_text
from factharness.gold.tree import Anchor, Elided, FactLine, Mention, Words

labels = st.sampled_from(
    ["PER", "DATE", "TIME", "QUOTE", "QUOTES", "LOC.gpe", "LOC.", "P_1", "per", "É"]
)
marks = st.sampled_from(
    ["|", " | ", "<", ">", "\\", "\\<", "@", "@q1 ", "?", "#", "note: x", "2024-03-05", "P2Y"]
)
anchor_marks = st.sampled_from(["<...>", " <...> b", "<+>", "<#1>"])
fields = st.sampled_from(
    ["|direct", " | mixed ", "| by:\t", "| by: a", "| by: -", "| by: @q1", "=", " = B ", "| to: a"]
) | st.sampled_from(["| cue: ", "| cue: a", "| mod: MID"])
words = st.text(st.sampled_from("aAé1 \t\u00a0:.-«’\x0b\x85"), max_size=6)
blanks = st.text(st.sampled_from(" \t"), max_size=2)
lines = st.tuples(
    blanks,
    labels,
    st.sampled_from(["", "?"]),
    blanks,
    st.lists(marks | words | anchor_marks | fields, max_size=6).map("".join),
).map("".join)


@given(lines)
@example("  DATE? mardi\t|2024-03-05 ")
@example("  LOC Lyon | 2024")
@example("  PER a | b")
@example("  QUOTE a")
@example("  QUOTES a")
@example("  PER @a b")
@example("  QUOTE? a b <...> c\t| direct | by: d = E | cue: f ")
@example("  QUOTE a | by: -")
@example("  QUOTE a | by: @q")
@example("  QUOTE a | by: b =")
@example("  QUOTE a | by: b == c")
@example("  QUOTE a | by: b = c = d")
@example("  QUOTE a | cue: b = c")
@example("  QUOTE a | cue: b | by: c")
@example("  QUOTE a <...> | direct")
@example("  QUOTE a | ")
@example("  DATE a | 2024 <#1>")
@example("  DATE a | 2024 <...> b")
@example("  DATE a | 2024 | 2025")
@example("  PER a | mod: b")
@example("  PER a | by: b")
@example("  PER a <#1> | 2024")
@example("  QUOTE a | 2024")
@example("  DATE a | direct")
@example("  DATE a | directs")
def test_a_line_that_is_read_fast_is_read_as_all_are(line):
    (found,) = plain_facts(line)
    if found is not None:
        assert not is_text([line], 0)
        assert found == read_fact(line.strip(" \t"), 1)


@given(st.lists(lines, min_size=1, max_size=5))
def test_each_line_is_read_by_itself(several):
    found = plain_facts("\n".join(several))
    assert [fact and structs.replace(fact, line=1) for fact in found] == [
        fact for line in several for fact in plain_facts(line)
    ]
    assert all(fact is None or fact.line == line for line, fact in enumerate(found, 1))


@pytest.mark.parametrize(
    "typed", ["a <#2> | note: c", "a <...> b | 2024-03-05", "a | 2024-03-05 | mod: c"]
)
def test_other_common_forms_are_read_fast(typed):
    assert plain_facts(f"\tDATE {typed}") == [read_fact(f"DATE {typed}", 1)]


@given(
    st.sampled_from(["PER", "LOC.gpe?", "DATE", "SET?"]),
    words.filter(lambda text: text.strip(" \t")),
    st.sampled_from(["", "|2024-03-05", " | P2Y "]),
)
def test_entities_and_dates_in_one_stretch_are_read_fast(label, typed, value):
    is_date = label in ("DATE", "SET?")
    assert plain_facts(f"  {label} {typed}{value if is_date else ''}") != [None]


def test_most_lines_of_the_example_are_read_fast():
    assert len(plain_facts(EXAMPLE)) - plain_facts(EXAMPLE).count(None) == 10


@pytest.mark.parametrize("typed", ["a b", "a <...> b"])
@pytest.mark.parametrize("value", ["", " | direct", "|indirect "])
@pytest.mark.parametrize("by", ["", " | by: c", "|by:\tc=D "])
@pytest.mark.parametrize("cue", ["", " | cue: e"])
def test_quotes_in_one_stretch_are_read_fast(typed, value, by, cue):
    mentions = {}
    if by:
        mentions["by"] = Mention(Words("c"), None, "D" if "=" in by else None)
    if cue:
        mentions["cue"] = Mention(Words("e"))
    fragment = Elided("a", "b") if "<" in typed else Words("a b")
    kind = value.strip(" |") or None
    expected = FactLine(1, "QUOTE", Anchor((fragment,)), True, None, kind, {}, mentions)
    assert plain_facts(f"  QUOTE?  {typed}{value}{by}{cue}") == [expected]


@given(
    st.lists(
        st.sampled_from(
            ["a", "b c", " ", "\t", "<+>", " <...> ", "<#2>", "<#0> ", "<1:3>", "<", "\\<"]
        ),
        max_size=7,
    ).map("".join)
)
@example("a <...> b <+> c <#1>")
@example("<+> a")
@example("a\\<")
@example("a \\\\ b")
@example("a <#1> b")
@example("a <#1000000>")
def test_a_plain_anchor_is_read_as_all_are(typed):
    found = told(typed)
    with mock.patch.object(fact_line, "_plain_fragment", return_value=None):
        assert told(typed) == found


def told(typed):
    try:
        return read_anchor(typed)
    except GoldError as error:
        return str(error)


@pytest.mark.parametrize(
    ("typed", "anchor"),
    [
        ("a <...> b", Elided("a", "b")),
        ("a<...>b", Elided("a", "b")),
        ("\ta\t<...>  b c ", Elided("a", "b c")),
        (r"a \< <...> b", Elided("a <", "b")),
        ("a", Words("a")),
    ],
)
def test_an_anchor_of_first_and_last_words(typed, anchor):
    assert read_anchor(typed) == Anchor((anchor,))


@pytest.mark.parametrize(
    "typed", ["<...>", "<...> b", "a <...>", "a <...> b <...> c", "a <...> b <#1>"]
)
def test_first_or_last_words_may_not_lack(typed):
    with pytest.raises(GoldError, match="not an anchor"):
        read_anchor(typed)
