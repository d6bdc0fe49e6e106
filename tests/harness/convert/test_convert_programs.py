"""What the pages of other programs save, as recorded from them, and what they need to show an export."""

import json
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from test_convert_examples import encode, refused

from factharness.cli import main
from factharness.convert import export_gold, import_gold, import_labellings
from factharness.facts import Article, Date, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.gold.parse import parse

TEXT = "🎭 Ana Bo a dit hier : « Oui », puis « non » à Lyon."
"""The words after the emoji are one place further in UTF-16 units than in code points."""
GOLD = GoldArticle(
    Article("essai", TEXT, date(2024, 3, 5), "fr", {"rubrique": "sport"}),
    (
        GoldFact(Entity(Span(2, 8), "PER")),
        GoldFact(Date(Span(15, 19), "DATE", "2024-03-04"), attributes={"mod": "APPROX"}),
        GoldFact(
            Quote((Span(22, 29), Span(36, 43)), "direct", Span(2, 8), "Ana Bodard", Span(9, 14)),
            attributes={"note": "two parts"},
        ),
        GoldFact(Entity(Span(46, 50), "LOC"), ignore=True, attributes={"meto": "ORG"}),
    ),
)
PUIS = Entity(Span(31, 35), "PER")
"""The word that was labelled with the mouse on each page, to see what the page counts."""


def of_label_studio(key: str, kind: str, source: str, start: int, end: int, **said: object):
    value = {"start": start, "end": end} | said
    return {
        "value": value,
        "id": key,
        "from_name": source,
        "to_name": "text",
        "type": kind,
        "origin": "manual",
    }


LABEL_STUDIO = [
    of_label_studio("T1", "labels", "label", 2, 8, text="Ana Bo", labels=["PER"]),
    of_label_studio("T2", "labels", "label", 15, 19, text="hier", labels=["DATE"]),
    of_label_studio("T2", "textarea", "mod", 15, 19, text=["APPROX"]),
    of_label_studio("T2", "textarea", "value", 15, 19, text=["2024-03-04"]),
    of_label_studio("T3", "labels", "label", 22, 29, text="« Oui »", labels=["QUOTE"]),
    of_label_studio("T3", "textarea", "note", 22, 29, text=["two parts"]),
    of_label_studio("T3", "choices", "type", 22, 29, text="« Oui »", choices=["mixed"]),
    of_label_studio("T3", "textarea", "speaker_name", 22, 29, text=["Ana Bodard"]),
    of_label_studio("T3.1", "labels", "label", 36, 43, text="« non »", labels=["QUOTE"]),
    of_label_studio("T4", "labels", "label", 2, 8, text="Ana Bo", labels=["SPEAKER"]),
    of_label_studio("T5", "labels", "label", 9, 14, text="a dit", labels=["CUE"]),
    of_label_studio("T6", "labels", "label", 46, 50, text="Lyon", labels=["LOC"]),
    of_label_studio("T6", "textarea", "meto", 46, 50, text=["ORG"]),
    of_label_studio("T6", "choices", "ignore", 46, 50, text="Lyon", choices=["yes"]),
    of_label_studio("8iGa-yNfyy", "labels", "label", 31, 35, text="puis", labels=["PER"]),
    *(
        {
            "from_id": "T3",
            "to_id": target,
            "type": "relation",
            "direction": "right",
            "labels": [label],
        }
        for target, label in (("T4", "speaker"), ("T5", "cue"), ("T3.1", "continues"))
    ),
]
"""Saved by Label Studio 1.23.2 after an import of GOLD, one new label and one changed choice."""


def test_the_page_of_label_studio_counts_code_points():
    data = {"text": TEXT, "id": "essai", "lang": "fr", "published": "2024-03-05"}
    annotation = {"completed_by": 1, "result": LABEL_STUDIO, "ground_truth": False}
    task = {"id": 6, "annotations": [annotation], "data": data, "meta": {"rubrique": "sport"}}
    (found,), notes = import_gold("label-studio", {"d.json": encode([task])})
    assert notes.lines() == ()
    assert found.article == GOLD.article
    name, day, quote, place = GOLD.facts
    mixed = Quote(quote.fact.content, "mixed", Span(2, 8), "Ana Bodard", Span(9, 14))
    expected = [name, day, GoldFact(mixed, attributes=quote.attributes), place, GoldFact(PUIS)]
    assert sorted(map(repr, found.facts)) == sorted(map(repr, expected))


def test_an_export_for_label_studio_counts_as_its_page():
    (task,) = json.loads(export_gold("label-studio", [GOLD]).files["label-studio.json"])
    (annotation,) = task["annotations"]
    assert annotation["ground_truth"] is False  # else nobody else's labels would be read
    recorded = {(r["id"], r["from_name"]): r["value"] for r in LABEL_STUDIO if "value" in r}
    for result in annotation["result"]:
        if result["type"] == "labels":
            assert result["value"] == recorded[result["id"], "label"]


def test_the_configuration_of_label_studio_has_a_control_for_all_that_the_tasks_say():
    odd = GoldFact(Entity(Span(2, 8), "CHAT<&>"), attributes={"couleur": "noir"})
    files = export_gold("label-studio", [GOLD, GoldArticle(Article("b", TEXT), (odd,))]).files
    view = ElementTree.fromstring(files["label-studio.xml"])
    controls = {each.get("name"): each for each in view.iter() if each.get("name")}
    labels = [each.get("value") for each in view.iter("Label")]
    relations = [each.get("value") for each in view.iter("Relation")]
    assert [each.get("value") for each in view.iter("Text")] == ["$text"]
    for result in (
        r
        for task in json.loads(files["label-studio.json"])
        for r in task["annotations"][0]["result"]
    ):
        if result["type"] == "relation":
            assert set(result["labels"]) <= set(relations)
            continue
        control = controls[result["from_name"]]
        assert control.tag.lower() == result["type"]
        assert control.get("toName") == result["to_name"]
        if result["type"] == "labels":
            label = result["value"]["labels"][0]
            assert label in labels
            of = {result["id"]: label}
        else:
            assert of[result["id"]] in control.get("whenLabelValue").split(",")
        if result["type"] == "choices":
            choices = [each.get("value") for each in control.iter("Choice")]
            assert set(result["value"]["choices"]) <= set(choices)


DOCCANO = {
    "id": "essai",
    "text": TEXT,
    "published": "2024-03-05",
    "lang": "fr",
    "meta": {"rubrique": "sport"},
    "offsets": "UTF-16 units",
    "entities": [
        {"id": 8, "label": "PER", "start_offset": 3, "end_offset": 9},
        {"id": 9, "label": "DATE", "start_offset": 16, "end_offset": 20},
        {"id": 10, "label": "QUOTE.direct", "start_offset": 23, "end_offset": 30},
        {"id": 11, "label": "QUOTE", "start_offset": 37, "end_offset": 44},
        {"id": 12, "label": "SPEAKER", "start_offset": 3, "end_offset": 9},
        {"id": 13, "label": "CUE", "start_offset": 10, "end_offset": 15},
        {"id": 14, "label": "LOC?", "start_offset": 47, "end_offset": 51},
        {"id": 15, "label": "PER", "start_offset": 32, "end_offset": 36},
    ],
    "relations": [
        {"id": 4, "from_id": 10, "to_id": 12, "type": "speaker"},
        {"id": 5, "from_id": 10, "to_id": 13, "type": "cue"},
        {"id": 6, "from_id": 10, "to_id": 11, "type": "continues"},
    ],
    "Comments": [],
}
"""Saved by doccano 1.8.4 after an import of GOLD and one new label."""


@pytest.mark.parametrize("said", ["UTF-16 units", "code points", None])
def test_the_page_of_doccano_counts_utf16_units_whatever_an_old_export_said(said):
    (found,), notes = import_gold("doccano", {"d.jsonl": encode(DOCCANO | {"offsets": said})})
    assert notes.left_out() == 0
    assert found.article == GOLD.article
    assert [held.fact for held in found.facts] == [
        Entity(Span(2, 8), "PER"),
        Date(Span(15, 19), "DATE"),
        Quote((Span(22, 29), Span(36, 43)), "direct", Span(2, 8), None, Span(9, 14)),
        Entity(Span(46, 50), "LOC"),
        PUIS,
    ]


def test_an_export_for_doccano_counts_as_its_page():
    line = json.loads(export_gold("doccano", [GOLD]).files["doccano.jsonl"])

    def places(value):
        return {(e["label"], e["start_offset"], e["end_offset"]) for e in value["entities"]}

    assert places(line) == places(DOCCANO) - {("PER", 32, 36)}
    assert line["offsets"] == DOCCANO["offsets"]


def test_brat_has_every_label_relation_and_attribute_of_an_export_in_its_configuration():
    files = export_gold("brat", [GOLD]).files
    sections = dict(
        re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", files["annotation.conf"].decode(), re.M | re.S)
    )
    assert list(sections) == ["entities", "relations", "events", "attributes"]
    known = {
        name: dict(line.partition("\t")[::2] for line in text.splitlines() if line)
        for name, text in sections.items()
    }
    labels = {}
    for line in files["essai.ann"].decode().splitlines():
        key, said, *_ = line.split("\t")
        first, *rest = said.split(" ")
        if key[0] == "T":
            labels[key] = first
            assert first in known["entities"]
        elif key[0] == "R":
            ends = [labels[end.partition(":")[2]] for end in rest]
            assert known["relations"][first] == f"Arg1:{ends[0]}, Arg2:{ends[1]}"
        elif key[0] == "A":
            of, _, values = known["attributes"][first].partition(", Value:")
            assert labels[rest[0]] in of.removeprefix("Arg:").split("|")
            assert rest[1:] == [] or rest[1] in values.split("|")
    shown = files["visual.conf"].decode()
    assert shown.startswith("[labels]\n")
    assert all(f"\n{label}\tbgColor:#" in shown for label in known["entities"])


PRODIGY = {
    "text": "L’Élysée dit « oui ».",
    "_input_hash": -1,
    "_task_hash": 7,
    "_view_id": "relations",
    "_annotator_id": "ana",
    "_session_id": "ana",
    "tokens": [],
    "spans": [
        {"start": 2, "end": 8, "token_start": 1, "token_end": 1, "label": "SPEAKER"},
        {"start": 13, "end": 20, "token_start": 3, "token_end": 5, "label": "QUOTE.direct"},
    ],
    "relations": [
        {
            "head": 5,
            "child": 1,
            "head_span": {"start": 13, "end": 20, "label": "QUOTE.direct"},
            "child_span": {"start": 2, "end": 8, "label": "SPEAKER"},
            "label": "speaker",
            "color": "#c5bdf4",
        },
        {"head": 5, "child": 1, "label": "agrees"},
    ],
    "meta": {"source": "AFP"},
    "answer": "accept",
}


def test_prodigy_tasks_are_read_with_their_relations_and_their_annotator():
    rejected = PRODIGY | {"answer": "reject"}
    files = {"d.jsonl": encode(PRODIGY) + b"\n" + encode(rejected)}
    (found,), notes = import_labellings("prodigy", files)
    assert found.annotator == "ana"
    assert [held.fact for held in found.gold.facts] == [
        Quote((Span(13, 20),), "direct", Span(2, 8))
    ]
    assert found.gold.article.meta == {"source": "AFP"}
    assert notes.lines() == (
        "relation 'agrees', left out (1)",
        "an article answered 'reject', skipped (1)",
    )


def test_prodigy_spans_are_on_the_tokens_beside_them():
    inside = GoldFact(Entity(Span(47, 49), "MISC"), attributes={"note": "inside a word"})
    gold = GoldArticle(GOLD.article, (*GOLD.facts, inside))
    raw = export_gold("prodigy", [gold]).files["prodigy.jsonl"]
    task = json.loads(raw)
    for span in task["spans"]:
        first, last = task["tokens"][span["token_start"]], task["tokens"][span["token_end"]]
        assert (first["start"], last["end"]) == (span["start"], span["end"])
    for relation in task["relations"]:
        assert relation["head"] == relation["head_span"]["token_end"]
        assert relation["head_span"] in task["spans"]
    assert task["answer"] == "accept"
    assert [token["id"] for token in task["tokens"]] == list(range(len(task["tokens"])))
    (found,), notes = import_gold("prodigy", {"d.jsonl": raw})
    assert found == gold
    assert notes.lines() == ()
    for span in task["spans"]:
        if span["label"] == "MISC":
            span["start"], span["end"] = (
                44,
                45,
            )  # moved on the page: what was beside it is not its own
    (moved,), _ = import_gold("prodigy", {"d.jsonl": encode(task)})
    assert GoldFact(Entity(Span(44, 45), "MISC")) in moved.facts


def test_two_quotes_of_one_speaker_share_a_span_of_prodigy_and_nothing_is_lost():
    quotes = (
        Quote((Span(22, 29),), "direct", Span(2, 8)),
        Quote((Span(36, 43),), "mixed", Span(2, 8)),
    )
    gold = GoldArticle(GOLD.article, tuple(map(GoldFact, quotes)))
    written = export_gold("prodigy", [gold])
    assert written.notes == ()
    assert import_gold("prodigy", written.files)[0] == [gold]


@pytest.mark.parametrize(
    ("own", "says"),
    [
        ([{"span": [1, 2]}], "facts[0].span: is not [start, end, label]"),
        ([{"span": [2, 8, "SPEAKER"], "place": [1]}], "facts[0].place: is not [start, end]"),
        ([{"span": [2, 8, "SPEAKER"], "place": [1, 99]}], "is no stretch"),
    ],
)
def test_what_stands_beside_prodigy_spans_is_checked(own, says):
    assert says in refused("prodigy", {"d.jsonl": PRODIGY | {"facts": own}})


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


def test_each_annotator_of_a_task_gets_a_folder_for_gold_agree(tmp_path, capsys):
    def annotation(who, *labels):
        results = [
            of_label_studio(f"r{n}", "labels", "label", 2, 8, labels=[label])
            for n, label in enumerate(labels)
        ]
        return {"completed_by": {"email": who}, "result": results}

    data = {"text": TEXT, "id": "essai", "published": "2024-03-05"}
    tasks = [
        {
            "data": data,
            "annotations": [
                annotation("ana@example.org", "PER"),
                annotation("bo@example.org", "ORG"),
            ],
        }
    ]
    (tmp_path / "tasks.json").write_bytes(encode(tasks))
    out = tmp_path / "out"
    assert call("import", "label-studio", tmp_path / "tasks.json", "-o", out) == 0
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.gold")) == [
        "ana-example.org/essai.gold",
        "bo-example.org/essai.gold",
    ]
    source = (out / "bo-example.org" / "essai.gold").read_text(encoding="utf-8")
    assert 'by = ["bo@example.org"]' in source
    assert parse(source).facts[0].fact.label == "ORG"
    capsys.readouterr()
    assert call("agree", out / "ana-example.org", out / "bo-example.org") == 0
    assert "ORG" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["brat", "doccano", "label-studio", "prodigy", "iob2", "hipe", "spacy-json", "webanno"]
)
def test_the_format_of_an_export_is_told_from_its_files(name, tmp_path, capsys):
    folder = tmp_path / "files"
    folder.mkdir()
    for file, raw in export_gold(name, [GOLD]).files.items():
        (folder / file).write_bytes(raw)
    args = ("import", "auto", folder, "-o", tmp_path / "gold", "--published", "2024-03-05")
    assert call(*args) == 0
    assert capsys.readouterr().err == f"read as {name}\n"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"a.txt": "Ana"}, "a.txt: of no known format"),
        ({"a.json": "{}"}, "JSON of no known format"),
        ({"a.json": "3"}, "JSON of no known format"),
        ({"a.jsonl": ""}, "JSON of no known format"),
        ({"a.conll": "Ana\tO\n", "b.ann": ""}, "a.conll looks like iob2, b.ann like brat"),
    ],
)
def test_files_whose_format_cannot_be_told_are_refused(files, says, tmp_path, capsys):
    for file, text in files.items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    paths = [tmp_path / file for file in files]
    assert call("import", "auto", *paths, "-o", tmp_path / "gold") == 2
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([["Ana", {"entities": []}]], "spacy-json"),
        ({"text": "Ana", "ents": []}, "spacy-json"),
        ({"text": "Ana", "label": []}, "doccano"),
        ({"text": "Ana", "spans": [], "tokens": []}, "prodigy"),
        ([{"id": 1, "data": {"text": "Ana"}, "annotations": []}], "label-studio"),
    ],
)
def test_json_of_others_is_told_too(value, name):
    from factharness.convert.detect import detect

    assert detect({"a.json": encode(value)}) == name
