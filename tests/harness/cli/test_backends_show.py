"""`factharness backends show --explain` and `doctor`."""

import pytest

from factharness.backends import registry


def test_every_fact_is_shown_with_the_rule_that_made_it(shell):
    (shell.folder / "a.txt").write_text(
        "Le 12 mars 2017, Anne Morel a dit : « Oui. »", encoding="utf-8"
    )
    said = shell("backends", "show", "rules", "--explain", "a.txt")
    assert said.returncode == 0
    lines = [line.split() for line in said.stdout.splitlines()[2:]]
    assert ["3", "15", "DATE", "2017-03-12", "date.day", "12", "mars", "2017"] in lines
    assert any(line[2] == "PER" and line[3].startswith("entity.") for line in lines)
    assert any(line[2] == "direct" and line[3].startswith("quote.") for line in lines)


def test_an_article_is_found_by_its_id(shell):
    said = shell("backends", "show", "rules", "--explain", "2024-05-29-mediatrice-peche")
    assert "Rachidatou Adjahossou" in said.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["rules", "--explain", "2024-05-29-mediatrice-peches"],
            "did you mean '2024-05-29-mediatrice-peche'?",
        ),
        pytest.param(
            ["spacy", "--explain", "2024-05-29-mediatrice-peche"],
            "cannot say why",
            marks=pytest.mark.needs("spacy"),
        ),
        (["ruels"], "did you mean 'rules'?"),
    ],
)
def test_what_cannot_be_shown_is_said(shell, arguments, said):
    answer = shell("backends", "show", *arguments)
    assert (answer.returncode, said in answer.stderr) == (2, True), answer.stderr


def test_a_docstring_is_shown_without_the_marks_of_restructuredtext(shell):
    (shell.folder / "own.py").write_text(
        "def build(words=()):\n"
        '    """Make it.\n\n    ``words``, ``""``\n        see :class:`~own.Words` and :mod:`own`.\n    """\n',
        encoding="utf-8",
    )
    said = shell("backends", "show", "file:own.py:build").stdout
    assert '`words`, `""`\n    see `own.Words` and `own`.\n' in said


def test_an_explanation_that_fails_is_said(shell):
    (shell.folder / "mute.py").write_text(
        "class build:\n"
        "    kinds = frozenset()\n"
        "    def fingerprint(self): return {}\n"
        "    def extract(self, articles): return iter(())\n"
        "    def explain(self, article): raise OSError('no words')\n"
    )
    (shell.folder / "a.txt").write_text("Rien.")
    answer = shell("backends", "show", "file:mute.py:build", "--explain", "a.txt")
    assert answer.returncode == 2
    assert "explaining the article: OSError: no words" in answer.stderr


def test_the_doctor_tells_a_sick_model_from_a_missing_library(shell, monkeypatch):
    for name, doctor in (("healthy", "None"), ("ill", "'it forgot Paris'")):
        (shell.folder / f"{name}.py").write_text(
            f"def build(): ...\ndef doctor(): return {doctor}\n"
        )
    (shell.folder / "needy.py").write_text("REQUIRES = ('no_such_library',)\ndef build(): ...\n")
    monkeypatch.syspath_prepend(shell.folder)
    monkeypatch.setattr(
        registry, "targets", lambda: {"healthy": "healthy:build", "needy": "needy:build"}
    )
    said = shell("backends", "doctor")
    assert said.returncode == 0
    assert said.stdout.splitlines()[0].split() == ["healthy", "well"]
    assert said.stdout.splitlines()[1].startswith("needy         unavailable")
    monkeypatch.setattr(registry, "targets", lambda: {"ill": "ill:build"})
    said = shell("backends", "doctor")
    assert (said.returncode, said.stdout) == (2, "ill           sick         it forgot Paris\n")
