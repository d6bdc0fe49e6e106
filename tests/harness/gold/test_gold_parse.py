"""Worked examples of the grammar: what each line means, and what each mistake says."""

import pytest
from gold_strategies import EXAMPLE, example

from factharness.errors import GoldError
from factharness.facts import Article, Date, Entity, GoldFact, Quote, Span
from factharness.gold.parse import parse


def facts(*lines: str, **more: str) -> list[GoldFact]:
    return list(parse(example(*lines, **more)).facts)


def test_the_example_of_the_format_document():
    gold = parse(EXAMPLE, "x.gold")
    text = gold.article.text
    assert gold.article.id == "2024-03-05-apprentissage"
    assert gold.path == "x.gold"
    words = [
        (type(item.fact).__name__, item.fact.span.of(text), item.attributes)
        for item in gold.facts
        if not isinstance(item.fact, Quote)
    ]
    assert words[0] == ("Entity", "Claire Dumoulin", {})
    assert ("Date", "12 mars", {"mod": "BEFORE"}) in words
    assert ("Entity", "Paris", {"meto": "ORG"}) in words
    first, second = (item.fact for item in gold.facts if isinstance(item.fact, Quote))
    assert [span.of(text) for span in first.content] == [
        "« Nous ne laisserons aucun territoire de côté,",
        "mais l’État ne pourra pas tout. »",
    ]
    assert first.speaker.of(text) == "elle"
    assert first.speaker_name == "Claire Dumoulin"
    assert first.cue.of(text) == "a-t-elle promis"
    assert second.content[0].of(text) == "que les premiers versements auront lieu « avant l’été »"
    assert gold.facts[0].line == 13


def test_dates_labels_and_layers_come_from_the_header():
    gold = parse(
        example(
            labels='{ skip = ["quote"], prelabel = "rules" }',
            meta='{ rubrique = "sport" }',
            published="2024-03-05",
        )
    )
    assert gold.skip == frozenset({"quote"})
    assert gold.prelabel == "rules"
    assert gold.article.meta == {"rubrique": "sport"}
    assert gold.article.published.isoformat() == "2024-03-05"


def test_an_article_of_no_characters():
    gold = parse(example(text="").replace("> \n", ""))
    assert gold.article == Article("essai", "", gold.article.published)
    assert gold.facts == ()


@pytest.mark.parametrize(
    ("line", "fact"),
    [
        ("LOC Lyon", Entity(Span(12, 16), "LOC")),
        ("LOC.town   Lyon", Entity(Span(12, 16), "LOC.town")),
        ("LOC <12:16>", Entity(Span(12, 16), "LOC")),
        ("PER maire <...> Lyon", Entity(Span(3, 16), "PER")),
        ("DATE Lyon | 2024", Date(Span(12, 16), "DATE", "2024")),
        ("DATE Lyon", Date(Span(12, 16), "DATE", None)),
        ("QUOTE « oui » | direct | by: -", Quote((Span(23, 30),), "direct")),
        (
            "QUOTE « oui » | direct | by: - = le maire",
            Quote((Span(23, 30),), "direct", None, "le maire"),
        ),
        ("QUOTE? « oui »", Quote((Span(23, 30),), None)),
        (
            "QUOTE « oui » | mixed | by: La maire de Lyon | cue: a dit",
            Quote((Span(23, 30),), "mixed", Span(0, 16), None, Span(17, 22)),
        ),
    ],
)
def test_one_line(line, fact):
    assert [item.fact for item in facts(line)] == [fact]


def test_words_are_folded_so_that_plain_typing_finds_typography():
    text = "Il l’a dit\u00a0: «\u00a0L’été à\u202f20\u2009h\u00a0»."
    (found,) = facts("QUOTE « L'été à 20 h » | direct | by: -", text=text)
    assert found.fact.content[0].of(text) == "«\u00a0L’été à\u202f20\u2009h\u00a0»"


def test_a_quote_over_a_line_break_inside_a_paragraph():
    (found,) = facts("QUOTE « oui, non » | direct | by: -", text="Elle dit « oui,\nnon ».")
    assert found.fact.content == (Span(9, 21),)


def test_escapes():
    text = r"@lui a = b \ c < d | e - f"
    lines = [r"PER? \@lui", r"MISC a \= b \\ c \< d \| e", "QUOTE? f | by: \\- | note: a \\| b"]
    first, second, third = facts(*lines, text=text)
    assert first.fact.span.of(text) == "@lui"
    assert second.fact.span.of(text) == r"a = b \ c < d | e"
    assert third.fact.speaker.of(text) == "-"
    assert third.attributes == {"note": "a | b"}


def test_a_quote_over_two_paragraphs():
    source = EXAMPLE.replace(
        "  ORG      État\n",
        "  ORG      État\n\n> « Il faudra voir », conclut-elle.\n"
        "  QUOTE @q1 <+> « Il faudra voir » | to: elle = la foule\n",
    ).replace("sha256    =", "sha256    = ''#")
    with pytest.raises(GoldError, match="SHA-256"):
        parse(source)
    text = "« Un.\n\n« Deux », dit Ana."
    base = example(text=text)
    source = base.replace("\n\n> « Deux", "\n  QUOTE @a « Un. | direct\n\n> « Deux")
    source += "  QUOTE @a <+> « Deux » | by: Ana | cue: dit\n"
    (found,) = parse(source).facts
    assert found.fact == Quote(
        (Span(0, 5), Span(7, 15)), "direct", Span(21, 24), None, Span(17, 20)
    )


def test_a_speaker_by_reference():
    text = "« Un », dit Ana Bo. « Deux. »\n\n« Trois. »"
    base = example(text=text).replace(
        "\n\n> « Trois",
        "\n  QUOTE @a « Un » | direct | by: Ana Bo | cue: dit\n"
        "  QUOTE @b « Deux. » | direct | by: @a\n\n> « Trois",
    )
    first, second, third = parse(base + "  QUOTE « Trois. » | direct | by: @b\n").facts
    assert second.fact.speaker == first.fact.speaker
    assert second.fact.speaker_name == "Ana Bo"
    assert (third.fact.speaker, third.fact.speaker_name) == (None, "Ana Bo")


def test_an_addressee_is_an_attribute():
    (found,) = facts("QUOTE « oui » | direct | by: - | to: Lyon")
    assert found.attributes == {"to": "Lyon"}
    (found,) = facts("QUOTE « oui » | direct | by: - | to: Lyon = les élus")
    assert found.attributes == {"to": "les élus"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("lyon", "not a fact"),
        ("LOC", "LOC has no words"),
        ("LOC Lyons", "'Lyons' does not stand"),
        ("LOC lyon", "other capitals"),
        ("LOC Lyo", "inside a longer word"),
        ("LOC Lyon <#2>", "'Lyon' stands once in the paragraph, there is no <#2>"),
        ("LOC <12:99>", "ends past the paragraph's 31 characters"),
        ("LOC <12:12>", "is empty"),
        ("LOC <Lyon", "a < that is no sign"),
        ("LOC Lyon <...>", "not an anchor"),
        ("LOC Lyon <...> maire", "'maire' does not stand after 'Lyon'"),
        ("LOC maire <...> Paris", "'Paris' does not stand"),
        ("LOC maire <+> Lyon", "LOC has several fragments"),
        ("LOC @a <+> Lyon", "<+> at the start continues no quote"),
        ("QUOTE <+> « oui » | direct", "<+> at the start continues no quote"),
        ("QUOTE @a <+> « oui »", "no quote @a stands before"),
        ("QUOTE « oui » <+> | direct", "no words after <+>"),
        ("QUOTE « oui » <+> <+> Lyon | direct", "two <+>"),
        ("QUOTE « oui » <+> oui | direct", "two fragments of the quote overlap"),
        ("QUOTE « oui »", "a QUOTE has no type"),
        ("QUOTE « oui » | dirrect", "unknown type of quote 'dirrect'; did you mean 'direct'?"),
        ("QUOTE « oui » | direct | direct", "a second value"),
        ("QUOTE « oui » | direct | by: Lyon | by: Lyon", "by: stands twice"),
        ("QUOTE « oui » | direct | by:", "by: is empty"),
        ("QUOTE « oui » | direct | by: Lyon =", "no name after ="),
        ("QUOTE « oui » | direct | by: Lyon = a = b", "two names"),
        ("QUOTE « oui » | direct | by: @q1", "unknown quote '@q1'"),
        ("QUOTE @a « oui » | direct | by: @a", "leads back to itself"),
        ("QUOTE « oui » | direct | by: @ a", "is not an id"),
        ("QUOTE « oui » | direct | by: Lyon <+> dit", "not one stretch"),
        ("QUOTE « oui » | direct | by: Paris", "by: 'Paris' does not stand"),
        ("QUOTE « oui » | direct | cue: dit = a", "a cue is words"),
        ("QUOTE « oui » | direct | bye: Lyon", "unknown field of quote 'bye'; did you mean 'by'?"),
        ("LOC Lyon | by: Lyon", "unknown field of entity 'by'"),
        ("LOC Lyon | ORG", "an entity has no value"),
        ("LOC Lyon |", "an empty field"),
        (r"LOC Ly\on", "unknown escape"),
        ("LOC Lyon\\", "unknown escape"),
        (">~ 3 0123456789abcdef", "not a fact"),
    ],
)
def test_a_mistake_in_a_line_is_named_with_its_place(line, says):
    with pytest.raises(GoldError) as caught:
        parse(example(line), "dir/essai.gold")
    assert says in str(caught.value)
    assert str(caught.value).startswith("dir/essai.gold:10: ")
    assert caught.value.remedy


def test_only_quotes_can_be_referred_to():
    with pytest.raises(GoldError, match="unknown quote '@a'"):
        facts("LOC @a Lyon", "QUOTE « oui » | direct | by: @a")


def test_a_reference_to_a_quote_without_a_speaker_keeps_its_own_name():
    first, second = facts("QUOTE? @a « oui »", "QUOTE Lyon | direct | by: @a = Ana")
    assert first.fact == Quote((Span(12, 16),), "direct", None, "Ana")
    assert second.fact == Quote((Span(23, 30),), None)


def test_several_hits_need_a_number():
    with pytest.raises(GoldError, match=r"'Lyon' stands 2 times in the paragraph"):
        facts("LOC Lyon", text="Lyon et Lyon")
    with pytest.raises(GoldError, match="more than one way"):
        facts("MISC Lyon <...> bis", text="Lyon et Lyon bis")
    with pytest.raises(GoldError, match="more than one way"):
        facts("MISC Lyon <...> bis", text="Lyon et bis et bis")
    assert [item.fact.span.start for item in facts("LOC Lyon <#2>", text="Lyon et Lyon")] == [8]


def test_a_speaker_of_another_paragraph_is_named():
    with pytest.raises(GoldError, match="it stands in another one: write by: - = Ana"):
        facts("QUOTE « oui » | direct | by: Ana", text="Ana sourit.\n\nElle dit « oui ».")


def test_an_id_stands_once():
    with pytest.raises(GoldError, match="@a stands twice"):
        facts("QUOTE @a « oui » | direct | by: -", "QUOTE @a Lyon | direct | by: -")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "no line '\\+\\+\\+'"),
        ("x = \n+++\n", "not TOML"),
        (example(gold="2"), "gold = 2 is not a version"),
        (example(gold=""), "the header lacks 'gold'"),
        (example(lnag='"fr"'), "unknown header key 'lnag'; did you mean 'lang'"),
        (example(labels='{ shceme = "a" }'), "unknown key of labels 'shceme'"),
        (example(labels='{ skip = ["dates"] }'), "unknown member of skip 'dates'; did you mean 'date'"),
        (example(published='"2024-03-05"'), "published is not a date"),
        (example(text_="1"), "unknown header key"),
        (example(sha256='"12"'), "sha256 is not a SHA-256"),
        (example(sha256=f'"{"0" * 64}"'), "--rehash"),
        (example(id='"a b"'), "is not a name"),
        (example(meta='{ a = 1 }'), "a is not a string"),
        (example(phenomena='"a"'), "not a list of strings"),
        (example(source='"a"'), "not a table"),
        (example().replace("+++\n", "+++\n  LOC Lyon\n"), "before the first paragraph"),
        (example().replace("> La", ">La"), "no space after >"),
        (example().replace("> La", "> \n> La").replace("> \n", "> \n\n"), "an empty paragraph"),
        (example().replace("> La", ">~ 5 0123456789abcdef\n\n> La"), 'text = "full"'),
        (example().replace("> La", ">~ x\n\n> La"), "not a withheld paragraph"),
        (example().replace('"full"', '"withheld"'), 'text = "withheld"'),
        (example().replace('"full"', '"fulll"'), "did you mean 'full'"),
        (
            example().replace('"full"', '"withheld"').split("> ")[0] + ">~ 5 0123456789abcdef\n",
            "the text is withheld; attach it",
        ),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named(source, says):
    with pytest.raises(GoldError, match=says) as caught:
        parse(source, "essai.gold")
    assert caught.value.file == "essai.gold"
    assert caught.value.remedy


def test_spaces_that_an_editor_left_do_no_harm():
    source = example("LOC Lyon").replace("« oui ».", "« oui ».  ").replace("de Lyon", "de  Lyon")
    assert parse(source).article.text == "La maire de Lyon a dit « oui »."


def test_gold_articles_and_facts_are_equal_or_not():
    first, second = parse(example("LOC Lyon")), parse(example("", "LOC Lyon"))
    other = parse(example("ORG Lyon"))
    assert first == second
    assert not first != second  # noqa: SIM202 - the operator itself is under test
    assert first != other
    assert first.facts[0] != other.facts[0]
    assert not first.facts[0] != second.facts[0]  # noqa: SIM202
