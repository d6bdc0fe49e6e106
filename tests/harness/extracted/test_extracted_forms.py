"""Extracted facts in JSON lines, CSV and Parquet: what is written is what is read."""

import csv
import io

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factharness.errors import HarnessError
from factharness.escape import csv_field, csv_text
from factharness.extracted.article import ExtractedArticle, extracted
from factharness.extracted.columns import COLUMNS, RowError
from factharness.extracted.forms import FORMS, form_of
from factharness.extracted.reading import marker, stored
from factharness.facts import Date, Entity, Prediction, Quote, Span

ENDINGS = [
    pytest.param(form.ending, marks=pytest.mark.needs("pyarrow"))
    if form.ending == ".parquet"
    else form.ending
    for form in FORMS
]
TEXT = '« Un, a-t-il dit, =deux\r\n"trois" \'quatre, -5;\u00a0\u200b😀 + 3 »' * 2
WORDS = st.text(st.sampled_from("ab=+-@'\";,\n\r\t\0 é😀\u200b"), max_size=6)
NAMED = WORDS.filter(bool)


@st.composite
def spans(draw):
    start = draw(st.integers(0, len(TEXT) - 1))
    return Span(start, draw(st.integers(start + 1, len(TEXT))))


@st.composite
def quotes(draw):
    ends = sorted(draw(st.sets(st.integers(0, len(TEXT)), min_size=2, max_size=8)))
    pairs = zip(ends[::2], ends[1::2], strict=False)
    return Quote(
        tuple(Span(start, end) for start, end in pairs),
        draw(st.sampled_from(["direct", "mixed", "indirect", None])),
        draw(st.none() | spans()),
        draw(st.none() | WORDS),
        draw(st.none() | spans()),
    )


FACTS = st.one_of(
    st.builds(Entity, spans(), WORDS),
    st.builds(Date, spans(), st.sampled_from(["DATE", "SET"]), st.none() | WORDS),
    quotes(),
)
PREDICTIONS = st.one_of(
    st.builds(
        lambda name, facts, without: Prediction(name, tuple(facts), without=without),
        NAMED,
        st.lists(FACTS, max_size=4),
        st.dictionaries(WORDS, WORDS, max_size=2),
    ),
    st.builds(lambda name, error: Prediction(name, error=error), NAMED, WORDS),
)


def plain(article):
    """An article as a prediction: its facts without their words."""
    line = msgspec.json.decode(msgspec.json.encode(article))
    facts = line.get("facts")
    return Prediction(
        line["id"],
        None if facts is None else msgspec.convert(tuple(facts), tuple[Entity | Date | Quote, ...]),
        line.get("error"),
        without=line.get("without", {}),
    )


def written(path, articles):
    with path.open("wb") as file:
        form_of(path).write(iter(articles), file)
    return path


def decoded(path):
    return [msgspec.json.decode(line.data, type=ExtractedArticle) for line in stored(path)]


@pytest.mark.parametrize("ending", ENDINGS)
@settings(max_examples=60)
@given(predictions=st.lists(PREDICTIONS, max_size=5))
def test_what_is_written_is_read(tmp_path_factory, ending, predictions):
    path = tmp_path_factory.mktemp("out") / f"facts{ending}"
    articles = [extracted(prediction, TEXT) for prediction in predictions]
    again = decoded(written(path, articles))
    assert again == articles
    assert [plain(article) for article in again] == predictions
    first = path.read_bytes()
    assert written(path, articles).read_bytes() == first


@given(WORDS | st.text())
def test_no_field_is_a_formula_and_every_field_is_its_text(text):
    field = csv_field(text)
    assert csv_text(field) == text
    assert field != ""
    assert not field.lstrip().startswith(("=", "+", "-", "@"))


def test_the_words_of_a_fact_stand_beside_its_offsets():
    quote = Quote((Span(2, 4), Span(18, 23)), "direct", Span(9, 11), "Il", Span(6, 16))
    article = extracted(Prediction("a", (quote,)), TEXT)
    (fact,) = msgspec.json.decode(msgspec.json.encode(article))["facts"]
    assert fact["words"] == "Un […] =deux"
    assert (fact["speaker_words"], fact["cue_words"]) == (TEXT[9:11], TEXT[6:16])


def test_a_table_has_a_row_per_fact_and_one_for_an_article_without():
    articles = [
        extracted(Prediction("a", (Entity(Span(2, 4), "PER"), Date(Span(2, 4), "DATE"))), TEXT),
        extracted(Prediction("b", ()), TEXT),
        extracted(Prediction("c", error="no"), TEXT),
        extracted(Prediction("d", (Entity(Span(2, 4), "PER"),), without={"x": "no"}), TEXT),
    ]
    file = io.BytesIO()
    form_of_csv = next(form for form in FORMS if form.ending == ".csv")
    form_of_csv.write(iter(articles), file)
    rows = list(csv.DictReader(io.StringIO(file.getvalue().decode(), newline="")))
    assert list(rows[0]) == list(COLUMNS)
    assert [(row["id"], row["article"], row["kind"], row["error"]) for row in rows] == [
        ("a", "1", "entity", ""),
        ("a", "1", "date", ""),
        ("b", "2", "", ""),
        ("c", "3", "", "no"),
        ("d", "4", "", ""),
        ("d", "4", "entity", ""),
    ]
    assert (rows[0]["words"], rows[4]["without"]) == ("Un", '{"x":"no"}')


@pytest.mark.needs("pyarrow")
def test_parquet_has_types_and_row_groups_of_bounded_size(tmp_path, monkeypatch):
    import pandas as pd
    import pyarrow.parquet as pq

    from factharness.extracted import parquet_table

    monkeypatch.setattr(parquet_table, "ROWS", 3)
    quote = Quote((Span(2, 4), Span(18, 23)), "direct")
    articles = [extracted(Prediction(str(n), (quote,)), TEXT) for n in range(7)]
    path = written(tmp_path / "f.parquet", articles)
    assert pq.ParquetFile(path).metadata.num_row_groups == 3
    table = pd.read_parquet(path)
    assert list(table.columns) == list(COLUMNS)
    assert table["start"].dtype == "int64"
    assert list(table["fragments"][0]) == [{"start": 2, "end": 4}, {"start": 18, "end": 23}]
    assert decoded(path) == articles


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: ["a,b", *lines[1:]], "the columns are a,b"),
        (lambda lines: [*lines, "a"], "1 fields"),
        (lambda lines: [lines[0], lines[1].replace("entity", "thing")], "thing"),
        (lambda lines: [lines[0], lines[1].replace("2,4", "4,2")], "start < end"),
        (lambda lines: [lines[0], lines[1].replace("2,4", "2,x")], "'x'"),
        (lambda lines: [*lines, "a,1" + "," * 15 + "no,"], "an error and facts"),
    ],
)
def test_a_row_that_is_none_is_named_with_its_line(tmp_path, change, said):
    path = written(
        tmp_path / "f.csv", [extracted(Prediction("a", (Entity(Span(2, 4), "PER"),)), TEXT)]
    )
    path.write_text("\n".join(change(path.read_text().splitlines())))
    with pytest.raises(HarnessError, match="not what an extraction writes") as refused:
        list(stored(path))
    assert said in str(refused.value)
    assert refused.value.line in (1, 2, 3)
    assert isinstance(refused.value.__cause__, RowError)


@pytest.mark.parametrize("ending", ENDINGS)
def test_parts_are_read_in_order_when_all_are_complete(tmp_path, ending):
    articles = [extracted(Prediction(f"a{n}", ()), TEXT) for n in range(12)]
    for number, article in enumerate(articles, 1):
        part = written(tmp_path / f"part-{number:05}{ending}", [article])
        marker(part).write_text("{}")
    (tmp_path / "extraction.json").write_text("{}")
    assert decoded(tmp_path) == articles
    (tmp_path / "part-00004.done").unlink()
    with pytest.raises(HarnessError, match="part 4 is missing or not complete"):
        list(stored(tmp_path))
    (tmp_path / "part-00004.done").write_text("{}")
    (tmp_path / f"part-00012{ending}").unlink()
    with pytest.raises(HarnessError, match="part 12 is missing or not complete"):
        list(stored(tmp_path))


def test_a_folder_without_parts_is_refused(tmp_path):
    with pytest.raises(HarnessError, match="holds no part of an extraction"):
        list(stored(tmp_path))


@pytest.mark.parametrize("name", ["f.json", "f", "f.xlsx", "f.jsonl.bz2"])
def test_an_unknown_ending_is_refused_with_those_that_are_known(tmp_path, name):
    with pytest.raises(HarnessError, match=r"unknown kind of output .*\.jsonl, \.jsonl\.gz, \.csv"):
        form_of(tmp_path / name)
