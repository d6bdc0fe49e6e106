"""The variant ``names``: persons of an article are replaced by others, everywhere and in agreement."""

import re

import pytest
from test_variants import marked, with_marks

from factharness import api
from factharness.facts import Article, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.variants import vary
from factharness.variants.data import document, given_names
from factharness.variants.names import GENDER, ORIGIN, PERSON

LISTS = document("names")


def renamed(text):
    gold = vary(marked(text), "names")
    return [
        (
            held.fact.span.of(gold.article.text),
            held.attributes.get(ORIGIN),
            held.attributes.get(GENDER),
        )
        for held in gold.facts
    ]


def test_a_person_has_one_new_name_everywhere():
    (full, origin, gender), (family, *of_family), (given, *of_given), again = renamed(
        "[Claire Dumoulin] est venue. Mme [Dumoulin], dite [Claire], a parlé. [Claire Dumoulin] est sortie."
    )
    assert full == f"{given} {family}"
    assert given in LISTS[origin]["women"]
    assert family in LISTS[origin]["families"]
    assert again == (full, origin, "women")
    assert of_family == of_given == [origin, "women"]
    assert gender == "women"


def test_a_family_has_one_new_name():
    (anne, *_), (paul, *of_paul), (family, origin, gender) = renamed(
        "[Anne Ferrand] et [Paul Ferrand] : les [Ferrand]"
    )
    assert anne.endswith(f" {family}")
    assert paul.endswith(f" {family}")
    assert anne != paul
    assert of_paul == [origin, "men"]
    assert gender is None


@pytest.mark.parametrize(
    "text",
    [
        "[Xqzt Dumoulin] et M. [Dumoulin]",  # a given name of unknown gender
        "[Bernard « Nanard » Thonon] et [Thonon]",  # a nickname inside
        "[Dumoulin]",  # nobody knows whose family
        "[Madame Chose]",
        "",
    ],
)
def test_who_cannot_be_replaced_in_agreement_stays(text):
    assert with_marks(vary(marked(text + "."), "names")) == text + "."


def test_a_family_is_replaced_with_members_whose_gender_is_not_known():
    (known, *_), (unknown, *group) = renamed("[Paul Ferrand] et [Xqzt Ferrand]")
    assert unknown == f"Xqzt {known.split(' ', 1)[1]}"
    assert group[1] is None


def test_a_given_name_alone_is_replaced_by_one():
    (name, origin, gender), other = renamed("La petite [Claire]. [Claire] a six ans.")
    assert name in LISTS[origin]["women"]
    assert gender == "women"
    assert other == (name, origin, gender)


def test_a_given_name_of_two_persons_alone_stays():
    *_, (name, *_) = renamed("[Claire Dumoulin], [Claire Ferrand] et [Claire]")
    assert name == "Claire"


def test_the_first_part_of_a_compound_tells_the_gender():
    ((name, origin, gender),) = renamed("[Yves-Xqzt Dumoulin]")
    assert name.split(" ", 1)[0] != "Yves-Xqzt"
    assert (gender, origin in LISTS) == ("men", True)


def test_a_name_inside_a_name_is_replaced_with_it():
    text = "Paul de Villepin a dit non."
    facts = (Entity(Span(0, 16), PERSON), Entity(Span(8, 16), PERSON))
    new = vary(GoldArticle(Article("a", text), tuple(map(GoldFact, facts))), "names")
    whole, part = (held.fact.span for held in new.facts)
    assert whole.end == part.end == new.article.text.index(" a dit")
    assert whole.start == 0 < part.start < part.end


def test_particles_belong_to_the_family():
    (full, origin, _), (family, *_) = renamed("[Paul de Villepin] ; M. [Villepin]")
    assert full.endswith(f" {family}")
    assert "de " not in full
    assert family in LISTS[origin]["families"]


def test_names_in_capitals_stay_in_capitals():
    (full, *_), (family, *_) = renamed("[Claire DUMOULIN] et [DUMOULIN]")
    assert family.isupper()
    assert full.endswith(family)
    assert not full.isupper()
    ((initial, *_),) = renamed("[Claire D.]")
    assert not initial.isupper()
    assert initial.split(" ", 1)[1] in [name for one in LISTS.values() for name in one["families"]]


@pytest.mark.parametrize("number", range(40))
def test_elision_stays_right(number):
    text = "d’[Anne Obert], de [Paul Morin], qu’[Obert], que [Morin], [Luc de Aubin] et qu’[Aubin]"
    gold = marked(text)
    gold = GoldArticle(Article(f"a{number}", gold.article.text), gold.facts)
    new = with_marks(vary(gold, "names"))
    assert not re.search(r"’\[[^AEIOUYÀÉÊÎÖÔaeiou]", new)
    assert not re.search(r"(?:de|que) \[[AEIOUÀÉÊÎÖÔ]", new)


def test_speakers_follow_and_others_do_not():
    text = "Claire Dumoulin a dit non. Le maire a dit oui. Elle a dit si."
    gold = GoldArticle(
        Article("a", text),
        (
            GoldFact(Entity(Span(0, 15), PERSON)),
            GoldFact(Quote((Span(22, 25),), "direct", Span(0, 15), "Claire Dumoulin")),
            GoldFact(Quote((Span(42, 45),), "direct", Span(27, 35), "Le maire")),
            GoldFact(Quote((Span(58, 60),), "direct", Span(47, 51), "Dumoulin")),
        ),
    )
    new = vary(gold, "names")
    person, first, second, third = (held.fact for held in new.facts)
    name = person.span.of(new.article.text)
    assert name != "Claire Dumoulin"
    assert first.speaker_name == name == first.speaker.of(new.article.text)
    assert (second.speaker_name, second.speaker.of(new.article.text)) == ("Le maire", "Le maire")
    assert name.endswith(f" {third.speaker_name}")
    assert third.content[0].of(new.article.text) == "si"


def test_nothing_but_persons_is_replaced():
    text = "La rue Claire Dumoulin, à Dumoulin."
    facts = (GoldFact(Entity(Span(3, 22), "LOC")), GoldFact(Entity(Span(26, 34), "LOC")))
    gold = GoldArticle(Article("a", text), facts)
    assert vary(gold, "names") == gold


def test_every_origin_and_gender_occurs_in_the_dispatches():
    groups = {
        (held.attributes[ORIGIN], held.attributes.get(GENDER))
        for gold in api.read_gold("depeches")
        for held in vary(gold, "names").facts
        if ORIGIN in held.attributes
    }
    assert {(origin, gender) for origin in LISTS for gender in ("women", "men")} <= groups


def test_a_new_name_is_no_word_of_the_article():
    for gold in api.read_gold("depeches"):
        new = vary(gold, "names")
        words = set(re.findall(r"\w+", gold.article.text.casefold()))
        for old, held in zip(gold.facts, new.facts, strict=True):
            if ORIGIN in held.attributes and isinstance(held.fact, Entity):
                before = set(re.findall(r"\w+", old.fact.span.of(gold.article.text).casefold()))
                after = set(re.findall(r"\w+", held.fact.span.of(new.article.text).casefold()))
                assert not (after - before) & words


def test_the_lists_keep_their_promises():
    for origin, names in LISTS.items():
        for part in ("women", "men", "families"):
            first = [name[0].casefold() for name in names[part]]
            assert "h" not in first, origin
            assert len({*names[part]}) == len(names[part])
            vowels = sum(letter in "aeiouàéêîöô" for letter in first)
            assert 3 <= vowels <= len(first) - 3, (origin, part)
        assert not set(names["women"]) & set(names["men"])
        known = given_names()
        for gender in ("women", "men"):
            assert all(known.get(name) == gender for name in names[gender]), origin
