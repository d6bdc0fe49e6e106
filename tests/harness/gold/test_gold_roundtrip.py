"""What must hold for every gold file: the laws of reading, formatting, withholding and attaching."""

import re
from contextlib import suppress

import pytest
from gold_strategies import ALPHABET, EXAMPLE, gold_articles, in_order
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.files import decode
from factharness.gold.compose import compose
from factharness.gold.format import format_document, render
from factharness.gold.header import read_header, write_header
from factharness.gold.parse import parse, to_article
from factharness.gold.syntax import read
from factharness.gold.withhold import attach, withhold

PLACE = r"<\d+:\d+>"
WORDLESS = re.compile(
    rf">~ \d+ [0-9a-f]{{16}}|"
    rf"  [A-Z]+(\.[a-z]+)*\??( @q\d+)? +(<\+> )?{PLACE}( <\+> {PLACE})*"
    r"( \| (direct|mixed|indirect|2024-03-05|P2Y|T14:30|a\\\|b\\\\))?"
    rf"( \| by: ({PLACE}|-)( = .+)?)?( \| cue: {PLACE})?|"
)
"""A line of a text-free file: places, labels, values, and the names of speakers after ``=``."""


@settings(max_examples=50)
@given(gold_articles())
def test_parsing_what_was_composed_gives_the_article_back(made):
    header, gold = made
    document, losses = compose(header, gold)
    assert losses == ()
    for source in (render(document), format_document(document)):
        assert in_order(parse(source)) == in_order(gold)
        assert read(source).header == header


@settings(max_examples=50)
@given(gold_articles())
def test_formatting_twice_changes_nothing(made):
    once = format_document(compose(*made)[0])
    assert format_document(read(once)) == once


@settings(max_examples=50)
@given(gold_articles())
def test_a_withheld_file_keeps_no_word_of_the_body(made):
    header, gold = made
    bare = render(withhold(compose(header, gold)[0]))
    head, body = bare.split("\n+++\n", 1)
    assert "title" not in head
    assert [line for line in body.splitlines() if not WORDLESS.fullmatch(line)] == []
    assert all(block.paragraph.text is None for block in read(bare).blocks)


@settings(max_examples=50)
@given(gold_articles(notes=False))
def test_attaching_the_text_to_a_withheld_file_gives_the_full_one(made):
    document = compose(*made)[0]
    bare = read(render(withhold(document)))
    if not document.blocks:
        return
    full, missing = attach(bare, made[1].article.text)
    assert missing == ()
    assert in_order(to_article(full)) == in_order(made[1])
    assert in_order(parse(format_document(full))) == in_order(made[1])


@settings(max_examples=50)
@given(gold_articles())
def test_withholding_twice_changes_nothing(made):
    once = withhold(compose(*made)[0])
    assert render(withhold(read(render(once)))) == render(once)


@settings(max_examples=50)
@given(gold_articles())
def test_headers_are_read_as_written(made):
    assert read_header(write_header(made[0])) == made[0]


def _only_gold_errors(source: str) -> None:
    with suppress(GoldError):
        parse(source)


@given(st.text())
def test_no_text_makes_the_parser_raise_anything_else(source):
    _only_gold_errors(source)


@given(
    st.text(alphabet=st.characters(), max_size=60), st.integers(0, len(EXAMPLE)), st.integers(0, 60)
)
def test_no_damage_to_a_good_file_makes_it_raise_anything_else(junk, where, length):
    _only_gold_errors(EXAMPLE[:where] + junk + EXAMPLE[where + length :])


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                ["PER", "QUOTE", "DATE?", "@q1", "<+>", "<...>", "<#2>", "<0:4>", "|", "by:", "=", "-",
                 "cue:", "to:", "direct", "mod:", "Lyon", "« oui »", "\\", "\n  ", "\n> ", "\n>~ 3 ", "#", "@"]
            ),
            st.text(st.sampled_from(ALPHABET), max_size=3),
        ),
        max_size=14,
    )
)  # fmt: skip
def test_no_fact_line_makes_it_raise_anything_else(parts):
    _only_gold_errors(EXAMPLE + "  " + " ".join(parts))


@given(st.binary())
def test_no_bytes_make_reading_raise_anything_else(raw):
    with suppress(GoldError):
        parse(decode(raw, "x.gold"))


@pytest.mark.parametrize(
    "header",
    [
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        'id = "\\ud800"',
        "published = 2024-02-31",
        "a.b.c = 1\na.b = 2",
    ],
)
def test_no_toml_makes_it_raise_anything_else(header):
    with pytest.raises(GoldError) as caught:
        parse(header + "\n+++\n")
    assert caught.value.line


def test_lone_surrogates_are_refused():
    with pytest.raises(GoldError, match="surrogate"):
        parse("\ud800")
