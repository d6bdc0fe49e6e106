"""Quotes against the marks of their paragraph, and the names of speakers against the article."""

import pytest
from gold_strategies import example

from factharness.gold.problems import check_document
from factharness.gold.syntax import read


def problems(*lines: str, text: str):
    return check_document(read(example(*lines, text=text), "essai.gold"))[0]


def told(*lines: str, text: str) -> list[str]:
    return [
        problem.rule + "?" * (problem.level == "warning") for problem in problems(*lines, text=text)
    ]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Il dit : « Nous irons. »", ["QUOTE « Nous irons. » | direct | by: Il"]),
        (
            "« Nous irons, dit-il, demain. »",
            ["QUOTE « Nous irons, <+> demain. » | direct | by: il"],
        ),
        ("Il dit que « nous irons ».", ["QUOTE que « nous irons » | mixed | by: Il"]),
        ("Il dit vouloir « partir » vite.", ["QUOTE vouloir « partir » vite | mixed | by: Il"]),
        ("Il dit qu’ils iront.", ["QUOTE qu’ils iront | indirect | by: Il"]),
        ('Il dit "nous irons".', ['QUOTE "nous irons" | direct | by: Il']),
        ("Il dit “nous irons”.", ["QUOTE “nous irons” | direct | by: Il"]),
        ("Il dit ‘nous irons’.", ["QUOTE ‘nous irons’ | direct | by: Il"]),
        (
            "Il dit qu’il lit « Le Cid ».",
            ["QUOTE qu’il lit « Le Cid » | indirect | by: Il", "QUOTE? « Le Cid »"],
        ),
        (
            "« Elle a dit qu’on part », dit-il.",
            [
                "QUOTE « Elle a dit qu’on part » | direct | by: il",
                "QUOTE qu’on part | indirect | by: Elle",
            ],
        ),
        ("Le « oui » de trop.", ["QUOTE? oui"]),
        (
            "« L’“affaire” est close », dit-il.",
            ["QUOTE « L’“affaire” est close » | direct | by: il"],
        ),
    ],
)
def test_quotes_with_their_marks(text, lines):
    assert told(*lines, text=text) == []


@pytest.mark.parametrize(
    ("text", "line", "rule", "says"),
    [
        (
            "Il dit : « Nous irons. »",
            "QUOTE Nous irons. | direct | by: Il",
            "Q10",
            "lacks the mark «",
        ),
        (
            "Il dit : « Nous irons. »",
            "QUOTE Nous irons. » | direct | by: Il",
            "Q10",
            "lacks the mark «",
        ),
        (
            "Il dit : « Nous irons. »",
            "QUOTE « Nous irons. | direct | by: Il",
            "Q10",
            "lacks the mark »",
        ),
        (
            "Il dit : « Nous irons. »",
            "QUOTE « Nous irons | direct | by: Il",
            "Q10",
            "lacks the mark »",
        ),
        (
            'Il dit : "Nous irons."',
            "QUOTE Nous irons. | direct | by: Il",
            "Q10",
            'lacks the mark "',
        ),
        ("Il dit que « nous irons ».", "QUOTE que « nous irons | mixed | by: Il", "Q10", "mark »"),
        (
            "Il dit : nous irons.",
            "QUOTE nous irons | direct | by: Il",
            "Q1",
            "without a word in marks",
        ),
        (
            "Il dit qu’ils iront.",
            "QUOTE qu’ils iront | mixed | by: Il",
            "Q2",
            "without a word in marks",
        ),
        (
            "Il dit que « nous irons ».",
            "QUOTE que « nous irons » | direct | by: Il",
            "Q2",
            "outside",
        ),
        (
            "Il dit que « nous irons ».",
            "QUOTE que « nous irons » | indirect | by: Il",
            "Q4",
            "mixed",
        ),
    ],
)
def test_quotes_without_their_marks(text, line, rule, says):
    (found,) = problems(line, text=text)
    assert (found.rule, found.level) == (rule, "error")
    assert says in str(found)


def test_the_mark_of_a_neighbour_is_not_lacking():
    for word in ("non", "oui"):
        line = f'QUOTE "{word}" | direct | by: Il'
        assert told(line, text='Il dit "non" "oui" là.') == ["Q18"]


def test_a_quote_over_paragraphs_needs_marks_at_its_ends_alone():
    source = example(text="Il dit : « Un.\n\nDeux.\n\nTrois. »")
    for place, line in (
        ("> Il dit : « Un.", "QUOTE @q « Un. | direct | by: Il"),
        ("> Deux.", "QUOTE @q <+> Deux."),
        ("> Trois. »", "QUOTE @q <+> Trois. »"),
    ):
        source = source.replace(f"{place}\n", f"{place}\n  {line}\n")
    assert check_document(read(source, "essai.gold"))[0] == []


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Claire Dumoulin", []),
        ("claire dumoulin", []),
        ("Dumoulin", []),
        ("gouvernement français", []),
        ("L’Équipe", []),
        ("maire de Lyon-Sud", []),
        ("élus de Lyon", []),
        ("C. Dumoulin", []),
        ("Jean-Luc Aubier", ["Q24"]),
        ("Aubier", ["Q24"]),
        ("Anne Dumoulin", ["Q24?"]),
        ("élus de Marseille", ["Q24"]),
    ],
)
def test_the_name_of_a_speaker_stands_in_the_article(name, rules):
    text = "Claire Dumoulin, de Lyon-Sud, lit L’Équipe. Elle dit « oui »."
    assert told(f"QUOTE « oui » | direct | by: Elle = {name}", text=text) == rules
    assert told(f"QUOTE? « oui » | direct | by: Elle = {name}", text=text) == []


def test_a_misspelt_name_is_met_with_the_one_that_stands_there():
    (found,) = problems(
        "QUOTE « oui » | direct | by: Elle = Dumolin",
        text="Claire Dumoulin vient. Elle dit « oui ».",
    )
    assert "did you mean 'dumoulin'?" in found.remedy
