"""CoNLL columns as other tools write them: which lines are words, which column holds the tags."""

import pytest
from test_convert_examples import encode, notes, only, refused

from factharness.convert import format_named

PLAIN = [("Ana", "B-PER"), ("Bo", "I-PER"), ("vit", "O"), ("à", "O"), ("Lyon", "B-LOC")]


def facts(source: str, name: str = "iob2") -> list[str]:
    """What is labelled, with the labels."""
    article = only(name, {"d.conll": source})
    return [
        f"{held.fact.span.of(article.article.text)}:{held.fact.label}" for held in article.facts
    ]


def text(source: str) -> str:
    return only("iob2", {"d.conll": source}).article.text


def rows(form: str) -> str:
    return "".join(form.format(word, tag) + "\n" for word, tag in PLAIN)


@pytest.mark.parametrize(
    "form",
    [
        "{0}\t{1}",
        "{0} {1}",
        "  {0}   {1}  ",
        "{0}\t{1}\r",
        "{0}\t{1}\t",
        "{0}\t{1}\t\t",
        "{0}\tNOUN\t{1}\t_",
        "{0} {1} NOUN",
        "{0} NOUN B-NP {1}",
        "{0} {1} B-NOUN",
        "{0} lemma O {1}",
        "{0}\t{1}\tO",
    ],
)
def test_the_column_of_tags_is_found_wherever_it_is(form):
    assert facts(rows(form)) == ["Ana Bo:PER", "Lyon:LOC"]


def test_the_column_is_said():
    assert "tags read from column 3 (1)" in notes("iob2", {"d.conll": rows("{0} NOUN {1}")})


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("{0} NOUN", "column 2, which holds 'NOUN': no tags"),
        ("{0} NOUN B-NP", "column 3, which holds 'B-NP': no tags"),
        ("{0}\tVERB\tB-VP\t", "column 2, which holds 'VERB': no tags"),
    ],
)
def test_parts_of_speech_and_chunks_are_no_names_and_are_counted(form, says):
    read = format_named("iob2").read({"d.conll": encode(rows(form))})
    assert not read.documents[0].regions
    assert read.notes.left_out_by_place()["d.conll"] >= len(PLAIN)
    assert f"{says}, left out (5)" in read.notes.lines()


def test_two_columns_of_tags_are_refused_with_both_named():
    message = refused("iob2", {"d.conll": rows("{0} {1} B-ORG NOUN")})
    assert "d.conll: the columns 2 and 3 hold tags" in message
    assert "cut -f" in message


def test_a_column_of_o_alone_is_a_text_without_names():
    read = format_named("iob2").read({"d.conll": encode(rows("{0} NOUN O"))})
    assert not read.documents[0].regions
    assert not read.notes.left_out()


def test_a_no_break_space_is_part_of_a_word():
    source = "10\u00a0000 B-MISC\nans O\n«\u202foui\u202f» O\n"
    assert text(source) == "10\u00a0000 ans «\u202foui\u202f»"
    assert facts(source) == ["10\u00a0000:MISC"]


@pytest.mark.parametrize(
    "source",
    [
        "# 1 O\n# O\n#Lyon B-LOC\nen O\n",
        "# sent_id = 1\n#\tO\n#Lyon\tB-LOC\nen\tO\n",
        "# text = # #Lyon en\n# SYM O\n#Lyon NOUN B-LOC\nen ADP O\n",
        "#\n# O\n#Lyon B-LOC\nen O\n",
        "# O est un mot\n# O\n#Lyon B-LOC\nen O\n",
        "# text = a\tb\n#\tO\n#Lyon\tB-LOC\nen\tO\n",
    ],
)
def test_a_hash_is_a_word_where_it_has_a_tag_and_else_a_comment(source):
    assert text(source) == "# #Lyon en"
    assert facts(source) == ["#Lyon:LOC"]


def test_a_file_of_nothing_but_a_hash():
    assert text("#\tO\n") == "#"


def test_an_empty_word_has_no_place_and_a_name_of_it_is_counted():
    source = "\tB-PER\nAna\tI-PER\nvit\tO\n\tB-LOC\n"
    assert text(source) == "Ana vit"
    assert facts(source) == ["Ana:PER"]
    assert "a name of empty tokens, left out (1)" in notes("iob2", {"d.conll": source})


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("Ana B-PER\nLyon\n", "d.conll:2: one column only"),
        ("Ana NN B-PER\n10 000 CD O\n", "d.conll:2: 4 columns, other lines have 3"),
        ("Ana NN B-PER\nBo I-PER\n", "d.conll:2: 2 columns, other lines have 3"),
        ("Ana\tNN\tB-PER\nBo\tNN\n", "d.conll:2: 2 columns, the tags are in column 3"),
    ],
)
def test_a_line_without_its_columns_is_named(source, says):
    assert says in refused("iob2", {"d.conll": source})


def test_documents_are_named_by_their_marks_else_numbered():
    source = "Ana B-PER\n\n-DOCSTART- O\n\nBo B-PER\n\n-DOCSTART- un O\n\nLyon B-LOC\n"
    read = format_named("iob2").read({"d.conll": encode(source)})
    assert [document.id for document in read.documents] == ["d", "d-1", "un"]
    assert {document.file for document in read.documents} == {"d.conll"}


CONLLU = """# newdoc id = un
# text = Ana Bo vient du Mans.
1\tAna\tAna\tPROPN\t_\t_\t4\tnsubj\t_\tNER=B-PER
2\tBo\tBo\tPROPN\t_\t_\t1\tflat\t_\tNER=I-PER
3\tvient\tvenir\tVERB\t_\tB=O\t0\troot\t_\tNER=O
3.1\t\u2014\t_\t_\t_\t_\t_\t_\t_\tNER=B-LOC
4-5\tdu\t_\t_\t_\t_\t_\t_\t_\t_
4\tde\tde\tADP\t_\t_\t6\tcase\t_\tNER=O
5\tle\tle\tDET\t_\t_\t6\tdet\t_\tNER=B-LOC
6\tMans\tMans\tPROPN\t_\t_\t3\tobl\t_\tNER=I-LOC|SpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t3\tpunct\t_\tNER=O

# newpar
1-2\tAu\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No
1\tÀ\tà\tADP\t_\t_\t3\tcase\t_\tNER=O
2\tle\tle\tDET\t_\t_\t3\tdet\t_\tNER=O
3\t-\t-\tPUNCT\t_\t_\t0\troot\t_\tNER=O

1\tOui\toui\tINTJ\t_\t_\t0\troot\t_\tNER=O

# newdoc
1\tLyon\tLyon\tPROPN\t_\t_\t0\troot\t_\tNER=S-LOC
"""


def test_conllu_as_universal_dependencies_has_it():
    read = format_named("iob2").read({"d.conllu": CONLLU.encode()})
    first, second = read.documents
    assert (first.id, first.text) == ("un", "Ana Bo vient du Mans.\n\nAu-\nOui")
    assert [(region.spans[0].of(first.text), region.label) for region in first.regions] == [
        ("Ana Bo", "PER"),
        ("du Mans", "LOC"),
    ]
    assert (second.id, second.text) == ("d-2", "Lyon")
    lines = read.notes.lines()
    assert "tags read from NER in MISC (1)" in lines
    assert "a tag of an empty node, left out (1)" in lines
    assert "a name that ends inside a token of several words, taken to its end (1)" in lines


def test_conllu_whose_tokens_of_several_words_have_the_tags():
    source = (
        "1-2\tDu\t_\t_\t_\t_\t_\t_\t_\tNE=B-LOC\n1\tDe\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "2\tle\t_\t_\t_\t_\t_\t_\t_\tNE=B-PER\n3\tMans\t_\t_\t_\t_\t_\t_\t_\tNE=I-LOC\n"
    )
    assert facts(source) == ["Du Mans:LOC"]
    assert "a tag inside a token that has its own, left out (1)" in notes(
        "iob2", {"d.conllu": source}
    )


def test_conllu_without_names_counts_what_its_columns_hold():
    source = CONLLU.replace("NER=", "Id=x")
    read = format_named("iob2").read({"d.conllu": source.encode()})
    assert not any(document.regions for document in read.documents)
    assert any(
        "column 4, which holds 'PROPN', 'VERB', 'ADP': no" in line for line in read.notes.lines()
    )


def test_words_after_a_number_that_counts_them():
    source = "1 Ana B-PER\n2 vit O\n\n1 Lyon B-LOC\n"
    assert text(source) == "Ana vit\nLyon"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("6\tMans", "x\tMans", "d.conllu:10: not a line of CoNLL-U: 10 columns, the first 'x'"),
        ("\tMans\tMans", "\tMans", "d.conllu:10: not a line of CoNLL-U: 9 columns"),
    ],
)
def test_a_damaged_line_of_conllu_is_named(old, new, says):
    assert says in refused("iob2", {"d.conllu": CONLLU.replace(old, new)})


def test_a_word_that_is_1_does_not_count_the_words():
    assert text("1 CD O\nan NN O\n\nAna NN B-PER\n\nBo NN B-PER\n") == "1 an\nAna\nBo"


def test_a_lemma_that_looks_like_a_tag_makes_no_column_of_tags():
    source = "un un O\nB-52 B-52 B-MISC\nvole voler O\n"
    assert facts(source) == ["B-52:MISC"]
