"""`by: @PER` and `= Dumoulin` are written out where one thing can be meant, and told where several can."""

import pytest
from gold_strategies import gold_articles
from hypothesis import given
from hypothesis import strategies as st

from factharness.errors import GoldError
from factharness.gold.complete import LONGEST, Names, completed
from factharness.gold.compose import compose
from factharness.gold.format import format_document, write_fact
from factharness.gold.parse import parse, read_document
from factharness.gold.problems import check_document, gold_paths
from factharness.gold.syntax import read
from factharness.text import sha256

TEXT = "Claire Dumoulin et Jean Petit parlent. Dumoulin dit oui, Lyon dit non, Anne Petit rit."


def gold(*lines, text=TEXT):
    return read(
        f'gold = 1\nid = "a"\nlang = "fr"\npublished = 2024-03-06\ntext = "full"\n'
        f'sha256 = "{sha256(text)}"\n+++\n\n> {text}\n' + "".join(f"  {line}\n" for line in lines)
    )


def quote_of(document):
    return next(
        write_fact(line)
        for block in document.blocks
        for line in block.facts()
        if line.kind == "quote"
    )


PERSONS = ("PER Claire Dumoulin", "PER Dumoulin <#2>")


@pytest.mark.parametrize(
    ("typed", "facts", "written"),
    [
        ("by: elle = Dumoulin", PERSONS, "by: elle = Claire Dumoulin"),
        ("by: elle = Claire", PERSONS, "by: elle = Claire Dumoulin"),
        ("by: elle = Claire Dumoulin", PERSONS, None),
        ("by: elle = moulin", PERSONS, None),
        ("by: elle = Dumoulin", ("PER? Claire Dumoulin",), None),
        ("by: elle = Dumoulin", ("ORG Claire Dumoulin",), None),
        ("by: elle = Dumoulin", (PERSONS[0], "ORG Dumoulin <#2>"), None),
        ("by: elle = Petit", ("PER Jean Petit", "PER Anne Petit"), None),
        ("by: - | to: - = Petit", ("PER Jean Petit",), "to: - = Jean Petit"),
        ("by: @LOC", ("LOC Lyon",), "by: Lyon"),
        ("by: @PER = Jean", ("PER Jean Petit",), "by: Jean Petit = Jean Petit"),
        ("by: @PER", ("PER Dumoulin <#2>",), "by: Dumoulin <#2>"),
        ("by: @PER", PERSONS, None),
        ("by: @PER", (), None),
        ("by: @DATE", ("DATE Lyon | 2024",), None),
        ("by: @PER", ("QUOTE @PER Lyon dit non | indirect | by: -",), None),
    ],
)
def test_what_is_written_out(typed, facts, written):
    document = gold(f"QUOTE oui | indirect | {typed}", *facts)
    line = quote_of(completed(document))
    assert line == f"QUOTE    oui | indirect | {typed if written is None else written}" or (
        written is not None and line.endswith(written)
    )


@pytest.mark.parametrize(
    ("typed", "facts", "says"),
    [
        ("by: @PER", ("PER Jean Petit",), "by: @PER stands for 'Jean Petit'"),
        (
            "by: @PER",
            ("PER Jean Petit", "PER Anne Petit"),
            "which has 'Jean Petit' and 'Anne Petit'",
        ),
        ("by: @PER", (), "one PER of the paragraph, which has none"),
        ("by: @q7", (), "unknown quote '@q7'"),
    ],
)
def test_a_reference_that_is_not_written_out_is_an_error_that_says_what_it_may_mean(
    typed, facts, says
):
    document = gold(f"QUOTE oui | indirect | {typed}", *facts)
    problems, _ = check_document(document)
    (problem,) = [one for one in problems if says in one.message]
    assert problem.line == 10
    with pytest.raises(GoldError, match=r"unknown quote|stands for"):
        parse(f"{document.header_source}+++\n\n> {TEXT}\n  QUOTE oui | indirect | {typed}\n")


def told(*lines):
    problems, _ = check_document(gold(*lines))
    return [str(one) for one in problems if " may be " in one.message]


def test_a_name_of_two_persons_is_an_error_that_lists_them():
    line = "QUOTE oui | indirect | by: - = Petit"
    assert told(line, "PER Jean Petit", "PER Anne Petit") == [
        ":10: by: = Petit may be Anne Petit or Jean Petit; write the whole name"
    ]
    assert told(line, "PER Jean Petit", "PER Anne Petit", "ORG Petit <#1>") == []
    assert told(line, "PER Jean Petit") == []


def test_a_reference_in_another_paragraph_means_that_paragraph():
    text = "Jean Petit rit.\n\nAnne dit oui."
    source = gold("PER Jean Petit").header_source.replace(sha256(TEXT), sha256(text))
    body = "> Jean Petit rit.\n  PER Jean Petit\n\n> Anne dit oui.\n"
    document = read(f"{source}+++\n\n{body}  QUOTE oui | indirect | by: @PER\n")
    assert quote_of(completed(document)).endswith("by: @PER")
    problems, _ = check_document(document)
    assert any("one PER of the paragraph, which has none" in one.message for one in problems)


@given(gold_articles())
def test_completing_twice_changes_nothing_more(given_gold):
    document, _ = compose(*given_gold)
    once = completed(document)
    assert completed(once) == once
    assert format_document(once) == format_document(document)


@given(st.sets(st.sampled_from(["A", "A B", "B", "A B C", "B C", "C A"])), st.sampled_from("ABC"))
def test_a_completion_is_never_itself_completed(persons, name):
    names = Names.from_words(persons)
    for longer in names.longer(name):
        assert len(longer) > len(name)
        assert names.longer(longer) == []


def test_no_file_of_the_project_has_a_short_name():
    for path in gold_paths(["goldsets"]):
        document = read_document(path)
        assert completed(document) == document


def test_a_name_of_very_many_words_has_no_parts():
    """Its parts would take the square of its length in memory."""
    names = [" ".join(["Ana"] * count) for count in (LONGEST, LONGEST + 1)]
    assert not Names.from_words(names[1:]).by_part
    assert Names.from_words(names[:1]).longer("Ana")
