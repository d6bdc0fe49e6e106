"""JSON as annotation tools write it: what is read, and what is said of the rest."""

import json

import pytest

from factharness.convert import Notes, export_gold, import_gold, import_labellings
from factharness.convert.model import Note
from factharness.errors import GoldError
from factharness.facts import Entity, GoldArticle, Span

TEXT = "Ana Bo vit à Lyon."
FACTS = [Entity(Span(0, 6), "PER"), Entity(Span(13, 17), "LOC")]


def encode(file: str, value: object) -> bytes:
    if file.endswith(".jsonl"):
        lines = value if isinstance(value, list) else [value]
        return "".join(json.dumps(line) + "\n" for line in lines).encode()
    return json.dumps(value).encode()


def read(name: str, value: object, file: str = "d.json", **more) -> tuple[list[GoldArticle], str]:
    articles, notes = import_gold(name, {file: encode(file, value)}, **more)
    return articles, "\n".join(notes.lines())


def facts(name: str, value: object, file: str = "d.json", **more) -> list[object]:
    return [held.fact for gold in read(name, value, file, **more)[0] for held in gold.facts]


TRIPLES = [[0, 6, "PER"], [13, 17, "LOC"]]
OBJECTS = [{"start": start, "end": end, "label": label} for start, end, label in TRIPLES]
OFFSETS = [
    {"id": number, "start_offset": start, "end_offset": end, "label": label, "user": 1}
    for number, (start, end, label) in enumerate(TRIPLES)
]
PRODIGY = {
    "text": TEXT,
    "_input_hash": 12,
    "_task_hash": -7,
    "tokens": [{"text": "Ana", "start": 0, "end": 3, "id": 0, "ws": True}],
    "spans": [item | {"token_start": 0, "token_end": 1} for item in OBJECTS],
    "_view_id": "ner_manual",
    "answer": "accept",
    "meta": {"rubrique": "faits divers", "page": 3, "une": True, "vide": None},
}


@pytest.mark.parametrize("name", ["spacy-json", "doccano"])
@pytest.mark.parametrize(
    "value",
    [
        {"text": TEXT, "entities": TRIPLES},
        {"text": TEXT, "entities": OBJECTS},
        {"text": TEXT, "spans": OBJECTS},
        {"text": TEXT, "spans": {"sc": OBJECTS[:1], "dates": OBJECTS[1:]}},
        {"text": TEXT, "ents": OBJECTS, "spans": {"sc": OBJECTS}},
        {"text": TEXT, "label": TRIPLES, "Comments": []},
        {"data": TEXT, "label": TRIPLES},
        {"id": 3, "text": TEXT, "labels": TRIPLES},
        {"doc_id": 3, "text": TEXT, "entities": TRIPLES, "username": "a"},
        {"text": TEXT, "annotations": OFFSETS},
        {"text": TEXT, "entities": OFFSETS, "relations": []},
        PRODIGY,
    ],
)
def test_one_article_in_many_words(name, value):
    assert facts(name, value) == FACTS
    assert facts(name, [value], "d.jsonl") == FACTS
    assert "left out" not in read(name, value)[1]
    assert "_" not in read(name, value)[1].replace("doc_id", "")


def test_offsets_are_what_they_are_said_to_be_only_where_the_page_counts_so():
    value = {"text": "🎭 Ana vit", "label": [[2, 5, "PER"]], "offsets": "UTF-16 units"}
    assert facts("doccano", value) == [Entity(Span(1, 4), "PER")]
    assert facts("doccano", value | {"offsets": "code points"}) == [Entity(Span(2, 5), "PER")]
    value["label"] = [[3, 6, "PER"]]
    assert facts("doccano", value | {"offsets": "code points"}) == [Entity(Span(2, 5), "PER")]


def test_prodigy_articles_that_were_not_accepted_are_skipped_and_counted():
    lines = [PRODIGY | {"answer": answer} for answer in ("accept", "reject", "ignore", "reject")]
    articles, notes = read("spacy-json", lines, "d.jsonl")
    assert [gold.article.id for gold in articles] == ["d-1"]
    assert articles[0].article.meta == {"rubrique": "faits divers", "page": "3", "une": "true"}
    assert "an article answered 'reject', skipped (2)" in notes
    assert "an article answered 'ignore', skipped (1)" in notes
    for name in ("doccano", "label-studio"):
        assert len(read(name, lines)[0]) == 1


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ({"spans": [{"start": 0, "end": 3}]}, "a stretch without a label, left out (1)"),
        ({"label": "POLITIQUE"}, "a label of the whole text, left out (1)"),
        ({"label": ["bon", "court"]}, "a label of the whole text, left out (2)"),
        ({"labels": {"bon": 0.9}}, "a label of the whole text, left out (1)"),
        ({"annotations": [{"label": 4, "user": 1}]}, "a label of the whole text, left out (1)"),
        ({"cats": {"bon": 1.0}}, "member 'cats', left out (1)"),
        ({"mentions": [[0, 3, "PER"]]}, "member 'mentions', left out (1)"),
        ({"titre": "Un"}, "member 'titre', not read (1)"),
        ({"ents": [], "_": {"juge": True}}, "member '_', left out (1)"),
        ({"ents": [[0, 3, "PER", "Q1"]]}, "what follows [start, end, label], left out (1)"),
        ({"ents": [OBJECTS[0] | {"kb_id": "Q1"}]}, "the link of a stretch to a knowledge base"),
        (
            {"ents": [{"start": 0, "end": 3, "labels": ["PER", "ORG"]}]},
            "a second label of a stretch",
        ),
        ({"relations": [{"head": 0, "child": 1, "label": "vit"}]}, "relation 'vit', left out (1)"),
    ],
)
def test_what_is_not_read_is_counted(value, says):
    other = {"text": TEXT, "entities": [[13, 17, "LOC"]]}
    assert says in read("spacy-json", [{"text": TEXT} | value, other])[1]


def test_a_number_for_a_label_can_be_mapped():
    value = {"text": TEXT, "annotations": [{"start_offset": 0, "end_offset": 3, "label": 5}]}
    assert facts("doccano", value, table={"5": "PER"}) == [Entity(Span(0, 3), "PER")]


def test_relations_of_doccano_to_stretches_with_one_id():
    quote = {"id": 0, "start_offset": 0, "end_offset": 6, "label": "QUOTE.direct"}
    value = {
        "text": TEXT,
        "entities": [quote, OFFSETS[1], OFFSETS[1] | {"label": "ORG"}],
        "relations": [
            {"from_id": 0, "to_id": 1, "type": "speaker"},
            {"from_id": 1, "to_id": 0, "type": "cue"},
            {"from_id": 0, "to_id": 9, "type": "cue"},
            {"from_id": 0, "to_id": 1, "type": "vit"},
        ],
    }
    quoted, place, other = facts("doccano", value)
    assert quoted.speaker == place.span == other.span
    notes = read("doccano", value)[1]
    assert "a cue that links no quote with a stretch, left out (2)" in notes
    assert "relation 'vit', left out (1)" in notes


def test_facts_of_our_own_export_and_what_was_added_to_it():
    gold = read("spacy-json", {"text": TEXT, "entities": TRIPLES[:1]})[0]
    (value,) = json.loads(export_gold("spacy-json", gold).files["spacy.json"])
    value["spans"]["sc"] = [OBJECTS[1]]
    assert facts("spacy-json", value) == FACTS
    assert "left out" not in read("spacy-json", value)[1]


def test_a_span_that_was_widened_has_its_own_place_unless_somebody_moved_it():
    def read_at(end: int) -> list[object]:
        group = [{"start": 0, "end": end, "label": "PER", "id": "T1"}]
        more = {"places": {"T1": [[0, 6, 0, 3]]}}
        return facts("spacy-json", {"text": TEXT, "spans": {"facts": group}, "_": more})

    assert read_at(6) == [Entity(Span(0, 3), "PER")]
    assert read_at(10) == [Entity(Span(0, 10), "PER")]


def test_offsets_beside_our_own_facts_are_code_points():
    value = {
        "text": "🎭 Ana vit",
        "spans": {"facts": [], "sc": [{"start": 3, "end": 6, "label": "PER"}]},
    }
    assert facts("spacy-json", value) == [Entity(Span(3, 6), "PER")]


def test_a_docbin_of_which_nothing_is_understood_is_named():
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin
    from spacy.tokens import Span as Stretch

    doc, other = (spacy.blank("fr")(TEXT) for _ in range(2))
    doc.ents = [Stretch(doc, 0, 2, label="PER")]
    other.cats = {"bon": 1.0}
    files = {
        name: DocBin(docs=[each], store_user_data=True).to_bytes()
        for name, each in (("d.spacy", doc), ("e.spacy", other))
    }
    with pytest.raises(GoldError, match=r"(?s)e\.spacy: holds 1 annotation.*member 'cats'"):
        import_gold("spacy", files)


def test_offsets_of_a_docbin_are_code_points():
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as Stretch

    words, spaces = ["🎭", "A", "na", " ", "vit"], [True, False, False, False, False]
    doc = Doc(spacy.blank("fr").vocab, words=words, spaces=spaces)
    doc.spans["sc"] = [Stretch(doc, 2, 4, label="PER")]
    (gold,), _ = import_gold("spacy", {"d.spacy": DocBin(docs=[doc]).to_bytes()})
    assert gold.article.text == "🎭 Ana vit"
    assert [held.fact for held in gold.facts] == [Entity(Span(3, 6), "PER")]


def test_span_groups_of_a_docbin():
    spacy = pytest.importorskip("spacy")
    from spacy.tokens import DocBin
    from spacy.tokens import Span as Stretch

    doc = spacy.blank("fr")(TEXT)
    doc.ents = [Stretch(doc, 0, 2, label="PER")]
    doc.spans["sc"] = [Stretch(doc, 0, 2, label="PER"), Stretch(doc, 4, 5, label="LOC")]
    doc.cats = {"bon": 1.0}
    articles, notes = import_gold("spacy", {"d.spacy": DocBin(docs=[doc]).to_bytes()})
    assert [held.fact for held in articles[0].facts] == FACTS
    assert notes.lines() == ("member 'cats', left out (1)",)


def result(key: object, start: int, end: int, label: object, **value) -> dict[str, object]:
    labels = label if isinstance(label, list) else [label]
    return {
        "id": key,
        "from_name": "label",
        "to_name": "text",
        "type": "labels",
        "value": {"start": start, "end": end, "labels": labels} | value,
    }


ANA, LYON = result("a", 0, 6, "PER", text="Ana Bo"), result("b", 13, 17, "LOC", text="Lyon")


def task(*annotations: dict[str, object], **more) -> dict[str, object]:
    return {"id": 7, "data": {"text": TEXT}, "annotations": list(annotations)} | more


def test_label_studio_reads_the_ground_truth_and_no_cancelled_annotation():
    other = {"result": [ANA]}
    truth = {"result": [LYON], "ground_truth": True}
    cancelled = {"result": [ANA], "was_cancelled": True}
    value = task(cancelled, other, truth)
    assert facts("label-studio", value) == FACTS[1:]
    notes = read("label-studio", value)[1]
    assert "a cancelled annotation, skipped (1)" in notes
    assert "an annotation beside the ground truth, not read (1)" in notes
    assert "left out" not in notes


def test_label_studio_has_a_labelling_of_each_annotator():
    first = {"result": [ANA], "completed_by": {"id": 3, "email": "ana@example.org"}}
    second = {"result": [LYON], "completed_by": 4}
    nobody = {"result": []}
    cancelled = {"result": [ANA], "was_cancelled": True, "completed_by": 5}
    files = {"d.json": encode("d.json", [task(first, cancelled, second, nobody, nobody)])}
    labellings, notes = import_labellings("label-studio", files)
    assert [(each.annotator, [held.fact for held in each.gold.facts]) for each in labellings] == [
        ("ana@example.org", FACTS[:1]),
        ("annotator-4", FACTS[1:]),
        ("annotator", []),
        ("annotator.2", []),
    ]
    assert notes.left_out() == 0


@pytest.mark.parametrize("made", [[], [{"result": {}, "was_cancelled": True}]])
def test_a_task_that_nobody_annotated_is_no_article(made):
    articles, notes = read("label-studio", [task(*made), task({"result": [ANA]})])
    assert len(articles) == 1
    assert "a task without an annotation, skipped (1)" in notes


def test_completions_of_old_releases_are_annotations():
    value = {"data": {"text": TEXT}, "completions": [{"result": [ANA, LYON]}]}
    assert facts("label-studio", value) == FACTS


def test_predictions_are_unconfirmed():
    value = task(predictions=[{"result": [ANA]}, {"result": [LYON]}])
    articles, notes = read("label-studio", value)
    assert [held.fact for held in articles[0].facts] == FACTS[:1]
    assert articles[0].facts[0].attributes == {"note": "unconfirmed"}
    assert "a second prediction of a task, left out (1)" in notes
    cancelled = task({"was_cancelled": True, "result": []}, predictions=[{"result": [ANA]}])
    assert read("label-studio", [cancelled])[0] == []


def test_json_min():
    value = [
        {
            "id": 7,
            "text": TEXT,
            "ner": [{"start": 0, "end": 6, "text": "Ana Bo", "labels": ["PER"]}],
            "lieux": [{"start": 13, "end": 17, "text": "Lyon", "labels": ["LOC"]}],
            "ton": "neutre",
            "annotator": 1,
        }
    ]
    assert facts("label-studio", value) == FACTS
    assert "member 'ton', not read (1)" in read("label-studio", value)[1]


def test_words_with_one_space_where_the_text_has_two():
    text = "Ana  Bo\n\n vit."
    value = task({"result": [result("a", 0, 13, "PER", text="Ana Bo vit.")]})
    value["data"]["text"] = text
    with pytest.raises(GoldError, match="the annotation says"):
        read("label-studio", value)
    value["annotations"][0]["result"] = [result("a", 0, 14, "PER", text="Ana Bo vit.")]
    assert len(facts("label-studio", value)) == 1


def test_two_results_with_one_id_are_two_facts_and_what_is_said_of_them_is_said_of_both():
    note = {"id": "a", "from_name": "note", "type": "textarea", "value": {"text": "sûr"}}
    value = task({"result": [ANA, note, ANA, result("a", 13, 17, "LOC")]})
    articles, notes = read("label-studio", value)
    assert [held.fact for held in articles[0].facts] == FACTS
    assert [held.attributes for held in articles[0].facts] == [{"note": "sûr"}] * 2
    assert notes == "a result that stands twice (1)"


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (
            {"type": "choices", "from_name": "ton", "value": {"choices": ["x"]}},
            "'ton' of no stretch",
        ),
        ({"type": "rating", "value": {"rating": 3}}, "a result of type 'rating', left out (1)"),
        (
            result("c", 7, 10, "LOC") | {"meta": {"text": ["sûr"]}},
            "the meta of a result, left out (1)",
        ),
        (result("c", 0, 3, []), "a stretch without a label, left out (1)"),
        (result("c", 7, 10, ["PER", "ORG"]), "a second label of a stretch, left out (1)"),
        ({"type": "relation", "labels": ["vit"]}, "relation 'vit', left out (1)"),
    ],
)
def test_results_that_are_not_read_are_counted(other, says):
    assert says in read("label-studio", task({"result": [ANA, other]}))[1]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("spacy-json", [[]], "is not [text, {…}]"),
        ("spacy-json", [[TEXT, []]], "is not [text, {…}]"),
        ("spacy-json", [TEXT], "is not an object"),
        ("doccano", {"text": TEXT, "answer": 3}, "answer: is not a string"),
        (
            "doccano",
            {"text": TEXT, "spans": [OBJECTS[0] | {"text": "Bo"}]},
            "the annotation says 'Bo'",
        ),
        ("doccano", {"text": TEXT, "label": [[0, 3, 1.5]]}, "label[0][2]: is not a string"),
        ("doccano", {"text": TEXT, "label": [[0, 3, True]]}, "label[0][2]: is not a string"),
        ("label-studio", [task({"result": [result("a", 0, 99, "PER")]})], "is no stretch"),
    ],
)
def test_what_is_of_no_known_shape_is_refused(name, value, says):
    with pytest.raises(GoldError) as caught:
        read(name, value)
    assert says in str(caught.value)


def test_an_annotation_that_found_nothing_is_an_article():
    articles, notes = read("label-studio", [task({"result": {}}), task({"result": []})])
    assert [gold.facts for gold in articles] == [(), ()]
    assert notes == ""


def test_json_min_counts_code_points():
    value = {"text": "🎭 na Ana", "ner": [{"start": 5, "end": 8, "labels": ["PER"]}]}
    assert facts("label-studio", value) == [Entity(Span(5, 8), "PER")]
    assert read("label-studio", value)[1] == ""


def test_a_quote_whose_speaker_has_the_id_of_another_result():
    link = {"type": "relation", "from_id": "q", "to_id": "a", "labels": ["speaker"]}
    value = task(
        {"result": [result("q", 7, 10, "QUOTE.direct"), ANA, result("a", 13, 17, "LOC"), link]}
    )
    quote, *others = facts("label-studio", value)
    assert others == FACTS
    assert quote.speaker == FACTS[0].span


def test_a_note_names_the_first_place_it_is_about():
    notes = Notes()
    for where in ("un", "deux", "un"):
        notes.leave_out("x", where=where)
    assert notes.sums() == [Note("x", 3, True, "un")]
    assert notes.sums("deux") == [Note("x", 1, True, "deux")]
    assert notes.left_out() == 3
