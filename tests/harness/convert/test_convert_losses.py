"""What the list of formats says that each cannot carry is what is lost on the way out and back."""

from datetime import date, datetime

import pytest
from convert_strategies import LIBRARIES, articles, same_facts
from hypothesis import given, settings
from msgspec import structs

from factharness.cli import main
from factharness.convert import FORMATS, export_gold, format_named, import_labellings
from factharness.convert.losses import NO_FORMAT, OF_ARTICLE, PARTS
from factharness.convert.model import unmark
from factharness.facts import Article, Date, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.gold.parse import read_document

TEXT = "Ana vit à Lyon"
ANA, LYON = GoldFact(Entity(Span(0, 3), "PER")), GoldFact(Entity(Span(10, 14), "LOC"))
PLAIN = GoldArticle(Article("essai", TEXT), (ANA, LYON))


def with_text(text: str, *facts: GoldFact) -> GoldArticle:
    return structs.replace(
        PLAIN, article=structs.replace(PLAIN.article, text=text), facts=(ANA, *facts)
    )


def with_article(**more: object) -> GoldArticle:
    return structs.replace(PLAIN, article=structs.replace(PLAIN.article, **more))


def with_facts(*facts: GoldFact) -> GoldArticle:
    return structs.replace(PLAIN, facts=(ANA, *facts))


UNIVERSITY = "Ana à Université de Lyon Sud"
EXAMPLES: dict[str, GoldArticle] = {
    "date of publication": with_article(published=date(2024, 3, 5)),
    "time of publication": with_article(published=datetime.fromisoformat("2024-03-05T10:30+01:00")),
    "language": with_article(lang="en"),
    "meta": with_article(meta={"rubrique": "sport"}),
    "white space": with_text("Ana\u202fvit,\n\nà\u00a0\nLyon"),
    "control characters": with_text("Ana \x01 vit"),
    "quotes": with_facts(
        GoldFact(Quote((Span(4, 7), Span(10, 14)), "mixed", Span(0, 3), None, Span(8, 9)))
    ),
    "don't care": with_facts(GoldFact(Entity(Span(10, 14), "LOC"), ignore=True)),
    "values": with_facts(GoldFact(Date(Span(10, 14), "DATE", "2024-03-05"))),
    "names of speakers": with_facts(GoldFact(Quote((Span(4, 7),), "direct", None, "Ana Bo"))),
    "metonymy": with_facts(GoldFact(Entity(Span(10, 14), "LOC"), attributes={"meto": "ORG"})),
    "notes": with_facts(GoldFact(Entity(Span(10, 14), "LOC"), attributes={"note": "sûr ?"})),
    "inner facts": with_text(
        UNIVERSITY,
        GoldFact(Entity(Span(6, 24), "ORG")),
        GoldFact(Entity(Span(20, 24), "LOC")),
    ),
    "facts inside inner facts": with_text(
        UNIVERSITY,
        GoldFact(Entity(Span(6, 28), "ORG")),
        GoldFact(Entity(Span(6, 24), "ORG")),
        GoldFact(Entity(Span(20, 24), "LOC")),
    ),
    "facts at one place": with_facts(
        GoldFact(Entity(Span(10, 14), "LOC"), attributes={"note": "one"}),
        GoldFact(Entity(Span(10, 14), "LOC"), attributes={"note": "two"}),
    ),
    "places inside words": with_facts(GoldFact(Entity(Span(11, 13), "MISC"))),
}


def carries(name: str, gold: GoldArticle) -> bool:
    """Whether an article comes back from a format with everything it had."""
    files = export_gold(name, [gold]).files
    (found,), _ = import_labellings(name, files, allow_empty=True)
    return found.gold.article == gold.article and same_facts(found.gold, gold)


def test_every_part_has_an_example_that_differs_from_the_plain_article():
    assert tuple(EXAMPLES) == PARTS
    assert all(gold != PLAIN for gold in EXAMPLES.values())
    assert set(OF_ARTICLE) < set(PARTS)


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_the_list_says_what_a_format_cannot_carry(name):
    assert carries(name, PLAIN)
    lost = [part for part, gold in EXAMPLES.items() if not carries(name, gold)]
    assert sorted(FORMATS[name].loses) == sorted(lost)


@pytest.mark.needs(name=LIBRARIES)
@pytest.mark.parametrize("name", sorted(FORMATS))
@settings(max_examples=20)
@given(gold=articles())
def test_an_export_that_says_nothing_loses_nothing(name, gold):
    written = export_gold(name, [gold])
    (document,) = format_named(name).read(written.files).documents
    found = unmark(document)[0]
    if not written.notes:
        assert found.article == gold.article
        assert same_facts(found, gold)


HEADED = """gold      = 1
id        = "essai"
title     = "Ana à Lyon"
lang      = "fr"
published = 2024-03-05
source    = { outlet = "Le Fil" }
licence   = { text = "CC-BY-4.0", labels = "CC0-1.0" }
meta      = { rubrique = "sport" }
phenomena = ["inversion"]
labels    = { scheme = "fr-news-1", by = ["ab"], status = "reviewed", prelabel = "spacy", skip = ["quote"] }
text      = "full"
sha256    = "{sha256}"
+++

> Ana vit à Lyon
  PER      Ana
"""


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


@pytest.fixture
def headed(tmp_path):
    from factharness.text import sha256

    path = tmp_path / "gold" / "essai.gold"
    path.parent.mkdir()
    path.write_text(HEADED.replace("{sha256}", sha256(TEXT)), encoding="utf-8")
    return path


def test_no_format_carries_the_rest_of_the_header_and_an_export_says_so(headed, tmp_path, capsys):
    assert call("export", "label-studio", headed, "-o", tmp_path / "out") == 0
    assert capsys.readouterr().err == (
        f"not carried: {', '.join(NO_FORMAT)} of the header (see import --header-from), left out (1)\n"
    )
    assert call("import", "label-studio", tmp_path / "out", "-o", tmp_path / "new") == 0
    before, after = (
        read_document(path).header for path in (headed, tmp_path / "new" / "essai.gold")
    )
    lost = [
        key
        for key in before.__struct_fields__
        if key != "labels" and getattr(before, key) != getattr(after, key)
    ]
    lost += [
        key
        for key in before.labels.__struct_fields__
        if getattr(before.labels, key) != getattr(after.labels, key)
    ]
    assert sorted(lost) == sorted(NO_FORMAT)


@pytest.mark.parametrize("name", ["label-studio", "brat", "iob2"])
def test_an_import_takes_the_header_from_the_gold_that_was_exported(headed, tmp_path, name):
    call("export", name, headed, "-o", tmp_path / "out")
    args = ("import", name, tmp_path / "out", "-o", tmp_path / "new")
    assert call(*args, "--header-from", headed.parent) == 0
    before, after = (
        read_document(path).header for path in (headed, tmp_path / "new" / "essai.gold")
    )
    assert after == structs.replace(before, labels=structs.replace(before.labels, status="draft"))


def test_an_article_without_a_header_there_is_told(headed, tmp_path, capsys):
    call("export", "doccano", headed, "-o", tmp_path / "out")
    headed.write_text(headed.read_text(encoding="utf-8").replace('"essai"', '"autre"'), "utf-8")
    headed.rename(headed.with_name("autre.gold"))
    args = ("import", "doccano", tmp_path / "out", "-o", tmp_path / "new")
    assert call(*args, "--header-from", headed.parent) == 0
    assert "no header of that id in" in capsys.readouterr().out
