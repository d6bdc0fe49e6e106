"""Worked examples of the canonical form."""

import pytest
from gold_strategies import EXAMPLE, example

from factharness.errors import GoldError
from factharness.facts import Date, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.gold.anchors import describe
from factharness.gold.compose import compose, header_for
from factharness.gold.format import format_document, rehash, render
from factharness.gold.header import Labelling
from factharness.gold.parse import parse
from factharness.gold.syntax import read
from factharness.gold.tree import Elided, Offsets, Words


def fmt(*lines: str, **more: str) -> list[str]:
    return format_document(read(example(*lines, **more))).split("\n> ")[-1].splitlines()[1:]


def test_the_example_is_in_canonical_form():
    assert format_document(read(EXAMPLE)) == EXAMPLE


def test_words_are_rewritten_to_the_exact_characters():
    assert fmt("MISC l'été", text="C’est l’été.") == ["  MISC     l’été"]


def test_numbers_are_added_and_removed():
    assert fmt("LOC Lyon <#1>") == ["  LOC      Lyon"]
    assert fmt("LOC <0:4>", text="Lyon et Lyon") == ["  LOC      Lyon <#1>"]


def test_facts_are_sorted_and_comments_stay_above_theirs():
    assert fmt("# two", "LOC  Lyon", "# one", "MISC maire de Lyon", "PER maire", "# end") == [
        "  # one",
        "  MISC     maire de Lyon",
        "  PER      maire",
        "  # two",
        "  LOC      Lyon",
        "  # end",
    ]


def test_long_quotes_are_shortened_and_short_ones_written_out():
    text = "Elle dit que les premiers versements auront lieu peu avant les vacances de Pâques."
    long = "que les premiers versements auront lieu peu avant les vacances de Pâques"
    assert fmt(f"QUOTE {long} | indirect | by: Elle | cue: dit", text=text) == [
        "  QUOTE    que les premiers <...> vacances de Pâques | indirect | by: Elle | cue: dit"
    ]
    assert fmt("QUOTE que <...> versements | indirect | by: -", text=text) == [
        "  QUOTE    que les premiers versements | indirect | by: -"
    ]


def test_shortened_words_grow_until_they_are_unambiguous():
    text = "il a dit que oui et il a dit que oui et il a dit que non et il a dit que peut-être"
    fragment = describe((0, len(text)), text, shorten=True)
    assert isinstance(fragment, Elided)
    assert text.startswith(fragment.head)
    twice = "un deux trois quatre cinq six sept huit neuf dix onze"
    assert describe((0, len(twice)), f"{twice} {twice}", shorten=True) == Words(twice, 1)


@pytest.mark.parametrize("space", [" ", "\n", "\u00a0"])
def test_shortened_words_have_fifteen_characters_at_each_end_at_least(space):
    head, middle, tail = "un deux trois q", "et " * 10 + "encore", "q trois deux un"
    text = f"Il dit : {space.join((head, middle, tail))}, dit-il."
    place = (9, len(text) - 9)
    assert describe(place, text, shorten=True) == Elided(head, tail)
    shorter = text.replace("trois q", "trois").replace("q trois", "trois")
    written = space.replace("\n", " ")
    assert describe((9, len(shorter) - 9), shorter, shorten=True) == Elided(
        f"un deux trois{written}et", f"encore{written}trois deux un"
    )


@pytest.mark.parametrize("place", [(0, 3), (4, 8), (1, 2)])
def test_what_no_words_can_say_is_written_as_offsets(place):
    assert describe(place, "Lyon et") == Offsets(*place)


def test_a_file_with_mistakes_is_not_formatted():
    with pytest.raises(GoldError, match="does not stand"):
        fmt("LOC Paris")
    with pytest.raises(GoldError, match="not a fact"):
        fmt("loc Paris")


def test_rehash_accepts_the_text_as_it_stands():
    changed = read(example("LOC Lyon").replace("maire", "mairie"))
    assert parse(render(rehash(changed))).article.text.startswith("La mairie")
    inline = read(example(sha256="''").replace("maire", "mairie"))
    assert parse(render(rehash(inline)))
    empty = read(example(sha256='""'))
    assert parse(render(rehash(empty)))


def test_comments_in_the_header_stay():
    source = EXAMPLE.replace("lang ", "# a comment\nlang ")
    assert format_document(read(source)) == source


def test_what_the_format_cannot_say_is_noted():
    text = "Un deux.\n\nTrois."
    facts = (
        GoldFact(Entity(Span(3, 12), "PER")),
        GoldFact(Entity(Span(0, 2), "per")),
        GoldFact(Entity(Span(0, 2), "DATE")),
        GoldFact(Entity(Span(10, 99), "PER")),
        GoldFact(Date(Span(0, 2), "DATE", "x: y")),
        GoldFact(Quote((Span(8, 10),), "direct")),
        GoldFact(Quote((Span(0, 2),), "direct", speaker=Span(10, 15), cue=Span(10, 15))),
        GoldFact(Entity(Span(0, 2), "PER"), attributes={"wiki": "Q1"}),
    )
    gold = parse(example(text=text))
    gold = GoldArticle(gold.article, facts)
    document, losses = compose(header_for(gold.article, labels=Labelling()), gold)
    assert len(losses) == 9
    whole = sum(loss.whole for loss in losses)
    assert len(parse(render(document)).facts) == len(facts) - whole == 3
    (quote,) = (item.fact for item in parse(render(document)).facts if isinstance(item.fact, Quote))
    assert quote == Quote((Span(0, 2),), "direct", None, "Trois")
