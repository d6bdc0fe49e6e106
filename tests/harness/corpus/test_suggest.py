"""Which articles to label next: the reasons, their order, and that a choice is not ten articles of one kind."""

import json
from collections import Counter

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factharness.cli import main
from factharness.corpus.profiles import CorpusReader, Profile, profile
from factharness.corpus.suggest import TOLD, Holdings, band, suggest
from factharness.facts import Article, Date, Entity, Prediction, Quote, Span
from factharness.gold.stats import FEW
from factharness.scheme import FR_NEWS
from factharness.text import sha256

ALL_KINDS = frozenset({"entity", "date", "quote"})
TEXT = "Marie Lefort dit « oui, oui » mardi à Lyon."


def reader(name, kinds=ALL_KINDS, label_map=None):
    return CorpusReader(name, frozenset(kinds), label_map or FR_NEWS.map_from("fr-news-1"))


def seen(*sides, readers=None):
    names = readers or [reader(str(number)) for number in range(len(sides))]
    answers = [Prediction("a", tuple(facts)) for facts in sides]
    return profile(Article("a", TEXT), names, answers, FR_NEWS)


MARIE, LYON = Entity(Span(0, 12), "PER"), Entity(Span(38, 42), "LOC")
TUESDAY = Date(Span(30, 35), "DATE", "2024-03-05")
OUI = Quote((Span(17, 29),), "direct")


def test_where_back_ends_differ():
    same = seen([MARIE, LYON, TUESDAY, OUI], [OUI, TUESDAY, LYON, MARIE])
    assert same.apart == {"entity": 0, "date": 0, "quote": 0}
    assert same.labels == {"PER": 1, "LOC": 1, "DATE": 1, "direct": 1}
    assert same.digest == sha256(TEXT)
    assert same.words == 10
    other = seen([MARIE, LYON], [MARIE, Entity(LYON.span, "ORG"), TUESDAY])
    assert other.apart == {"entity": 2, "date": 1, "quote": 0}
    assert other.labels == {"PER": 1, "LOC": 0.5, "ORG": 0.5, "DATE": 0.5}


def test_quotes_that_share_more_than_half_of_their_words_are_the_same():
    assert seen([OUI], [Quote((Span(19, 27),), "mixed")]).apart["quote"] == 0
    assert seen([OUI], [Quote((Span(0, 20),), "mixed")]).apart["quote"] == 2
    indirect = Quote(OUI.content, "indirect")
    assert seen([indirect], []).apart["quote"] == 1


def test_of_three_back_ends_the_mean_of_the_pairs_is_taken():
    assert seen([MARIE], [MARIE], []).apart["entity"] == pytest.approx(2 / 3)


def test_a_kind_counts_where_both_back_ends_find_it():
    readers = [reader("a", {"entity"}), reader("b")]
    found = seen([MARIE], [TUESDAY, OUI], readers=readers)
    assert found.apart == {"entity": 1}
    assert found.labels == {"PER": 0.5, "DATE": 1, "direct": 1}


def test_labels_are_mapped_and_repeated_facts_counted_once():
    readers = [reader("a", label_map={"PERSON": "PER", "MONEY": ""}), reader("b")]
    money = Entity(LYON.span, "MONEY")
    found = seen([Entity(MARIE.span, "PERSON"), MARIE, MARIE, money], [MARIE], readers=readers)
    assert found.apart["entity"] == 0


def test_an_article_on_which_a_back_end_fails_has_no_profile():
    answers = [Prediction("a", error="no"), Prediction("a", ())]
    assert profile(Article("a", TEXT), [reader("a"), reader("b")], answers, FR_NEWS) is None


def article(name, words=200, tags=(), labels=None, **apart):
    return Profile(name, name, words, apart, labels or {}, frozenset(tags))


def ids(suggestions):
    return [one.id for one in suggestions]


def test_the_largest_disagreement_per_words_comes_first():
    found = suggest(
        [article("a", entity=2), article("b", entity=9), article("c", 2000, entity=9)], 3
    )
    assert ids(found) == ["b", "a", "c"]
    (reason,) = found[0].reasons
    assert reason.says == (
        "the back ends are apart on 9 entities, 4.5 per 100 words, more than in 67% of the corpus"
    )
    assert found[2].reasons == ()


def test_a_choice_is_not_of_one_kind():
    """After an article of entities, one of quotes comes first that would else be third.

    The texts of the set, which are not chosen, are a part of the corpus that an article is compared with.
    """
    known = [article(f"k{n}", entity=n / 10, quote=(n > 5) * 9) for n in range(10)]
    profiles = [article("e1", entity=9), article("e2", entity=8), article("q", quote=1), *known]
    found = suggest(profiles, 3, Holdings(digests=frozenset(one.digest for one in known)))
    assert [(one.id, round(one.worth, 2)) for one in found] == [
        ("e1", 0.92),
        ("q", 0.62),
        ("e2", 0.42),
    ]


def test_what_a_set_lacks_counts_until_it_has_it():
    held = Holdings(Counter({"150 to 399 words": 9}), {"PER": 400.0, "MISC": 0.0})
    profiles = [article(name, labels={"PER": 9.0, "MISC": 10.0}) for name in "abc"]
    profiles += [article("d", tags=["set"]), article("e", tags=["set"]), article("f", tags=["set"])]
    found = suggest(profiles, 6, held)
    assert ids(found) == ["a", "b", "d", "e", "c", "f"]
    assert [[reason.says for reason in one.reasons] for one in found[:4]] == [
        ["about 10 MISC, of which the set has 0"],
        ["about 10 MISC, of which the set has 0"],
        ["set: in no article of the set"],
        ["set: in no article of the set"],
    ]
    assert [one.worth for one in found] == [1, 0.5, 0.5, 0.25, 0, 0]
    assert held.labels == {"PER": 400.0, "MISC": 0.0}


def test_three_facts_of_a_rare_label_are_as_good_as_thirty():
    held = Holdings(Counter({"150 to 399 words": 9}), {"MISC": FEW / 2})
    few, three, many = (suggest([article("a", labels={"MISC": n})], 1, held)[0] for n in (1, 3, 30))
    assert few.worth == pytest.approx(1 / 6)
    assert three.worth == many.worth == 0.5
    assert suggest([article("a", labels={"MONEY": 9.0})], 1, held)[0].worth == 0


def test_a_length_that_the_set_has_little_of():
    held = Holdings(Counter({"150 to 399 words": 9, "under 150 words": 1}))
    found = suggest([article("a", 900), article("b", 100), article("c", 200)], 3, held)
    assert ids(found) == ["a", "b", "c"]
    assert found[0].reasons[0].says == "800 words or more: 0% of the set"
    assert found[1].reasons[0].says == "under 150 words: 10% of the set"
    assert [one.worth > 0 for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("words", "name"),
    [(0, "under 150 words"), (149, "under 150 words"), (150, "150 to 399 words"),
     (400, "400 to 799 words"), (800, "800 words or more")],
)  # fmt: skip
def test_bands(words, name):
    assert band(words) == name


def test_texts_of_the_set_and_second_copies_are_left_out():
    held = Holdings(digests=frozenset({"b"}))
    copy = msgspec.structs.replace(article("z", entity=99), digest="a")
    profiles = [copy, article("a", entity=1), article("b", entity=50)]
    assert ids(suggest(profiles, 9, held)) == ["a"]


profiles = st.lists(
    st.builds(
        article,
        st.text("abc", min_size=1, max_size=3),
        st.integers(0, 1000),
        st.sets(st.sampled_from(["set", "decade"])),
        st.dictionaries(st.sampled_from(["PER", "MISC"]), st.floats(0.5, 9)),
        entity=st.integers(0, 9),
        date=st.integers(0, 9),
    ),
    max_size=8,
    unique_by=lambda one: one.id,
)


@given(profiles, st.randoms(), st.integers(1, 9), st.booleans())
def test_the_order_of_the_corpus_does_not_matter(made, random, number, with_set):
    held = Holdings(Counter({"under 150 words": 3}), {"MISC": 1.0}) if with_set else None
    found = suggest(made, number, held)
    shuffled = random.sample(made, len(made))
    assert suggest(shuffled, number, held) == found
    assert len(found) == min(number, len(made))
    assert len(set(ids(found))) == len(found)
    assert suggest(made, number + 1, held)[: len(found)] == found
    for one in found:
        weights = [reason.weight for reason in one.reasons]
        assert weights == sorted(weights, reverse=True)
        assert len(weights) <= TOLD
        assert all(0 < weight <= 1 for weight in weights)


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """Three texts, and what two back ends found in them; the second failed on the last."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "texts").mkdir()
    answers = {"one": [], "two": []}
    for name, town in (("a", "Metz"), ("b", "Brest"), ("c", "Caen")):
        text = f"Lyon et {town}."
        (tmp_path / "texts" / f"{name}.txt").write_text(text)
        found = [Entity(Span(0, 4), "LOC"), Entity(Span(8, 8 + len(town)), "LOC")]
        answers["one"].append({"id": name, "facts": found})
        short = {"id": name, "facts": found[: 2 - (name == "b")]}
        answers["two"].append({"id": name, "error": "no"} if name == "c" else short)
    for name, lines in answers.items():
        lines = (msgspec.json.encode(line).decode() for line in lines)
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    return tmp_path


PAIR = ("-b", "one=replay(path=one.jsonl)", "-b", "two=replay(path=two.jsonl)")


def call(*args: object) -> int:
    with pytest.raises(SystemExit) as caught:
        main(["gold", *map(str, args)])
    return caught.value.code


def test_stored_answers_over_a_folder_of_texts(corpus, capsys):
    assert call("suggest", "texts", *PAIR) == 0
    said = capsys.readouterr()
    assert said.out == (
        "1. b  (3 words)\n"
        "   - the back ends are apart on 1 entity, 1 per 100 words, more than in 50% of the corpus\n"
        "2. a  (3 words)\n"
    )
    assert said.err == "1 article left out, such as c: two: no\n"
    assert call("suggest", "texts", *PAIR, "-n", 1, "--json") == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert (only["id"], only["reasons"][0]["about"]) == ("b", "entity")


def test_what_the_set_has_is_not_suggested(corpus, capsys):
    assert (
        call("new", "texts/b.txt", "texts/a.txt", "--published", "2024-03-05", "-o", "mine/") == 0
    )
    capsys.readouterr()
    assert call("suggest", "texts", *PAIR, "--set", "mine") == 0
    assert capsys.readouterr().out == "every article is in the set already\n"
    (corpus / "mine" / "b.gold").unlink()
    assert call("suggest", "texts", *PAIR, "--set", "mine") == 0
    out = capsys.readouterr().out
    assert out.startswith("1. b  (3 words)\n")
    assert "   - about 1.5 LOC, of which the set has 0\n" in out


def test_gold_files_are_a_corpus_of_their_texts(corpus, capsys):
    args = ("texts/a.txt", "texts/b.txt", "--published", "2024-03-05", "-o", "mine/")
    assert call("new", *args) == 0
    (corpus / "mine" / "broken.gold").write_text("x")
    capsys.readouterr()
    assert call("suggest", "mine", *PAIR, "-n", 1) == 0
    said = capsys.readouterr()
    assert said.out.startswith("1. b  (3 words)\n")
    assert "article left out, such as broken:" in said.err


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (("texts", "-b", "rules"), 2, "at least two different back ends"),
        (("texts", "-b", "rules", "-b", "rules", *PAIR), 2, "at least two different back ends"),
        (("nowhere", *PAIR), 2, "no such input"),
        (("texts", PAIR[0], "x=replay(path=one.jsonl, kinds=[date])", "-b",
          "y=replay(path=two.jsonl, kinds=[entity])"), 2, "no two of x, y find the same kind"),
        (("empty", *PAIR), 3, "nothing to choose from: there is no article"),
        (("texts", *PAIR, "--set", "nowhere"), 2, "gold set"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told(corpus, args, code, says, capsys):
    (corpus / "empty").mkdir()
    assert call("suggest", *args) == code
    assert says in capsys.readouterr().err
