"""What a suite may say of back ends that are made of others, and what is said of mistakes in it."""

from __future__ import annotations

import pytest

from factharness.backends.combination import Composition
from factharness.backends.recipe import ComposedRecipe, Recipe
from factharness.errors import BackendError, SuiteError
from factharness.runs.one_line import saved, with_backends
from factharness.runs.plan import Selection, plan
from factharness.runs.recipes import recipe
from factharness.runs.suite import read, written
from factharness.score.ensemble import Source

PLAIN = """[suite]
goldsets = ["depeches"]
[[backend]]
use = "rules"
[[backend]]
use = "spacy"
[[backend]]
use = "stanza"
"""
VOTE = '[[backend]]\nname = "vote"\nuse = "vote"\nof = ["rules", "spacy"]\n'


def suite(tmp_path, more):
    path = tmp_path / "mine.toml"
    path.write_text(PLAIN + more, encoding="utf-8")
    return read(path)


def test_a_combination(tmp_path):
    made = suite(tmp_path, VOTE + 'kinds = ["quote"]\n').backends[3]
    assert made.composition == Composition("vote", ("rules", "spacy"), ("quote",))
    assert (made.how, made.plugin, made.taken_from) == ("vote", False, ("rules", "spacy"))


def test_a_kind_from_one_alone_and_the_others_combined(tmp_path):
    made = suite(tmp_path, VOTE + 'dates = "stanza"\n').backends[3]
    apart = {"date": Source("vote", ("stanza",))}
    assert made.composition == Composition("vote", ("rules", "spacy"), apart=apart)
    assert made.taken_from == ("rules", "spacy", "stanza")


def test_kinds_that_are_combined_each_in_its_own_way(tmp_path):
    more = '[[backend]]\nname = "hybrid"\nentities = { vote = ["rules", "spacy", "stanza"] }\n'
    made = suite(tmp_path, more + 'dates = "rules"\nquotes = { first = ["spacy", "rules"] }\n')
    assert made.backends[3].composition == Composition(
        apart={
            "entity": Source("vote", ("rules", "spacy", "stanza")),
            "date": Source("vote", ("rules",)),
            "quote": Source("first", ("spacy", "rules")),
        }
    )
    assert made.backends[3].parts == {"date": "rules"}
    (tmp_path / "mine.toml").write_text(written(made), encoding="utf-8")
    assert read(tmp_path / "mine.toml").backends == made.backends


def test_what_is_written_is_what_was_read(tmp_path):
    more = VOTE + 'kinds = ["quote", "entity"]\ndates = "rules"\n'
    more += '[[backend]]\nname = "all"\nuse = "union"\nof = ["vote", "stanza"]\n'
    first = suite(tmp_path, more)
    path = tmp_path / "mine.toml"
    path.write_text(written(first), encoding="utf-8")
    assert read(path).backends == first.backends


@pytest.mark.parametrize(
    ("more", "said", "line"),
    [
        ('name = "v"\nuse = "vote"\n', "'vote' combines nothing; name back ends: of = [", 10),
        ('name = "v"\nuse = "vote"\nof = []\n', "'vote' combines nothing", 10),
        (
            'name = "v"\nuse = "vote"\nof = ["rules"]\n',
            "combines rules alone; name two or more",
            10,
        ),
        ('name = "v"\nuse = "vote"\nof = ["rules", "spaccy"]\n', "did you mean 'spacy'?", 10),
        ('name = "v"\nuse = "vote"\nof = ["rules", "v"]\n', "v is a part of itself", 10),
        (
            'name = "v"\nuse = "vote"\nof = ["rules", "spacy", "rules"]\n',
            "'rules' is named twice",
            10,
        ),
        ('use = "vote"\nof = ["rules", "spacy"]\n', "needs a name", None),
        (
            VOTE[12:] + 'kinds = ["quotes"]\n',
            "unknown kind of vote 'quotes'; did you mean 'quote'?",
            10,
        ),
        (VOTE[12:] + 'kinds = ["quote", "quote"]\n', "'quote' is named twice in `kinds`", 10),
        (
            VOTE[12:] + 'kinds = ["date"]\ndates = "rules"\n',
            "has the kind 'date' in `kinds` and in a key of its own",
            10,
        ),
        (VOTE[12:] + "options = { a = 1 }\n", "made of parts has no options; give them to", 10),
        (VOTE[12:] + "matrix = { a = [1, 2] }\n", "made of parts has no options", 13),
        (VOTE[12:] + "repeat = 2\n", "repeats nothing of its own", 10),
        ('name = "v"\nof = ["rules", "spacy"]\n', "does not say how to combine; write use =", 10),
        ('name = "v"\nuse = "rules"\nof = ["rules", "spacy"]\n', "does not say how to combine", 10),
        ('name = "v"\nuse = "rules"\nkinds = ["quote"]\n', "`kinds` is for back ends that", 10),
        ('name = "v"\nuse = "rules"\ndates = "spacy"\n', "needs either `use` or parts", 10),
        ('name = "v"\ndates = "v"\n', "v is a part of itself", 10),
        ('name = "v"\ndates = { vote = ["rules", "spaccy"] }\n', "did you mean 'spacy'?", 10),
        ('name = "v"\ndates = { vote = ["rules"] }\n', "vote = … } combines rules alone", 10),
        ('name = "v"\ndates = { vote = [] }\n', "vote = … } combines nothing", 10),
        ('name = "v"\ndates = { vote = ["rules", "rules"] }\n', "'rules' is named twice", 10),
        ('name = "v"\ndates = { vota = ["rules", "spacy"] }\n', "did you mean 'vote'?", 10),
        ('name = "v"\ndates = {}\n', "needs either `use` or parts", 10),
        ('name = "v"\nquotes = "rules"\ndates = {}\n', "dates names 0 ways", 10),
        (
            'name = "v"\ndates = { vote = ["rules", "spacy"], first = ["rules", "spacy"] }\n',
            "dates names 2 ways",
            10,
        ),
        ('name = "v"\ndates = 3\n', "'dates' must be text in quotes or a table", 11),
        (VOTE[12:] + 'map = "wikinerr"\n', "did you mean 'wikiner'?", 10),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, more, said, line):
    with pytest.raises(SuiteError) as caught:
        suite(tmp_path, "[[backend]]\n" + more)
    assert said in str(caught.value)
    assert str(caught.value).startswith(f"{tmp_path / 'mine.toml'}:{line or ''}")


def test_a_vote_of_votes_is_allowed_and_a_circle_is_not(tmp_path):
    upper = '[[backend]]\nname = "upper"\nuse = "union"\nof = ["vote", "stanza"]\n'
    hybrid = '[[backend]]\nname = "hybrid"\nentities = "upper"\ndates = "rules"\n'
    assert len(suite(tmp_path, hybrid + upper + VOTE).backends) == 6
    with pytest.raises(SuiteError) as caught:
        suite(tmp_path, hybrid + upper + VOTE.replace("spacy", "hybrid"))
    assert "parts of each other: hybrid of vote of upper of hybrid" in str(caught.value)


def test_what_is_shown_needs_all_that_it_is_made_of(tmp_path):
    upper = '[[backend]]\nname = "upper"\nuse = "union"\nof = ["vote", "rules"]\n'
    made = suite(tmp_path, upper + VOTE)
    planned = plan(made, Selection(backends=("upper",), limit=1))
    assert [spec.name for spec in planned.needed] == ["rules", "spacy"]
    assert [spec.name for spec in planned.shown] == ["upper"]
    (tmp_path / "kept.toml").write_text(saved(made, {"upper"}, tmp_path), encoding="utf-8")
    assert [s.name for s in read(tmp_path / "kept.toml").backends] == [
        "rules",
        "spacy",
        "upper",
        "vote",
    ]


def test_on_one_line(tmp_path):
    made, names = with_backends(suite(tmp_path, ""), ["vote(of=[rules, spacy], kinds=[quote])"])
    assert names == ("vote",)
    assert made.backends[-1].composition == Composition("vote", ("rules", "spacy"), ("quote",))
    made, names = with_backends(suite(tmp_path, ""), ["both=first(of=[rules, stanza])"])
    assert (names, made.backends[-1].how) == (("both",), "first")
    made, names = with_backends(
        suite(tmp_path, ""), ["sure=vote(of=[rules, old])", "old=rules(kinds=[date])"]
    )
    assert names == ("sure", "old")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vote(of=[rules, spaccy])", "did you mean 'spacy'?"),
        ("vote", "combines nothing"),
        ("vote(of=rules)", "'of' must be a list"),
        ("vote(off=[rules, spacy])", "off"),
    ],
)
def test_what_is_wrong_on_one_line(tmp_path, text, said):
    with pytest.raises(SuiteError, match="-b") as caught:
        with_backends(suite(tmp_path, ""), [text])
    assert said in str(caught.value)


def test_the_recipe_of_a_back_end(tmp_path):
    upper = '[[backend]]\nname = "upper"\nuse = "union"\nof = ["vote", "rules"]\n'
    made = suite(tmp_path, upper + VOTE)
    whole = recipe(made, "upper", 3)
    assert isinstance(whole, ComposedRecipe)
    assert [*whole.plugins] == ["rules", "spacy"]
    assert [*whole.compositions] == ["vote", "upper"]
    assert whole.name == "upper"
    assert recipe(made, "rules", 3) == Recipe("rules", {}, str(tmp_path), 3)
    with pytest.raises(SuiteError, match="did you mean 'upper'"):
        recipe(made, "uper")


# Which part is asked for which kind


def lent(composition, found, missing=()):
    sources = composition.sources(found, dict.fromkeys(missing, "gone"))
    return {kind: (source.how, source.of) for kind, source in sources.items()}


def only(name):
    return Source("vote", (name,))


def test_who_is_asked_for_which_kind():
    found = {"a": {"entity", "date"}, "b": {"entity", "quote"}, "c": {"date"}}
    assert lent(Composition("union", ("a", "b")), found) == {
        "entity": ("union", ("a", "b")),
        "date": ("union", ("a",)),
        "quote": ("union", ("b",)),
    }
    some = Composition("vote", ("b", "a"), ("entity",))
    assert lent(some, found) == {"entity": ("vote", ("b", "a"))}
    apart = Composition("vote", ("a", "b"), apart={"date": Source("first", ("c", "a"))})
    assert lent(apart, found) == {
        "entity": ("vote", ("a", "b")),
        "date": ("first", ("c", "a")),
        "quote": ("vote", ("b",)),
    }
    assert lent(Composition(apart={"date": only("c")}), found) == {"date": ("vote", ("c",))}


@pytest.mark.parametrize(
    ("composition", "missing", "said"),
    [
        (
            Composition("vote", ("a", "c"), ("entity",)),
            {},
            "c finds date, and none of entity; leave it",
        ),
        (
            Composition("vote", ("a", "c"), ("date", "quote")),
            {},
            "no back end of its `of` finds kind 'quote'",
        ),
        (
            Composition(apart={"quote": only("a")}),
            {},
            "a does not find kind 'quote', only date, entity",
        ),
        (Composition("vote", ("a", "x"), apart={"date": only("y")}), {"y": "gone"}, "gone"),
        (
            Composition("vote", ("a",), apart={"date": Source("first", ("x", "y"))}),
            {"x": "no net", "y": "gone"},
            "no net; gone",
        ),
        (
            Composition(apart={"quote": Source("vote", ("a", "c"))}),
            {},
            "a does not find kind 'quote', only date, entity; c does",
        ),
        (Composition("vote", ("x", "y")), {"x": "no net", "y": "gone"}, "no net; gone"),
    ],
)
def test_a_part_that_cannot_find_what_it_is_asked_for(composition, missing, said):
    with pytest.raises(BackendError) as caught:
        composition.sources({"a": ["date", "entity"], "c": ["date"]}, missing)
    assert said in str(caught.value)


def test_without_a_part_the_others_decide():
    assert lent(Composition("vote", ("a", "x")), {"a": ["date"]}, ["x"]) == {
        "date": ("vote", ("a",))
    }
    apart = Composition(apart={"date": Source("first", ("x", "a"))})
    assert lent(apart, {"a": ["date"]}, ["x"]) == {"date": ("first", ("a",))}


def test_all_that_can_change_the_output_is_in_the_fingerprint():
    base = Composition("vote", ("a", "b"))
    parts = {"a": {"code": "1"}, "b": {"code": "2"}}
    known = [
        base.fingerprint(parts),
        Composition("union", ("a", "b")).fingerprint(parts),
        Composition("vote", ("b", "a")).fingerprint(parts),
        Composition("vote", ("a", "b"), ("date",)).fingerprint(parts),
        Composition("vote", ("a", "b"), apart={"date": only("a")}).fingerprint(parts),
        base.fingerprint(parts | {"b": {"code": "3"}}),
        base.fingerprint({"a": parts["a"]}),
        Composition("vote", ("a", "b"), apart={"date": Source("first", ("a", "b"))}).fingerprint(
            parts
        ),
        Composition("vote", ("a", "b"), apart={"date": Source("first", ("b", "a"))}).fingerprint(
            parts
        ),
    ]
    assert all(one != other for n, one in enumerate(known) for other in known[n + 1 :])
