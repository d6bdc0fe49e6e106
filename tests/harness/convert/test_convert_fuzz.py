"""Nothing that a file can contain makes an import raise anything but an error a user can mend."""

import json
from contextlib import suppress
from datetime import date

import pytest
from convert_strategies import LIBRARIES, articles
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from factharness.convert import FORMATS, Account, export_gold, import_gold
from factharness.errors import HarnessError
from factharness.facts import KINDS, kind_of
from factharness.files import decode
from factharness.gold.format import render
from factharness.gold.new import composed
from factharness.gold.parse import parse
from factharness.labels import MAPS

FAST = sorted(FORMATS.keys() - {"spacy"})


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", FAST)
@settings(max_examples=25)
@given(raw=st.one_of(st.binary(max_size=60), st.text(max_size=60).map(str.encode)))
def test_any_bytes(name, raw):
    files = {"a.txt": raw, "a.ann": raw} if name == "brat" else {"a.x": raw}
    with suppress(HarnessError):
        import_gold(name, files)


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=25)
@given(gold=articles(), junk=st.text(max_size=4), where=st.floats(0, 1), length=st.integers(0, 8))
def test_damaged_exports(name, gold, junk, where, length):
    files = {}
    for file, raw in export_gold(name, [gold]).files.items():
        at = int(where * len(raw))
        files[file] = raw[:at] + junk.encode() + raw[at + length :]
    with suppress(HarnessError):
        for article in import_gold(name, files, table=MAPS["ontonotes"])[0]:
            published = structs.replace(article.article, published=date(2024, 3, 5))
            source = render(composed(structs.replace(article, article=published))[0])
            parse(decode(source.encode(), "a.gold"))


junk = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-1, 9), st.floats(), st.sampled_from(["", "PER"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["start", "label", "spans", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)


def mostly(strategy):
    """``strategy``, and now and then anything; rarely, as one of these makes the whole file invalid."""
    return st.integers(0, 59).flatmap(lambda dice: junk if dice == 37 else strategy)


edges = mostly(st.tuples(st.integers(0, 4), st.integers(5, 10)))
labels = mostly(st.sampled_from(["PER", "LOC", "DATE", "QUOTE.direct", "SPEAKER", "Personne", ""]))
ids = mostly(st.sampled_from(["a", "b", 1]))


@st.composite
def stretches(draw):
    edge = draw(edges)
    start, end = edge if isinstance(edge, tuple) else (edge, edge)
    label = draw(labels)
    return draw(
        st.sampled_from(
            [
                [start, end, label],
                {"start": start, "end": end, "label": label, "id": draw(ids)},
                {"start_offset": start, "end_offset": end, "label": label},
                {"start": start, "end": end, "labels": [label]},
            ]
        )
    )


lists = mostly(st.lists(mostly(stretches()), max_size=3))
MEMBERS = ["entities", "ents", "spans", "annotations", "label", "labels", "mentions", "cats"]
objects = st.builds(
    dict.__or__,
    st.fixed_dictionaries(
        {"text": mostly(st.just("Ana à Lyon"))},
        optional={
            "id": ids,
            "answer": mostly(st.sampled_from(["accept", "accept", "reject"])),
            "relations": mostly(st.just([{"from_id": "a", "to_id": "b", "type": "speaker"}])),
            "facts": mostly(
                st.just([{"span": [0, 3, "PER"], "place": [0, 2], "fields": {"note": "x"}}])
            ),
            "_annotator_id": mostly(st.sampled_from(["a", 1])),
            "_": mostly(st.just({"links": [["cue", "a", "b"]], "fields": {"a": {"note": "x"}}})),
        },
    ),
    st.dictionaries(
        st.sampled_from(MEMBERS),
        lists,
        max_size=3,
    ),
).map(lambda value: value | ({"spans": {"facts": value["label"]}} if "label" in value else {}))
values = st.builds(
    lambda edge, label: (
        {"start": 0, "end": 3, "labels": [label], "choices": ["x"], "text": ["y"]}
        | ({"start": edge[0], "end": edge[1]} if isinstance(edge, tuple) else {"start": edge})
    ),
    edges,
    labels,
)
results = st.fixed_dictionaries(
    {
        "id": ids,
        "type": mostly(st.sampled_from(["labels", "labels", "choices", "textarea", "rating"])),
        "value": mostly(values),
    }
)
annotations = mostly(
    st.lists(
        st.fixed_dictionaries(
            {"result": mostly(st.lists(mostly(results), max_size=3))},
            optional={"was_cancelled": st.booleans(), "ground_truth": st.booleans()},
        ),
        max_size=2,
    )
)
tasks = st.fixed_dictionaries(
    {"data": mostly(st.just({"text": "Ana à Lyon"}))},
    optional={"annotations": annotations, "completions": annotations, "predictions": annotations},
)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("doccano", objects),
        ("spacy-json", objects),
        ("prodigy", objects),
        ("label-studio", st.one_of(tasks, objects)),
    ],
)
@settings(max_examples=150)
@given(data=st.data())
def test_json_of_these_shapes(name, shapes, data):
    value = data.draw(st.lists(mostly(shapes), min_size=1, max_size=2))
    files = {"a.json": json.dumps(value).encode()}
    account = Account()
    with suppress(HarnessError):
        articles, account.notes = import_gold(name, files)
        written = []
        for article in articles:
            dated = structs.replace(article.article, published=date(2024, 3, 5))
            article = structs.replace(article, article=dated)
            document, losses = composed(article)
            account.count(article, losses, document.header.id)
            written.append(parse(decode(render(document).encode(), "a.gold")))
        account.check(strict=False, allow_empty=False)
        kinds = [kind_of(held.fact) for gold in written for held in gold.facts]
        assert kinds
        assert {kind: kinds.count(kind) for kind in KINDS} == {
            kind: account.facts[kind] for kind in KINDS
        }


MEMBER = {
    "doccano": "entities",
    "spacy-json": "spans",
    "prodigy": "spans",
    "label-studio": "ner",
}


@pytest.mark.parametrize("name", sorted(MEMBER))
@settings(max_examples=100)
@given(
    stated=st.lists(
        st.builds(
            lambda start, length, label: {"start": start, "end": start + length, "label": label},
            st.integers(0, 7),
            st.integers(1, 3),
            st.sampled_from(
                ["PER", "LOC", "DATE", "QUOTE.direct", "SPEAKER", "Personne", "", None]
            ),
        ),
        max_size=6,
    )
)
def test_each_annotation_is_a_fact_or_in_the_account(name, stated):
    value = {"text": "Ana à Lyon", MEMBER[name]: stated}
    articles, notes = import_gold(
        name, {"a.json": json.dumps([value]).encode()}, table={"Personne": ""}, allow_empty=True
    )
    account = Account(notes=notes)
    dated = structs.replace(articles[0].article, published=date(2024, 3, 5))
    account.count(articles[0], composed(structs.replace(articles[0], article=dated))[1], "a")
    kept = {
        "a fact that stands twice, kept once",
        "label 'Personne', which the map leaves out",
    }
    passed = sum(note.times for note in notes.sums() if note.text in kept)
    assert account.facts.total() + notes.left_out() + passed == len(stated)
