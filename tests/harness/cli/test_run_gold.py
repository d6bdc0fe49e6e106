"""Gold that a back end proposed and nobody confirmed, and gold in a language that a back end does not read."""

import json

import pytest

PROPOSED = "PER      Anne | note: unconfirmed"
WHY = "a back end proposed facts in it that nobody has confirmed"


def unwrapped(report):
    """A report with each note on one line."""
    return report.replace("\n  ", " ")


@pytest.fixture
def suite(shell, gold):
    """A suite over three articles, of which ``b`` and ``c`` have unconfirmed facts."""
    gold("a", "Anne part à Lyon.", "PER Anne", "LOC Lyon")
    gold("b", "Anne reste à Lille.", PROPOSED, "LOC Lille", prelabel="rules")
    gold(
        "c", "Paul et Anne arrivent.", "PER Paul", "PER? Anne | note: unconfirmed", prelabel="rules"
    )
    return shell.suite(goldset=gold.folder)


def manifest(shell, run):
    return json.loads((shell.folder / run / "run.json").read_text())


def test_gold_that_nobody_has_confirmed_is_left_out_and_counted(shell, suite):
    said = shell("run", suite, "-o", "out")
    assert said.returncode == 0
    assert "gold@0, 1 article, regime" in said.stdout
    assert f"Skipped 2 articles, b the first: {WHY}; `factharness gold check` lists" in said.stdout
    assert "(2 unconfirmed)" not in said.stdout
    (goldset,) = manifest(shell, "out")["goldsets"]
    assert [article["id"] for article in goldset["articles"]] == ["a"]
    assert [skipped["id"] for skipped in goldset["skipped"]] == ["b", "c"]
    assert len(shell.lines("out")) == 1


def test_the_digest_covers_what_was_scored(shell, suite, gold):
    shell("run", suite, "-o", "left-out", "-q")
    shell("run", suite, "-o", "scored", "-q", "--unconfirmed")
    for name in ("b", "c"):
        (gold.folder / f"{name}.gold").unlink()
    shell("run", suite, "-o", "alone", "-q")
    left_out, scored, alone = (
        manifest(shell, run)["goldsets"][0]["digest"] for run in ("left-out", "scored", "alone")
    )
    assert left_out == alone != scored


def test_unconfirmed_gold_is_scored_and_counted_in_the_title_when_it_is_asked_for(shell, suite):
    said = shell("run", suite, "-o", "out", "--unconfirmed")
    assert said.returncode == 0
    for report in (said.stdout, shell("report", "out").stdout):
        assert "gold@0, 3 articles (2 unconfirmed)" in report
        assert "Of these articles, 2 with facts that a back end proposed" in unwrapped(report)
    records = manifest(shell, "out")["goldsets"][0]["articles"]
    assert [record["unconfirmed"] for record in records] == [False, True, True]


def test_a_confirmed_set_counts_none(shell):
    said = shell("run", shell.suite(), "-o", "out", "--unconfirmed")
    assert "confirmed" not in said.stdout


def test_when_nothing_is_confirmed_there_is_nothing_to_score(shell, gold):
    gold("b", "Anne reste à Lille.", PROPOSED)
    said = shell("run", shell.suite(goldset=gold.folder), "-o", "out")
    assert said.returncode == 3
    assert f"Skipped b: {WHY}" in said.stderr
    assert (
        shell("run", shell.suite(goldset=gold.folder), "-o", "out", "--unconfirmed").returncode == 0
    )


def test_an_unconfirmed_article_that_is_asked_for_is_not_unknown(shell, suite):
    said = shell("run", suite, "--article", "b")
    assert said.returncode == 2
    assert f"b: {WHY}; " in said.stderr
    assert "--unconfirmed" in said.stderr
    assert shell("run", suite, "--article", "b", "--unconfirmed").returncode == 0


def test_a_file_without_its_words_would_lose_the_notes_and_is_not_made(shell, suite, gold):
    source = gold.folder / "b.gold"
    said = shell("gold", "withhold", source, "-o", "bare.gold")
    assert said.returncode == 2
    assert "nobody has confirmed" in said.stderr
    assert not (shell.folder / "bare.gold").exists()
    source.write_text(source.read_text().replace(" | note: unconfirmed", ""))
    assert shell("gold", "withhold", source, "-o", "bare.gold").returncode == 0


LANGUAGES = """
class Reads:
    kinds = frozenset({"entity"})
    def __init__(self, languages):
        self.languages = languages
    def fingerprint(self):
        return {"version": "1"}
    def extract(self, articles):
        return ([] for _ in articles)
"""


def reader(languages, name="reader"):
    return (
        f'[[backend]]\nuse = "file:reads.py:Reads"\nname = "{name}"\n'
        f"options = {{ languages = {languages} }}\n"
    )


@pytest.mark.parametrize(
    ("languages", "said"),
    [
        (
            '["fr"]',
            "reads fr and no other language; was not given the articles in en (2).",
        ),
        (
            '["en-GB", "de"]',
            "reads de, en-GB and no other language; was not given the articles in fr (1).",
        ),
        ('["FR", "en"]', None),
        ("[]", None),
    ],
)
def test_a_language_that_a_back_end_does_not_claim_to_read_is_told(shell, gold, languages, said):
    (shell.folder / "reads.py").write_text(LANGUAGES)
    gold("a", "Anne part à Lyon.", "PER Anne", lang="fr-CA" if "FR" in languages else "fr")
    gold("b", "Anne goes to Lyon.", "PER Anne", lang="en")
    gold("c", "Paul goes to Lyon.", "PER Paul", lang="en")
    suite = shell.suite(goldset=gold.folder, backends=reader(languages))
    answer = shell("run", suite, "-o", "out")
    assert answer.returncode == 0, answer.stderr
    for report in (answer.stdout, (shell.folder / "out" / "summary.md").read_text()):
        assert ("and no other language" in report) == (said is not None)
        assert said is None or f"reader: {said}" in unwrapped(report)
    (backend,) = manifest(shell, "out")["backends"]
    assert backend["languages"] == sorted(json.loads(languages))
    (on_set,) = json.loads((shell.folder / "out" / "scores.json").read_text())["backends"]
    unread = {"fr": ["a"], "en": ["b", "c"]}[said[-7:-5]] if said else []
    assert on_set["unread"] == unread
    assert on_set["articles"] == 3 - len(unread)


@pytest.mark.parametrize("languages", ['"fr"', "[1]", "3"])
def test_languages_that_are_no_codes_make_a_back_end_unavailable(shell, languages):
    (shell.folder / "reads.py").write_text(LANGUAGES)
    said = shell("run", shell.suite(backends=reader(languages)), "-o", "out")
    assert "the back end's languages" in said.stderr
    assert said.returncode in (2, 3)


def test_a_back_end_of_parts_reads_what_all_of_them_do(shell, gold):
    (shell.folder / "reads.py").write_text(LANGUAGES)
    gold("a", "Anne goes to Lyon.", "PER Anne", lang="en")
    parts = (
        reader('["fr", "en"]', "both")
        + reader("[]", "silent")
        + '[[backend]]\nuse = "rules"\n'
        + '[[backend]]\nname = "one"\nentities = "both"\ndates = "rules"\n'
        + '[[backend]]\nname = "other"\nentities = "silent"\n'
        + '[[backend]]\nname = "third"\nentities = "silent"\ndates = "rules"\n'
    )
    suite = shell.suite(goldset=gold.folder, backends=parts)
    said = shell(
        "run", suite, "-o", "out", "-b", "one", "-b", "other", "-b", "rules", "-b", "third"
    )
    assert "one: reads fr and no other" in said.stdout
    assert "rules: reads fr and no other" in said.stdout
    assert "third: reads fr and no other" in said.stdout
    assert "other: claims" not in said.stdout
