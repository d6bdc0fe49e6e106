"""Trees for the training of parsers: put together, fitted to other words, made into quotations."""

import random
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

TRAINING = Path(__file__).resolve().parents[2] / "extractors" / "training"
sys.path.insert(0, str(TRAINING))

from clauses import Clauses  # noqa: E402
from corpus import read_treebank  # noqa: E402
from incises import Arc, Incise, read_incises, subject_accuracy  # noqa: E402
from names import known_names  # noqa: E402
from quotations import Quoter, quotable  # noqa: E402
from speakers import Speakers, name, noun_phrase  # noqa: E402
from trees import (  # noqa: E402
    Node,
    Tree,
    append,
    fit,
    insert,
    phrase,
    placed,
    root,
    surface_tree,
    text_of,
    word,
)

TREEBANK = """\
1\tLe\tle\tDET\t_\t_\t2\tdet\t_\t_
2\tmaire\tmaire\tNOUN\t_\tGender=Masc|Number=Sing\t6\tnsubj\t_\t_
3-4\tdu\t_\t_\t_\t_\t_\t_\t_\t_
3\tde\tde\tADP\t_\t_\t5\tcase\t_\t_
4\tle\tle\tDET\t_\t_\t5\tdet\t_\t_
5\tvillage\tvillage\tNOUN\t_\t_\t2\tnmod\t_\t_
6\tveut\tvouloir\tVERB\t_\tMood=Ind|Number=Sing|Tense=Pres|VerbForm=Fin\t0\troot\t_\t_
7\taller\taller\tVERB\t_\tVerbForm=Inf\t6\txcomp\t_\t_
8\tà\tà\tADP\t_\t_\t9\tcase\t_\t_
9\tParis\tParis\tPROPN\t_\t_\t7\tobl:arg\t_\tSpaceAfter=No
10\t,\t,\tPUNCT\t_\t_\t11\tpunct\t_\t_
11\tdemain\tdemain\tADV\t_\t_\t6\tadvmod\t_\tSpaceAfter=No
12\t.\t.\tPUNCT\t_\t_\t6\tpunct\t_\t_

"""


@pytest.fixture(scope="module")
def sentence(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    path = tmp_path_factory.mktemp("trees") / "a.conllu"
    path.write_text(TREEBANK, encoding="utf-8")
    (only,) = read_treebank(path)
    return surface_tree(only)


def shown(tree: Tree) -> list[tuple[str, str, str]]:
    return [(node.form, node.relation, tree[node.head].form) for node in tree]


def is_a_tree(tree: Tree) -> bool:
    """Whether from every word the heads lead to the one root."""
    roots = [i for i, node in enumerate(tree) if node.head == i]
    for i in range(len(tree)):
        at = i
        for _ in tree:
            at = tree[at].head
        if [at] != roots:
            return False
    return True


def test_a_fused_word_has_the_head_and_tag_of_its_first_half(sentence: Tree) -> None:
    assert [node.head for node in sentence] == [1, 4, 3, 1, 4, 4, 7, 5, 9, 4, 4]
    assert sentence[2] == Node("du", "ADP", 3, "case")
    assert sentence[4].morph == "Mood=Ind|Tense=Pres|VerbForm=Fin"
    assert text_of([sentence, sentence]) == " ".join(
        ["Le maire du village veut aller à Paris, demain."] * 2
    )


def test_a_piece_is_put_in_and_all_heads_still_mean_the_same_words(sentence: Tree) -> None:
    piece = append(name("Anne Petit"), word("!", "PUNCT"), "punct", gap=False)
    whole = insert(sentence, 4, piece, "appos", head=1)
    assert text_of([whole]) == "Le maire du village Anne Petit! veut aller à Paris, demain."
    assert [each for each in shown(whole) if each in shown(sentence)] == shown(sentence)
    assert ("Anne", "appos", "maire") in shown(whole)
    assert ("Petit", "flat:name", "Anne") in shown(whole)
    assert is_a_tree(whole)


def test_a_phrase_is_cut_out_whole_or_not_at_all(sentence: Tree) -> None:
    cut = phrase(sentence, 1)
    assert cut is not None
    assert text_of([cut]) == "Le maire du village"
    assert is_a_tree(cut)
    assert phrase((Node("a", "X", 2, "x"), Node("b", "X", 1), Node("c", "X", 1, "x")), 2) is None


@pytest.mark.parametrize(
    ("text", "relations"),
    [
        ("maire de Lyon", {"de": ("case", "Lyon"), "Lyon": ("nmod", "maire")}),
        ("directeur général/ADJ", {"général": ("amod", "directeur")}),
        ("Premier/ADJ ministre", {"Premier": ("amod", "ministre")}),
        ("mère de deux/NUM enfants", {"deux": ("nummod", "enfants"), "enfants": ("nmod", "mère")}),
        ("dans un communiqué", {"dans": ("case", "communiqué"), "un": ("det", "communiqué")}),
        ("maire de Los Angeles", {"Angeles": ("flat:name", "Los")}),
        ("ministre de l' Intérieur", {"l'": ("det", "Intérieur"), "de": ("case", "Intérieur")}),
        ("en souriant/VERB", {"en": ("mark", "souriant")}),
        (", 45/NUM ans", {",": ("punct", "ans"), "45": ("nummod", "ans")}),
        ("lundi matin", {"matin": ("nmod", "lundi")}),
    ],
)
def test_a_noun_phrase_is_read(text: str, relations: dict[str, tuple[str, str]]) -> None:
    tree = noun_phrase(text)
    assert is_a_tree(tree)
    found = {form: (relation, head) for form, relation, head in shown(tree)}
    assert {form: found[form] for form in relations} == relations


def test_words_are_fitted_to_a_tokenizer_that_cuts_otherwise() -> None:
    tree = append(word("a", "AUX", space=False), word("-t-il", "PRON"), "nsubj", gap=False)
    tree = append(tree, name("Saint-Jean"), "obj")
    tree = append(tree, word("15", "NUM"), "obl:mod", gap=True)
    tree = append(tree, word("h", "NOUN"), "nmod", head=3, gap=False)
    assert text_of([tree]) == "a-t-il Saint-Jean 15h"
    words = [(0, 1), (1, 3), (3, 6), (7, 12), (12, 13), (13, 17), (18, 21)]
    fitted = tuple(fit(placed([tree]), words))
    assert [(n.form, n.head, n.relation) for n in fitted] == [
        ("a", 0, "ROOT"),
        ("-t", 2, "fixed"),
        ("-il", 0, "nsubj"),
        ("Saint", 0, "obj"),
        ("-", 3, "punct"),
        ("Jean", 3, "flat:name"),
        ("15", 0, "obl:mod"),
    ]


def test_words_that_fit_stay_as_they_are(sentence: Tree) -> None:
    given = placed([sentence, sentence])
    fitted = fit(given, given.spans)
    assert fitted == given.nodes


@given(seed=st.integers(0, 10**6))
def test_a_quotation_is_one_tree_with_its_speaker(sentence: Tree, seed: int) -> None:
    rng = random.Random(seed)
    quoter = Quoter([sentence], known_names(), rng)
    tree = quoter.quotation(sentence)
    assert is_a_tree(tree)
    assert "  " not in text_of([tree])
    incises = [i for i, node in enumerate(tree) if node.relation == "parataxis:insert"]
    for verb in incises:
        assert tree[verb].pos == "VERB"
        assert any(node.head == verb and node.relation == "nsubj" for node in tree)
    for opening, closing in ("«»", "“”"):
        forms = [node.form for node in tree]
        assert forms.count(opening) == forms.count(closing)


@given(seed=st.integers(0, 10**6))
def test_an_incise_has_its_verb_before_a_subject_that_agrees(sentence: Tree, seed: int) -> None:
    rng = random.Random(seed)
    mayor = phrase(sentence, 1)
    assert mayor is not None
    incise = Clauses(Speakers(known_names(), [mayor], [], rng), rng).incise()
    verb = root(incise)
    subjects = [i for i, n in enumerate(incise) if n.head == verb and n.relation == "nsubj"]
    finite = next(n for n in incise if n.pos in ("AUX", "VERB") and "VerbForm=Fin" in n.morph)
    (subject,) = subjects
    assert subject > incise.index(finite)
    if incise[subject].number == "Plur":
        assert finite.form.endswith("nt")


def test_the_same_seed_makes_the_same_quotations(sentence: Tree) -> None:
    first, second = (Quoter([sentence], known_names(), random.Random(3)) for _ in range(2))
    assert [first.quotation(sentence) for _ in range(30)] == [
        second.quotation(sentence) for _ in range(30)
    ]


def test_only_whole_sentences_without_marks_are_quoted(sentence: Tree) -> None:
    content = quotable(sentence)
    assert content is not None
    assert text_of([content]) == "Le maire du village veut aller à Paris, demain"
    assert quotable(content) is None  # no full stop
    assert quotable(tuple(n._replace(morph="") for n in sentence)) is None  # no finite verb
    assert quotable(insert(sentence, 0, word("«", "PUNCT"), "punct")) is None


def test_the_sentences_with_known_subjects_are_read() -> None:
    for incise in read_incises():
        assert not set("{}[]") & set(incise.text)
        assert incise.text[slice(*incise.verb)].strip()
        assert incise.text[slice(*incise.subject)].strip()


def test_the_subject_of_an_incise_is_counted_when_its_verb_has_it() -> None:
    parsed = [Arc(0, 0, "root"), Arc(5, 0, "parataxis"), Arc(9, 5, "nsubj")]
    right, wrong = (
        Incise("Non, dit Jean", (5, 8), (9, 13)),
        Incise("Non, dit Jean", (0, 3), (9, 13)),
    )
    assert subject_accuracy([parsed, parsed], [right, wrong]) == 0.5
