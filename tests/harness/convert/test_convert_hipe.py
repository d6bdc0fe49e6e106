"""HIPE's columns: read by their names, and what is not read is counted."""

from factharness.convert import export_gold, format_named
from factharness.convert.hipe import COLUMNS
from factharness.facts import Article, Entity, GoldArticle, GoldFact, Span


def read(*rows: str, header: str = "\t".join(COLUMNS)):
    """The document of rows (each split at spaces), and its notes."""
    lines = [header, *("\t".join(row.split(" ")) for row in rows)]
    found = format_named("hipe").read({"d.tsv": "\n".join(lines).encode()})
    (document,) = found.documents
    return document, found.notes


def labelled(document) -> list[tuple[str, str]]:
    return [(each.spans[0].of(document.text), each.label) for each in document.regions]


def test_names_metonymy_and_inner_names_are_read_and_the_rest_is_counted():
    document, notes = read(
        "Paris B-loc B-org B-loc.adm B-org.adm O O Q90 Q1 _",
        "dit O O O O O O _ _ _",
        "L’ O B-org B-org.ent O O O _ _ NoSpaceAfter",
        "Ana B-pers O B-pers.ind O B-comp.name B-loc NIL _ NoSpaceAfter",
        ". O O O O O O _ _ EndOfLine",
        "Oui O O O O O O _ _ _",
    )
    assert document.text == "Paris dit L’Ana.\nOui"
    assert labelled(document) == [("Paris", "loc"), ("Ana", "pers"), ("Ana", "loc")]
    assert document.regions[0].fields == {"meto": "org"}
    assert document.file == "d.tsv"
    lines = notes.lines()
    for what in (
        "a name of column NE-COARSE-METO, left out (1)",
        "a name of column NE-FINE-LIT, left out (1)",
        "a name of column NE-FINE-COMP, left out (1)",
        "a link of column NEL-LIT, left out (1)",
        "a link of column NEL-METO, left out (1)",
    ):
        assert what in lines
    assert notes.left_out_by_place()["d.tsv"] == 5


def test_metonymy_of_an_inner_name_is_told():
    facts = (
        GoldFact(Entity(Span(0, 18), "ORG"), attributes={"meto": "LOC"}),
        GoldFact(Entity(Span(14, 18), "LOC"), attributes={"meto": "ORG"}),
    )
    gold = GoldArticle(Article("a", "Université de Lyon"), facts)
    assert export_gold("hipe", [gold]).notes == ("meto of LOC, left out (1)",)


def test_columns_are_found_by_their_names():
    document, _ = read(
        "Ana B-pers NoSpaceAfter B-loc",
        ". O _ O",
        header="TOKEN\tNE-COARSE-LIT\tMISC\tNE-NESTED",
    )
    assert document.text == "Ana."
    assert labelled(document) == [("Ana", "pers"), ("Ana", "loc")]


def test_empty_tokens_and_a_hash_are_tokens():
    document, notes = read(
        " B-loc _",
        "# O _",
        "Lyon B-loc _",
        " I-loc _",
        header="TOKEN\tNE-COARSE-LIT\tMISC",
    )
    assert document.text == "# Lyon"
    assert labelled(document) == [("Lyon", "loc")]
    assert "a name of empty tokens, left out (1)" in notes.lines()
