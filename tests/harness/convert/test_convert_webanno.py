"""WebAnno TSV with the shapes that INCEpTION writes: parts of tokens, no width, slots, layers of grammar."""

import pytest
from test_convert_examples import only, refused

from factharness.convert import format_named

NAMES = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value"
GRAMMAR = "de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue"


def tsv(layers: list[str], rows: str, text: str = "Ana vit ici.") -> str:
    head = "".join(f"#T_{layer}\n" for layer in layers)
    return f"#FORMAT=WebAnno TSV 3.3\n{head}\n\n#Text={text}\n{rows}"


def read(source: str):
    """What is labelled, and the notes."""
    found = format_named("webanno").read({"d.tsv": source.encode()})
    (document,) = found.documents
    assert document.file == "d.tsv"
    labelled = [f"{each.spans[0].of(document.text)}:{each.label}" for each in document.regions]
    return labelled, found.notes


def test_annotations_of_no_width_are_counted_and_the_others_read():
    labelled, notes = read(
        tsv(
            ["SP=webanno.custom.Mark|"],
            "1-1\t0-3\tAna\t*\t\n1-1.1\t0-0\t\t*\t\n1-2\t4-7\tvit\t_\t\n1-2.1\t7-7\t\t*[1]|*[2]\t\n"
            "1-3\t8-11\tici\t_\t\n1-4\t11-12\t.\t_\t\n1-4.1\t12-12\t\t*\t\n",
        )
    )
    assert labelled == ["Ana:Mark"]
    assert notes.lines() == ("an annotation webanno.custom.Mark of no width, left out (4)",)
    assert notes.left_out_by_place()["d.tsv"] == 4


def test_annotations_over_parts_of_tokens_end_where_the_parts_end():
    labelled, notes = read(
        tsv(
            ["SP=webanno.custom.Span|value"],
            "1-1\t0-3\tAna\tA[1]|B[2]\t\n1-1.1\t1-3\tna\tC[3]\t\n1-1.2\t3-3\t\tD\t\n"
            "1-2\t4-7\tvit\tA[1]\t\n1-2.1\t4-6\tvi\tC[3]\t\n1-2.2\t5-6\ti\tE[4]\t\n"
            "1-3\t8-11\tici\t_\t\n1-4\t11-12\t.\t_\t\n",
        )
    )
    assert sorted(labelled) == ["Ana vit:A", "Ana:B", "i:E", "na vi:C"]
    assert notes.left_out() == 1


def test_layers_of_grammar_and_of_relations_are_no_names_and_are_counted():
    labelled, notes = read(
        tsv(
            [f"SP={GRAMMAR}", f"SP={NAMES}", "RL=webanno.custom.R|role|BT_x", "CH=a.Link|kind|rel"],
            "1-1\t0-3\tAna\tNOUN\t*\tPER\t_\t_\t_\t_\t\n1-2\t4-7\tvit\tVERB\t_\t_\tlives\t1-1\t_\t_\t\n"
            "1-3\t8-11\tici\tADV\t_\t_\t_\t_\tx\t*\t\n1-4\t11-12\t.\t_\t_\t_\t_\t_\t_\t_\t\n",
        )
    )
    assert labelled == ["Ana:PER"]
    assert notes.lines() == (
        f"layer {GRAMMAR.split('|')[0]} of grammar, left out (3)",
        "layer webanno.custom.R of relations or chains, left out (1)",
        "layer a.Link of relations or chains, left out (1)",
    )


def test_slots_are_counted_and_are_no_labels():
    labelled, notes = read(
        tsv(
            [
                "SP=webanno.custom.Verb|ROLE_webanno.custom.Verb:args_x.Link|x.Span|sense",
                "SP=x.Span|",
            ],
            "1-1\t0-3\tAna\t_\t_\t_\t*\t\n1-2\t4-7\tvit\twho;where\t1-1;1-3\tlive\t_\t\n"
            "1-3\t8-11\tici\t_\t_\t_\t*\t\n1-4\t11-12\t.\t_\t_\t_\t_\t\n",
        )
    )
    assert sorted(labelled) == ["Ana:Span", "ici:Span", "vit:live"]
    assert notes.lines() == ("slots of webanno.custom.Verb, left out (1)",)


def test_a_feature_that_is_set_counts_where_the_first_is_not():
    labelled, _ = read(
        tsv(
            [f"SP={NAMES}"],
            "1-1\t0-3\tAna\t_\tPER\t\n1-2\t4-7\tvit\t_\t_\t\n1-3\t8-11\tici\t*\t*\t\n",
        )
    )
    assert labelled == ["Ana:PER", "ici:NamedEntity"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("1-1\t3-0\tAna\t_\t\n", "d.tsv:6: 3-0 ends before it begins"),
        ("1-1\t0-3\tAna\t_\t\n1-1.1\t3-1\t\t*\t\n", "d.tsv:7: 3-1 ends before it begins"),
        ("1-1\t0-3\tAna\t_\t\n1-1.1\t2-2\tx\t*\t\n", "d.tsv:7: 2-2 is not 'x' in the text"),
    ],
)
def test_rows_that_end_before_they_begin_are_refused(rows, says):
    assert says in refused("webanno", {"d.tsv": tsv(["SP=x.Span|"], rows)})


def test_offsets_far_apart_do_not_ask_for_memory():
    rows = "".join(
        f"\n#Text=Ana\n{number}-1\t{number * 9_000}-{number * 9_000 + 3}\tAna\t_\t\n"
        for number in range(2, 200)
    )
    source = tsv(["SP=x.Span|"], "1-1\t0-3\tAna\t*\t\n" + rows, "Ana")
    assert "the one before ends at" in refused("webanno", {"d.tsv": source})


def test_lines_of_a_text_that_stand_a_little_apart_stay_apart():
    rows = "1-1\t0-3\tAna\t*\t\n\n#Text=ici\n2-1\t5-8\tici\t_\t\n"
    article = only("webanno", {"d.tsv": tsv(["SP=x.Span|value"], rows, "Ana")}).article
    assert article.text == "Ana\n\nici"
