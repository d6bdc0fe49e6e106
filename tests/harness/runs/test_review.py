"""The list for the annotator: what no back end has right, what all say, and lines that are valid gold."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told_runs import at, date, entity, quote, text_of, told_run, write_gold

from factharness.facts import Date, Entity, Quote, Span
from factharness.gold.format import render
from factharness.gold.parse import read_document
from factharness.gold.problems import check_file
from factharness.gold.sets import load_file, store_text
from factharness.gold.withhold import withhold
from factharness.runs.filters import narrowed
from factharness.runs.review import COLUMNS, cells, suggestions, voices
from factharness.runs.texts import Texts

PARTS = (
    "Le Sénat s’est réuni mardi à Lyon avec Marie Petit.\nDATE mardi | 2024-03-05\nLOC Lyon\nPER Marie Petit",
    "« Rien n’est dit », a dit le Sénat vendredi.\n"
    "QUOTE « Rien n’est dit » | direct | by: le Sénat = Sénat | cue: a dit\nORG Sénat",
)
HYBRID = '[[backend]]\nname = "both"\nentities = "one"\ndates = "two"\nquotes = "two"\n'


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    return write_gold(tmp_path / "gold", "a", *PARTS)


def answers(text):
    """Both find the first « Sénat » and give Lyon the same label; only one finds the name."""
    shared = [
        entity(text, "Sénat", "ORG"),
        entity(text, "Lyon", "ORG"),
        quote(text, "« Rien n’est dit »", "Sénat", "a dit"),
        date(text, "vendredi", "2024-03-08"),
    ]
    return {
        "one": {"a": [*shared, entity(text, "Marie", "PER"), date(text, "mardi", "2024-03-05")]},
        "two": {"a": [*shared, date(text, "mardi", None)]},
    }


def reviewed(run, **asked):
    return {
        (one.verdict, one.entry.shown.words): one
        for one in suggestions(run, Texts(run), narrowed(run, **asked))
    }


def test_what_nobody_has_right_what_all_say_otherwise_and_what_gold_lacks(path, tmp_path):
    found = reviewed(told_run(tmp_path, answers(text_of(path))))
    assert set(found) == {
        ("unlabelled", "Sénat"),
        ("unlabelled", "vendredi"),
        ("otherwise", "Lyon"),
        ("unfound", "Marie Petit"),
        ("unfound", "Sénat"),
    }
    assert found["unlabelled", "Sénat"].proposed == ("ORG      Sénat",)
    assert found["unlabelled", "vendredi"].proposed == ("DATE     vendredi | 2024-03-08",)
    assert found["otherwise", "Lyon"].stands == ("LOC      Lyon",)
    assert found["otherwise", "Lyon"].proposed == ("ORG      Lyon",)
    assert found["otherwise", "Lyon"].doubts == ()
    name = found["unfound", "Marie Petit"]
    assert (name.stands, name.proposed) == (("PER      Marie Petit",), ())
    lines = path.read_text(encoding="utf-8").splitlines()
    for one in found.values():
        line = lines[one.entry.line - 1]
        assert line.strip().split() == (one.stands or (line,))[0].split()
        assert line.startswith("> ") == (one.verdict == "unlabelled")


def test_a_hybrid_has_no_voice_of_its_own(path, tmp_path):
    text = text_of(path)
    told = answers(text)
    run = told_run(tmp_path, told, hybrids=HYBRID)
    assert voices(run) == dict.fromkeys(("entity", "date", "quote"), ("one", "two"))
    assert set(reviewed(run)) == set(reviewed(told_run(tmp_path, told)))


def test_one_voice_agrees_with_itself_and_is_not_listed(path, tmp_path):
    told = answers(text_of(path))
    assert (
        reviewed(told_run(tmp_path, {"one": told["one"]}, hybrids=HYBRID.replace("two", "one")))
        == {}
    )


def test_who_failed_on_an_article_has_no_voice_there(path, tmp_path):
    told = answers(text_of(path)) | {"three": {"a": "out of memory"}}
    assert set(reviewed(told_run(tmp_path, told))) == set(
        reviewed(told_run(tmp_path, answers(text_of(path))))
    )


def test_they_are_narrowed_as_mistakes_are(path, tmp_path):
    run = told_run(tmp_path, answers(text_of(path)))
    assert set(reviewed(run, kind="date")) == {("unlabelled", "vendredi")}
    assert set(reviewed(run, grep="lyon|petit")) == {
        ("otherwise", "Lyon"),
        ("unfound", "Marie Petit"),
    }


def test_what_the_gold_has_followed_since_is_left_out(path, tmp_path):
    run = told_run(tmp_path, answers(text_of(path)))
    before = reviewed(run)
    write_gold(
        tmp_path / "gold", "a", PARTS[0].replace("LOC Lyon", "ORG Lyon\nORG Sénat"), PARTS[1]
    )
    after = reviewed(run)
    assert set(before) - set(after) == {("unlabelled", "Sénat"), ("otherwise", "Lyon")}
    line = path.read_text(encoding="utf-8").splitlines()[
        after["unfound", "Marie Petit"].entry.line - 1
    ]
    assert line.split() == ["PER", "Marie", "Petit"]


def test_without_its_text_an_article_has_no_lines_and_a_reason(path, tmp_path):
    run = told_run(tmp_path, answers(text_of(path)))
    path.unlink()
    for one in reviewed(run).values():
        assert (one.stands, one.proposed) == ((), ())
        assert one.doubts


def test_under_a_withheld_text_lines_are_offsets(path, tmp_path):
    text = text_of(path)
    path.write_text(render(withhold(read_document(path))), encoding="utf-8")
    store_text(read_document(path), text)
    run = told_run(tmp_path, answers(text))
    found = reviewed(run)
    assert found["unlabelled", "Sénat"].proposed == ("ORG      <3:8>",)
    assert found["otherwise", "Lyon"].stands[0].split() == ["LOC", "<29:33>"]
    assert taken(path, found["unlabelled", "Sénat"]) == []


def test_a_date_without_a_value_is_proposed_with_what_is_missing(path, tmp_path):
    told = answers(text_of(path))
    for by_article in told.values():
        by_article["a"] = [date(text_of(path), "vendredi", None)]
    found = reviewed(told_run(tmp_path, told))["unlabelled", "vendredi"]
    assert found.proposed == ("DATE     vendredi",)
    assert any("without a value" in doubt for doubt in found.doubts)


def test_a_label_that_the_gold_does_not_have_is_a_doubt(path, tmp_path):
    text = text_of(path)
    told = {name: {"a": [entity(text, "Sénat", "EVENT")]} for name in ("one", "two")}
    found = reviewed(told_run(tmp_path, told))["unlabelled", "Sénat"]
    assert any("unknown label 'EVENT'" in doubt for doubt in found.doubts)


def test_rows_have_the_columns(path, tmp_path):
    run = told_run(tmp_path, answers(text_of(path)))
    for one in suggestions(run, Texts(run), narrowed(run)):
        row = dict(zip(COLUMNS, cells(one), strict=True))
        assert row["verdict"] == one.verdict
        assert row["proposed"] == "; ".join(one.proposed)


def taken(path, suggestion):
    """The problems that `gold check` finds when the suggestion is followed and did not find before."""
    source = path.read_text(encoding="utf-8")
    before, _ = check_file(path)
    lines = source.split("\n")
    number = suggestion.entry.line
    if suggestion.stands:
        lines[number - 1 : number] = [f"  {line}" for line in suggestion.proposed]
    else:
        lines[number:number] = [f"  {line}" for line in suggestion.proposed]
    path.write_text("\n".join(lines), encoding="utf-8")
    after, _ = check_file(path)
    known = {re.sub(r"line \d+", "", problem.message) for problem in before}
    found = [one for one in after if re.sub(r"line \d+", "", one.message) not in known]
    if not found:
        load_file(path)
    path.write_text(source, encoding="utf-8")
    return found


def words(text):
    """Stretches of whole words of the two paragraphs."""
    starts = [match.start() for match in re.finditer(r"\b\w", text)]
    ends = [match.end() for match in re.finditer(r"\w\b", text)]
    return [Span(s, e) for s in starts for e in ends if s < e <= s + 30 and "\n" not in text[s:e]]


def test_lines_without_doubts_are_valid_gold_that_says_the_fact(path, tmp_path):
    text = text_of(path)
    stretches = st.sampled_from(words(text))
    facts = st.one_of(
        st.builds(Entity, stretches, st.sampled_from(["PER", "ORG", "LOC", "MISC"])),
        st.builds(Date, stretches, st.just("DATE"), st.just("2024-03-08")),
        st.builds(
            Quote,
            stretches.map(lambda span: (span,)),
            st.sampled_from(["direct", "indirect"]),
            st.none() | stretches,
            st.sampled_from([None, "Marie | Petit = <x>"]),
            st.none() | stretches,
        ),
    )
    proposed = []

    @given(facts)
    @settings(max_examples=40)
    def follow(fact):
        run = told_run(tmp_path, {name: {"a": [fact]} for name in ("one", "two")})
        for one in suggestions(run, Texts(run), narrowed(run)):
            if one.proposed and not one.doubts:
                proposed.append(one)
                assert taken(path, one) == []

    follow()
    assert {one.verdict for one in proposed} == {"unlabelled", "otherwise"}


def test_what_the_gold_says_besides_stays(path, tmp_path):
    write_gold(
        tmp_path / "gold", "a", PARTS[0].replace("LOC Lyon", "LOC Lyon | note: la ville"), PARTS[1]
    )
    found = reviewed(told_run(tmp_path, answers(text_of(path))))["otherwise", "Lyon"]
    assert found.proposed == ("ORG      Lyon | note: la ville",)


def test_a_quote_of_two_paragraphs_is_taken_out_with_all_its_lines(path, tmp_path):
    write_gold(
        tmp_path / "gold",
        "a",
        "Marie Petit raconte : « Tout va bien.\n"
        "QUOTE @q « Tout va bien. | direct | by: Marie Petit | cue: raconte\nPER Marie Petit",
        "« Ou presque. »\nQUOTE @q <+> « Ou presque. »",
    )
    text = text_of(path)
    told = {"a": [quote(text, "« Tout va bien.", "Marie Petit", "raconte")]}
    run = told_run(tmp_path, {"one": told, "two": told}, kinds=["quote"])
    (found,) = reviewed(run).values()
    assert found.verdict == "otherwise"
    assert len(found.stands) == 2
    assert len(found.proposed) == 1
    assert all("« Ou presque. »" in doubt for doubt in found.doubts)


def test_what_all_agree_on_is_written_and_the_rest_is_as_in_gold(path, tmp_path):
    text = text_of(path)
    told = {
        "one": {
            "a": [
                Quote(
                    (at(text, "« Rien"),),
                    "direct",
                    at(text, "Marie Petit"),
                    None,
                    at(text, "a dit"),
                )
            ]
        },
        "two": {"a": [Quote((at(text, "« Rien"),), "direct", None, None, at(text, "a dit"))]},
    }
    (found,) = reviewed(told_run(tmp_path, told, kinds=["quote"])).values()
    assert found.verdict == "otherwise"
    assert found.proposed == ("QUOTE    « Rien | direct | by: le Sénat = Sénat | cue: a dit",)
    for by_article in told.values():
        by_article["a"] = [quote(text, "« Rien", None, "a dit"), date(text, "mardi à Lyon", None)]
    found = reviewed(told_run(tmp_path, told, kinds=["quote", "date"]))
    (line,) = found["otherwise", "mardi"].proposed
    assert line == "DATE     mardi à Lyon | 2024-03-05"


def test_what_all_find_under_different_labels_is_not_listed(path, tmp_path):
    text = text_of(path)
    told = {name: {"a": [entity(text, "Sénat", name)]} for name in ("ORG", "LOC")}
    found = reviewed(told_run(tmp_path, told, kinds=["entity"]))
    assert {verdict for verdict, _ in found} == {"unfound"}
