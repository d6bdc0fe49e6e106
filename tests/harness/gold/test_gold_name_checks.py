"""Where names begin and end, names left unlabelled, and articles that nobody labelled."""

import pytest
from gold_strategies import example
from hypothesis import given
from hypothesis import strategies as st

from factharness.gold.articled_places import ARTICLED_PLACES
from factharness.gold.problems import check_document, check_paths
from factharness.gold.syntax import read


def told(*lines: str, text: str, **header: str) -> list[str]:
    """What is said of an article: the rules, a warning with a mark."""
    problems, _ = check_document(read(example(*lines, text=text, **header), "essai.gold"))
    return [problem.rule + "?" * (problem.level == "warning") for problem in problems]


def named(label: str, name: str, text: str = "", more: str = "") -> list[str]:
    return told(f"{label} {name}{more}", text=text or f"Il voit {name} là")


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("LOC", "Bouillon"),
        ("LOC", "Le Havre"),
        ("LOC", "La Courneuve"),
        ("LOC", "La Haye"),
        ("LOC", "Les Escoumins"),
        ("LOC", "L’Anse-Saint-Jean"),
        ("LOC", "île aux Coudres"),
        ("LOC", "rue de la Montagne"),
        ("LOC", "A9"),
        ("LOC", "Entre-deux-Mers"),
        ("LOC", "Les Sables-d’Olonne"),
        ("ORG", "Le Monde"),
        ("ORG", "La Poste"),
        ("ORG", "La France"),
        ("ORG", "Dr Pepper"),
        ("MISC", "Madame Bovary"),
        ("ORG", "L’Équipe"),
        ("ORG", "En marche!"),
        ("ORG", "Apple Inc."),
        ("ORG", "Chez Odilon"),
        ("ORG", "S.A."),
        ("ORG", "chambre régionale des comptes d’Occitanie"),
        ("ORG", "Institut de France (IF)"),
        ("MISC", "À la recherche du temps perdu"),
        ("MISC", "Le Carnet namurois"),
        ("MISC", "Qui a tué ?"),
        ("MISC", "Être et"),
        ("PER", "de Gaulle"),
        ("PER", "d’Ormesson"),
        ("PER", "des Forêts"),
        ("PER", "van den Abeele"),
        ("PER", "Le Pen"),
        ("PER", "J.-P. van den Abeele"),
        ("PER", "Ophélie « la Muraille » Dos Santos"),
        ("PER", "Bernard “Nanard” Thonon"),
        ("PER", "Professeur"),
        ("PER", "Mes"),
        ("PER", "Robert Downey Jr."),
    ],
)
def test_names_that_are_names(label, name):
    assert set(named(label, name)) <= {"Q18"}


@pytest.mark.parametrize(
    ("label", "name", "rule"),
    [
        ("LOC", "à Bouillon", "E6"),
        ("LOC", "au Havre", "E6"),
        ("LOC", "en France", "E6"),
        ("LOC", "aux États-Unis", "E6"),
        ("LOC", "de Paris", "E6"),
        ("LOC", "d’Istanbul", "E6"),
        ("LOC", "dans la Creuse", "E6"),
        ("LOC", "jusqu’à Sète", "E6"),
        ("ORG", "de la Cour", "E6"),
        ("ORG", "selon Reuters", "E6"),
        ("MISC", "du Goncourt", "E6"),
        ("PER", "par Jean", "E6"),
        ("PER", "et Anselme", "E6"),
        ("LOC", "le Sénégal", "E6"),
        ("LOC", "la rue de Lappe", "E6"),
        ("PER", "la Callas", "E6"),
        ("ORG", "le Sénat", "E6?"),
        ("ORG", "son Institut", "E6?"),
        ("LOC", "Le Sénégal", "E7"),
        ("LOC", "La France", "E7"),
        ("LOC", "L’Iran", "E7"),
        ("LOC", "Les Pays-Bas", "E7"),
        ("LOC", "À Bouillon", "E6?"),
        ("LOC", "En Bretagne", "E6?"),
        ("PER", "Selon Jean", "E6?"),
        ("PER", "Pr Delpeyrat", "E6"),
        ("PER", "M. Aubier", "E6"),
        ("PER", "MM. Aubier", "E6"),
        ("PER", "Mme Dumoulin", "E6"),
        ("PER", "Me Aubier", "E6"),
        ("PER", "Dr Knock", "E6"),
        ("PER", "Mgr Lustiger", "E6"),
        ("PER", "professeur Delpeyrat", "E6"),
        ("PER", "ancien ministre Aubier", "E6"),
        ("PER", "président Macron", "E6"),
        ("PER", "ex-maire Dupont", "E6"),
        ("PER", "Général Aubier", "E6?"),
        ("PER", "Madame Bovary", "E6?"),
        ("LOC", "Mali :", "E6"),
        ("LOC", "Mali,", "E6"),
        ("LOC", "Paris -", "E6"),
        ("LOC", "Bamako!", "E6?"),
        ("PER", "Claire Dumoulin.", "E6"),
        ("ORG", "Ministère de", "E6"),
        ("MISC", "« L’Écluse de nuit »", "E6"),
        ("MISC", "“Bruine”", "E6"),
        ("ORG", "(OEA)", "E6"),
        ("ORG", "Institut (IF", "E6"),
    ],
)
def test_what_is_no_part_of_a_name(label, name, rule):
    found = [one for one in named(label, name) if not one.startswith("Q")]
    assert found == [rule]


@pytest.mark.parametrize("label", ["LOC", "PER", "ORG"])
def test_a_note_or_a_mark_settles_what_is_only_likely(label):
    assert named("PER", "Madame Bovary", more=" | note: her name in the book") == []
    assert named("PER?", "Madame Bovary") == []
    assert named("PER?", "Mme Bovary") == ["E6"]


@given(st.sampled_from(sorted(ARTICLED_PLACES)))
def test_the_article_of_a_country_is_no_part_of_it_whichever(place):
    for article in ("Le ", "La ", "Les ", "L’"):
        assert named("LOC", article + place) == ["E7"]
    assert named("LOC", place) == []


def test_a_small_article_elsewhere_says_that_it_is_no_part_of_the_name():
    text = "La Cour siège. Pour la Cour, rien."
    assert told("ORG La Cour", text=text) == ["E7?"]
    assert told("ORG La Cour | note: a paper", text=text) == []
    assert told("ORG La Cour", text="La Cour siège.") == []


@pytest.mark.parametrize(
    ("text", "lines", "rules"),
    [
        (
            "Jean-Luc Aubier parle.\n\nAubier rit. Jean-Luc Aubier sort.",
            ["PER Jean-Luc Aubier"],
            ["G2", "G2?"],
        ),
        ("Mme Claire Dumoulin parle à Dumoulin.", ["PER Claire Dumoulin"], ["G2?"]),
        ("Claire Dumoulin parle à Claire.", ["PER Claire Dumoulin"], ["G2?"]),
        ("Claire Dumoulin et Dumoulin.", ["PER Claire Dumoulin", "PER Dumoulin <#2>"], []),
        ("Claire Dumoulin et Dumoulin.", ["PER Claire Dumoulin", "ORG Dumoulin <#2>"], []),
        ("Claire Dumoulin et Dumoulin.", ["PER? Claire Dumoulin"], []),
        ("Claire Dumoulin, rue Dumoulin.", ["PER Claire Dumoulin", "LOC rue Dumoulin"], []),
        ("Jean Petit vient. Petit à petit, il parle.", ["PER Jean Petit"], []),
        ("Jean Petit vient. Puis Petit, petit, parle.", ["PER Jean Petit"], ["G2?"]),
        ("Yves des Forêts, des gens.", ["PER Yves des Forêts"], []),
        ("Claire Dumoulin, Dumoulin-Gras.", ["PER Claire Dumoulin"], []),
        ("Radio Thau et Thau.", ["ORG Radio Thau"], []),
    ],
)
def test_parts_of_a_persons_name_that_stand_alone(text, lines, rules):
    assert told(*lines, text=text) == rules


def test_a_name_is_told_at_the_paragraph_where_it_stands():
    text = "Claire Dumoulin parle.\n\nPuis Dumoulin.\n\nPuis elle.\n\nClaire Dumoulin."
    source = example("PER Claire Dumoulin", text=text)
    found = check_document(read(source, "essai.gold"))[0]
    lines = source.split("\n")
    assert [(lines[one.line - 1], one.level) for one in found] == [
        ("> Claire Dumoulin parle.", "error"),
        ("> Puis Dumoulin.", "warning"),
    ]


def test_a_name_is_told_once_a_paragraph_and_with_its_place():
    text = "Oui, Claire Dumoulin, puis Claire Dumoulin, « oui ».\n\nClaire Dumoulin."
    (name, marks) = check_document(read(example("PER Claire Dumoulin", text=text), "essai.gold"))[0]
    assert (name.place.of(text), name.place.start) == ("Claire Dumoulin", 5)
    assert marks.place.of(text) == "« oui »"


CAPITALS = "Il voit Anna, Boris, Clara, David, Emma et Félix à Sète lundi."


def test_an_article_that_nobody_labelled_is_told():
    assert told(text=CAPITALS) == ["G2?"]
    assert told("PER Anna", "PER Boris", "PER Clara", "PER David", text=CAPITALS) == []
    assert told("PER Anna", text=CAPITALS) == ["G2?"]
    assert told(text=CAPITALS, labels='{ skip = ["entity"] }') == []
    assert told(text="Il voit Anna, Boris et Clara.") == []
    times = "Il vient lundi, mardi, mercredi, jeudi, vendredi, samedi et dimanche."
    assert told(text=times) == ["G2?"]
    assert told(text=times, labels='{ skip = ["date"] }') == []


def test_a_scheme_of_ones_own_has_none_of_these_checks_unless_it_says_so(tmp_path):
    declared = 'name = "s"\nscheme = "mine-1"\n{}[labels]\nLOC = {{ kind = "entity" }}\n'
    gold = example("LOC à Sète", text="Il est à Sète.", labels='{ scheme = "mine-1" }')
    (tmp_path / "essai.gold").write_text(gold, encoding="utf-8")
    (tmp_path / "set.toml").write_text(declared.format(""))
    assert list(check_paths([tmp_path])) == []
    (tmp_path / "set.toml").write_text(declared.format('checks = ["name-edges"]\n'))
    assert [problem.rule for problem in check_paths([tmp_path])] == ["E6"]
