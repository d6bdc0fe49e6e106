# ruff: noqa: E501 - tables of cases
"""Worked examples: files as other tools write them, and each way in which they can be wrong."""

import json
import zlib

import pytest
from convert_strategies import LIBRARIES

from factharness.convert import TagReading, export_gold, format_named, import_gold
from factharness.errors import GoldError
from factharness.facts import Article, Date, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.labels import MAPS

TEXT = "🎭 Ana Bo dit : « Oui », puis « non »."
SPOKEN = GoldArticle(
    Article("essai", TEXT),
    (
        GoldFact(Entity(Span(2, 8), "PER")),
        GoldFact(
            Quote((Span(15, 22), Span(29, 36)), "direct", Span(2, 8), "Ana Bo", Span(9, 12)),
            attributes={"note": "two parts"},
        ),
    ),
)


def only(name: str, files: dict[str, object], **more) -> GoldArticle:
    (article,) = import_gold(name, {key: encode(value) for key, value in files.items()}, **more)[0]
    return article


def notes(name: str, files: dict[str, object], **more) -> str:
    return "\n".join(
        import_gold(name, {key: encode(value) for key, value in files.items()}, **more)[1].lines()
    )


def encode(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)).encode()


def refused(name: str, files: dict[str, object], **more) -> str:
    with pytest.raises(GoldError) as caught:
        import_gold(name, {key: encode(value) for key, value in files.items()}, **more)
    assert caught.value.remedy
    return str(caught.value)


def test_brat_as_it_is_written():
    files = export_gold("brat", [SPOKEN]).files
    assert files["essai.ann"].decode() == (
        "T1\tPER 2 8\tAna Bo\n"
        "T2\tQUOTE 15 22;29 36\t« Oui » « non »\n"
        "A1\tType T2 direct\n"
        '#T2\tAnnotatorNotes T2\t{"note": "two parts", "speaker_name": "Ana Bo"}\n'
        "T3\tSPEAKER 2 8\tAna Bo\n"
        "T4\tCUE 9 12\tdit\n"
        "R1\tspeaker Arg1:T2 Arg2:T3\n"
        "R2\tcue Arg1:T2 Arg2:T4\n"
    )


def test_brat_as_others_write_it():
    text = "Ana Bo vit à\nLyon et 2024."
    ann = (
        "T1\tPerson 0 6\tAna Bo\n#1\tAnnotatorNotes T1\tsure\nT2\tLocation 13 17\tLyon\r\n"
        "T3\tDate 21 25\t2024\nE1\tVivre:T2 Who:T1\nN1\tReference T1 Wikipedia:1\tAna\n"
        "*\tEquiv T1 T2\nR1\tLives Arg1:T1 Arg2:T2\nA1\tNegation E1\n\n"
    )
    files = {"d.txt": text, "d.ann": ann}
    found = only("brat", files, table=MAPS["winer"])
    assert [held.fact for held in found.facts] == [
        Entity(Span(0, 6), "PER"),
        Entity(Span(13, 17), "LOC"),
        Date(Span(21, 25), "DATE"),
    ]
    assert found.facts[0].attributes == {"note": "sure"}
    said = notes("brat", files)
    for what in (
        "an event",
        "a normalisation",
        "an equivalence",
        "relation 'lives'",
        "something else than a T",
    ):
        assert what in said


def test_brat_notes_of_any_depth_and_a_second_note():
    nested = "[" * 100_000
    ann = f"T1\tPER 0 3\tAna\n#1\tAnnotatorNotes T1\t{nested}\n#2\tAnnotatorNotes T1\tsûr\n"
    files = {"d.txt": "Ana", "d.ann": ann}
    assert only("brat", files).facts[0].attributes == {"note": nested}
    assert "a second attribute or note of one name, left out (1)" in notes("brat", files)


def test_labels_that_a_map_does_not_know_are_left_out_and_told():
    files = {"d.txt": "Ana", "d.ann": "T1\tChef 0 3\tAna\n"}
    assert only("brat", files, table=MAPS["winer"]).facts == ()
    assert "label 'Chef', which is not in the map, left out (1)" in notes(
        "brat", files, table=MAPS["winer"]
    )
    assert "label 'MONEY', which the map leaves out (1)" in notes(
        "brat", {"d.txt": "Ana", "d.ann": "T1\tMONEY 0 3\tAna\n"}, table=MAPS["ontonotes"]
    )


def test_utf16_offsets_are_recognised_by_the_words():
    files = {
        "d.txt": TEXT,
        "d.ann": "T1\tPER 3 9\tAna Bo\nT2\tQUOTE 16 23;30 37\t« Oui » « non »\n",
    }
    found = only("brat", files)
    assert found.facts[0].fact == Entity(Span(2, 8), "PER")
    assert found.facts[1].fact.content == (Span(15, 22), Span(29, 36))
    assert "offsets in UTF-16 units, converted" in notes("brat", files)


def test_utf16_offsets_are_recognised_by_where_words_end():
    line = {"text": TEXT, "label": [[3, 9, "PER"], [10, 13, "MISC"]]}
    assert [held.fact.span.of(TEXT) for held in only("doccano", {"d.jsonl": line}).facts] == [
        "Ana Bo",
        "dit",
    ]
    assert notes("doccano", {"d.jsonl": line}) == ""
    line = {"text": TEXT, "label": [[2, 8, "PER"], [9, 12, "MISC"]]}
    assert [held.fact.span.of(TEXT) for held in only("doccano", {"d.jsonl": line}).facts] == [
        "Ana Bo",
        "dit",
    ]
    assert notes("doccano", {"d.jsonl": line}) == "offsets in code points, converted (1)"


@pytest.mark.parametrize(("start", "unit"), [(3, "UTF-16"), (2, "code points")])
def test_label_studio_in_either_unit(start, unit):
    result = {
        "id": "a",
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": start + 6, "text": "Ana Bo", "labels": ["PER"]},
    }
    task = {"data": {"text": TEXT}, "annotations": [{"result": [result]}]}
    found = only("label-studio", {"d.json": [task]})
    assert [held.fact for held in found.facts] == [Entity(Span(2, 8), "PER")]
    assert (unit == "UTF-16") == ("UTF-16" in notes("label-studio", {"d.json": [task]}))


def test_doccano_lines():
    export = export_gold("doccano", [SPOKEN])
    line = json.loads(export.files["doccano.jsonl"])
    assert [entity["label"] for entity in line["entities"]] == [
        "PER",
        "QUOTE.direct",
        "QUOTE",
        "SPEAKER",
        "CUE",
    ]
    assert [relation["type"] for relation in line["relations"]] == ["speaker", "cue", "continues"]
    assert sorted(export.notes) == [
        "note of QUOTE, left out (1)",
        "speaker_name of QUOTE, left out (1)",
    ]


CONLL = (
    "-DOCSTART- -X- O O\n\nAna NNP B-NP {0}\nBo NNP I-NP {1}\nvit VB O {2}\n\nLyon NNP B-NP {3}\n"
)


@pytest.mark.parametrize(
    ("tags", "names", "invalid"),
    [
        ("B-PER I-PER O B-LOC", ["Ana Bo:PER", "Lyon:LOC"], 0),
        ("B-PER E-PER O S-LOC", ["Ana Bo:PER", "Lyon:LOC"], 0),
        ("B-PER L-PER O U-LOC", ["Ana Bo:PER", "Lyon:LOC"], 0),
        ("I-PER I-PER O I-LOC", ["Ana Bo:PER", "Lyon:LOC"], 0),
        ("B-PER I-LOC O B-LOC", ["Ana:PER", "Bo:LOC", "Lyon:LOC"], 1),
        ("O I-PER O B-LOC", ["Bo:PER", "Lyon:LOC"], 1),
        ("S-PER I-PER O B-LOC", ["Ana:PER", "Bo:PER", "Lyon:LOC"], 3),
        ("E-PER O O B-LOC", ["Ana:PER", "Lyon:LOC"], 2),
    ],
)
def test_tags_are_read_and_repaired_with_a_count_or_refused(tags, names, invalid):
    files = {"d.conll": CONLL.format(*tags.split())}
    found = only("iob2", files)
    assert found.article.text == "Ana Bo vit\nLyon"
    words = [f"{held.fact.span.of(found.article.text)}:{held.fact.label}" for held in found.facts]
    assert words == names
    assert (f":repair ({invalid})" in notes("iob2", files).partition("invalid")[2]) == bool(invalid)
    if invalid:
        assert "d.conll:" in refused("iob2", files, reading=TagReading(invalid="refuse"))
    else:
        only("iob2", files, reading=TagReading(invalid="refuse"))


@pytest.mark.parametrize(
    ("tags", "scheme"),
    [
        ("B-PER I-PER O B-LOC", "bio"),
        ("I-PER B-PER O I-LOC", "iob1"),
        ("I-PER E-PER O E-LOC", "ioe2"),
        ("E-PER I-PER O I-LOC", "ioe1"),
        ("B-PER E-PER O S-LOC", "bioes"),
        ("B-PER L-PER O U-LOC", "bilou"),
    ],
)
def test_the_scheme_is_told_from_the_tags_and_said(tags, scheme):
    files = {"d.conll": CONLL.format(*tags.split())}
    found = only("iob2", files)
    assert notes("iob2", files).split("\n") == [
        "tags read from column 4 (1)",
        f"names read as {scheme}:repair ({len(found.facts)})",
    ]
    assert only("iob2", files, reading=TagReading(scheme)) == found


def test_invalid_chunks_are_discarded_on_request():
    files = {"d.conll": CONLL.format("I-PER", "I-PER", "O", "B-LOC")}
    reading = TagReading("BIO", "discard")
    assert [held.fact.label for held in only("iob2", files, reading=reading).facts] == ["LOC"]
    assert sorted(notes("iob2", files, reading=reading).split("\n")) == [
        "invalid boundaries of names, bio:discard (1)",
        "names read as bio:discard (1)",
        "names with invalid boundaries, left out (1)",
        "tags read from column 4 (1)",
    ]


@pytest.mark.parametrize("tag", ["PER", "B", "B-", "X-PER"])
def test_what_is_no_tag_is_read_as_o_or_refused(tag):
    files = {"d.conll": CONLL.format(tag, "O", "O", "B-LOC")}
    assert len(only("iob2", files).facts) == 1
    assert "no BIO tag, left out (1)" in notes("iob2", files)
    assert "d.conll:3:" in refused("iob2", files, reading=TagReading(invalid="refuse"))


def test_a_refused_tag_is_named_with_its_line_also_at_the_end_of_a_sentence():
    files = {"d.conll": CONLL.format("O", "O", "B-PER", "S-LOC")}
    assert "d.conll:5:" in refused("iob2", files, reading=TagReading(invalid="refuse"))


def test_hipe_is_read_under_the_same_policies():
    files = {"d.tsv": "TOKEN\tNE-COARSE-LIT\tMISC\nAna\tI-PER\t_\nLyon\tB-LOC\t_\n"}
    assert len(only("hipe", files).facts) == 2
    assert len(only("hipe", files, reading=TagReading(invalid="discard")).facts) == 1
    assert "d.tsv:2:" in refused("hipe", files, reading=TagReading(invalid="refuse"))


def test_a_scheme_that_is_none_and_a_format_without_tags_are_refused():
    files = {"d.conll": CONLL.format("O", "O", "O", "B-LOC")}
    assert "tag scheme" in refused("iob2", files, reading=TagReading("BIOX"))
    assert "has no tags" in refused("brat", {}, reading=TagReading("BIO"))


def test_iob2_and_iobes_as_they_are_written():
    gold = GoldArticle(
        Article("a", "Ana Bo à Lyon."),
        (GoldFact(Entity(Span(0, 6), "PER")), GoldFact(Entity(Span(9, 13), "LOC"))),
    )
    assert export_gold("iob2", [gold]).files["iob2.conll"].decode() == (
        "-DOCSTART- a O\n\nAna\tB-PER\nBo\tI-PER\nà\tO\nLyon\tB-LOC\n.\tO\n\n"
    )
    assert (
        "Ana\tB-PER\nBo\tE-PER\nà\tO\nLyon\tS-LOC\n"
        in export_gold("iobes", [gold]).files["iobes.conll"].decode()
    )


def test_hipe_holds_metonymy_an_inner_name_and_spaces():
    gold = GoldArticle(
        Article("a", "L’Université de Lyon dit.\n\nLyon."),
        (
            GoldFact(Entity(Span(2, 20), "ORG")),
            GoldFact(Entity(Span(16, 20), "LOC")),
            GoldFact(Entity(Span(27, 31), "LOC"), attributes={"meto": "ORG"}),
        ),
    )
    source = export_gold("hipe", [gold]).files["hipe.tsv"].decode()
    assert "Lyon\tI-ORG\tO\tO\tO\tO\tB-LOC\t_\t_\t_\n" in source
    assert "Lyon\tB-LOC\tB-ORG\tO\tO\tO\tO\t_\t_\tNoSpaceAfter\n" in source
    found = only("hipe", {"d.tsv": source})
    assert found.article.text == gold.article.text
    assert sorted(map(repr, found.facts)) == sorted(map(repr, gold.facts))


def test_spacy_training_pairs_and_objects_of_to_json():
    pair = [["Ana à Lyon", {"entities": [[0, 3, "PER"], [6, 10, "LOC"]]}]]
    assert len(only("spacy-json", {"d.json": pair}).facts) == 2
    whole = {"text": "Ana", "ents": [{"start": 0, "end": 3, "label": "PER"}], "tokens": []}
    assert only("spacy-json", {"d.jsonl": whole}).facts[0].fact == Entity(Span(0, 3), "PER")


@pytest.mark.needs("spacy")
def test_a_docbin_of_somebody_else():
    import spacy
    from spacy.tokens import DocBin

    doc = spacy.blank("fr")("Ana vit à Lyon.")
    doc.ents = [doc.char_span(0, 3, label="PER")]
    found = only("spacy", {"d.spacy": DocBin(docs=[doc]).to_bytes()})
    assert [held.fact for held in found.facts] == [Entity(Span(0, 3), "PER")]
    written = export_gold("spacy", [SPOKEN]).files["facts.spacy"]
    (back,) = DocBin().from_bytes(written).get_docs(spacy.blank("fr").vocab)
    assert back.text == TEXT
    assert [(ent.text, ent.label_) for ent in back.ents] == [("Ana Bo", "PER")]


WEBANNO = """#FORMAT=WebAnno TSV 3.2
#T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value
#T_RL=webanno.custom.R|role|BT_x


#Text=🎭 Ana Bo vit.
1-1\t0-2\t🎭\t_\t_\t_\t_\t
1-2\t3-6\tAna\t*[1]\tPER[1]\t_\t_\t
1-3\t7-9\tBo\t*[1]|*[2]\tPER[1]|MIS\\_C[2]\t_\t_\t
1-4\t10-13\tvit\t_\t_\trel\t1-2\t
1-5\t13-14\t.\t_\t_\t_\t_\t

#Text=À Lyon.
2-1\t15-16\tÀ\t_\t_\t_\t_\t
2-2\t17-21\tLyon\t*\tLOC\t_\t_\t
2-3\t21-22\t.\t_\t_\t_\t_\t
"""


def test_webanno_as_others_write_it():
    found = only("webanno", {"d.tsv": WEBANNO})
    text = found.article.text
    assert text == "🎭 Ana Bo vit.\nÀ Lyon."
    assert [(held.fact.span.of(text), held.fact.label) for held in found.facts] == [
        ("Ana Bo", "PER"),
        ("Bo", "MIS_C"),
        ("Lyon", "LOC"),
    ]
    assert "layer webanno.custom.R of relations or chains" in notes("webanno", {"d.tsv": WEBANNO})


@pytest.mark.needs("cassis")
def test_xmi_of_somebody_else():
    import cassis

    system = cassis.load_dkpro_core_typesystem()
    cas = cassis.Cas(typesystem=system)
    cas.sofa_string = TEXT
    kind = system.get_type("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity")
    cas.add(kind(begin=2, end=8, value="PER"))
    files = {"TypeSystem.xml": system.to_xml(), "d.xmi": cas.to_xmi()}
    assert 'end="9"' in files["d.xmi"]
    assert [held.fact for held in only("xmi", files).facts] == [Entity(Span(2, 8), "PER")]


BOMB = '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>\n<x>&b;</x>'


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize(
    ("name", "files", "says"),
    [
        ("brat", {"d.txt": "Ana", "d.ann": "T1\tPER 0 3\tBob\n"}, "d.ann:1: [0, 3) is 'Ana' in the text, the annotation says 'Bob'"),
        ("brat", {"d.txt": "Ana", "d.ann": "T1\tPER 0 9\tAna\n"}, "d.ann:1: [0, 9) is no stretch of a text of 3"),
        ("brat", {"d.txt": "Ana", "d.ann": "T1\tPER 2 2\t\n"}, "is no stretch"),
        ("brat", {"d.txt": "Ana", "d.ann": "T1 PER 0 3 Ana\n"}, "not a text-bound annotation"),
        ("brat", {"d.txt": "Ana", "d.ann": "T1\tPER 0 3\tAna\nT1\tPER 0 3\tAna\n"}, "d.ann:2: T1 stands twice"),
        ("brat", {"d.txt": "Ana", "d.ann": "T1\tPER 0 2;1 3\tAn na\n"}, "the pieces of T1 overlap"),
        ("brat", {"d.txt": "Ana", "d.ann": "hello\n"}, "not a line of brat"),
        ("brat", {"d.ann": ""}, "d.txt is missing"),
        ("brat", {"d.txt": ""}, "no .ann file"),
        ("brat", {"d.txt": b"\xff", "d.ann": ""}, "d.txt:1: is not UTF-8"),
        ("doccano", {"d.jsonl": "{"}, "d.jsonl:1: not JSON"),
        ("doccano", {"d.jsonl": "[" * 100_000}, "not JSON"),
        ("doccano", {"d.jsonl": "3"}, "is not an object"),
        ("doccano", {"d.jsonl": {"text": 3}}, "text: is not a string"),
        ("doccano", {"d.jsonl": {"text": "Ana", "label": [[0, 9, "PER"]]}}, "is no stretch"),
        ("doccano", {"d.jsonl": {"text": "Ana", "label": [[0, 3]]}}, "is not [start, end, label]"),
        ("doccano", {"d.jsonl": {"text": "Ana", "label": [[0, "3", "PER"]]}}, "is not a whole number"),
        ("doccano", {"d.jsonl": {"text": "Ana", "published": "hier"}}, "published: is no date"),
        ("doccano", {"d.jsonl": '{"text": "\\ud800"}'}, "lone surrogate"),
        ("label-studio", {"d.json": [{"data": {}}]}, "is not a string"),
        ("label-studio", {"d.json": b"PK\x03\x04"}, "is a zip archive"),
        ("spacy-json", {"d.json": [["Ana", {"entities": [[0, 4, "PER"]]}]]}, "is no stretch"),
        ("spacy", {"d.spacy": b"no"}, "is not a whole DocBin"),
        ("spacy", {"d.spacy": zlib.compress(b"\x81")}, "is not a whole DocBin"),
        ("iob2", {"d.conll": "Ana\n"}, "one column only"),
        ("hipe", {"d.tsv": "Ana\tB-PER\n"}, "not the header of HIPE"),
        ("hipe", {"d.tsv": "TOKEN\tNE-COARSE-LIT\tMISC\nAna\tB-PER\n"}, "2 columns, the header has 3"),
        ("webanno", {"d.tsv": "hello"}, "not WebAnno TSV 3"),
        ("webanno", {"d.tsv": WEBANNO.replace("17-21", "18-22")}, "is not 'Lyon' in the text"),
        ("webanno", {"d.tsv": WEBANNO.replace("2-1\t15", "2-1\t3")}, "the sentence starts at 3"),
        ("webanno", {"d.tsv": WEBANNO.replace("\t*\tLOC\t_\t_\t", "\t*")}, "too few columns"),
        ("webanno", {"d.tsv": WEBANNO.replace("1-1\t", "x\t")}, "not a token line"),
        ("xmi", {"d.xmi": BOMB}, "declares a document type or entities"),
        ("xmi", {"d.xmi": "<x>"}, "is not UIMA XMI"),
        ("xmi", {"d.xmi": ""}, "is not UIMA XMI"),
        ("xmi", {"T.xml": "<x/>"}, "no .xmi file"),
        ("xmi", {"T.xml": "hello", "d.xmi": ""}, "is not UIMA XMI"),
        ("brta", {}, "unknown format 'brta'; did you mean 'brat'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(name, files, says):
    assert says in refused(name, files)


def test_a_library_that_is_missing_is_a_message(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "cassis", None)
    with pytest.raises(Exception, match="dkpro-cassis is not installed"):
        format_named("xmi").read({"d.xmi": b"<x/>"})
