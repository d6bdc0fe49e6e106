"""A small English set with labels of its own, from an empty folder to a gate that holds."""

import json

import pytest

pytestmark = pytest.mark.needs("spacy")

SET = """\
name    = "markets"
version = "1"
scheme  = "markets-1"
checks  = ["repeated-names"]

[labels]
COMPANY = { kind = "entity", says = "firms, banks, funds", ontonotes = "ORG" }
MONEY   = { kind = "entity", says = "amounts with their currency", ontonotes = ["MONEY", "PERCENT"] }

leaves-out = { ontonotes = ["CARDINAL"] }
"""
TEXTS = {
    "harbour": (
        "Harbour Foods will pay 40 million dollars for Tillet Dairy.\n\n"
        "Tillet Dairy has twelve shops in Kent.",
        {"Harbour": "  COMPANY Harbour Foods\n  MONEY 40 million dollars\n  COMPANY Tillet Dairy\n",
         "Tillet": "  COMPANY Tillet Dairy\n"},
    ),
    "rates": (
        "Northbank raised its rate by 2 percent on Tuesday.",
        {"Northbank": "  COMPANY Northbank\n  MONEY 2 percent\n  DATE Tuesday | 2025-03-04\n"},
    ),
}  # fmt: skip
PATTERNS = [
    {"label": "ORG", "pattern": "Harbour Foods"},
    {"label": "ORG", "pattern": "Tillet Dairy"},
    {"label": "MONEY", "pattern": [{"LIKE_NUM": True}, {"LOWER": "million"}, {"LOWER": "dollars"}]},
    {"label": "PERCENT", "pattern": [{"LIKE_NUM": True}, {"LOWER": "percent"}]},
    {"label": "DATE", "pattern": "Tuesday"},
    {"label": "GPE", "pattern": "Kent"},
    {"label": "CARDINAL", "pattern": "twelve"},
]
SUITE = """\
[suite]
goldsets = ["markets"]

[[backend]]
use = "spacy"
[backend.options]
model = "blank"
lang = "en"
components = [{ factory = "entity_ruler", patterns = "names.jsonl" }]

[[backend]]
use = "rules"

[gate]
rules = ["spacy.entity.MONEY.recall >= 0.9", "spacy.entity.COMPANY.f1 >= 0.5"]
"""


@pytest.fixture
def markets(shell, monkeypatch):
    monkeypatch.chdir(shell.folder)
    folder = shell.folder / "markets"
    folder.mkdir()
    (folder / "set.toml").write_text(SET, encoding="utf-8")
    (shell.folder / "names.jsonl").write_text("\n".join(map(json.dumps, PATTERNS)))
    (shell.folder / "trade.toml").write_text(SUITE)
    for name, (text, lines) in TEXTS.items():
        (shell.folder / "text.txt").write_text(text)
        said = shell(
            *("gold", "new", name, "--text", "text.txt", "--published", "2025-03-04"),
            *("--lang", "en", "-o", folder),
        )
        assert said.returncode == 0, said.stderr
        source = (folder / f"{name}.gold").read_text()
        assert 'scheme = "markets-1"' in source
        for start, facts in lines.items():
            source = _under(source, f"> {start}", facts)
        (folder / f"{name}.gold").write_text(source)
    return folder


def _under(source, paragraph, facts):
    """The source with facts under the paragraph that begins so."""
    lines = source.splitlines(keepends=True)
    (place,) = (n for n, line in enumerate(lines) if line.startswith(paragraph))
    return "".join([*lines[: place + 1], facts, *lines[place + 1 :]])


def test_from_an_empty_folder_to_a_gate(shell, markets):
    assert shell("gold", "fmt", markets).returncode == 0
    checked = shell("gold", "check", markets)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    stats = shell("gold", "stats", markets).stdout
    assert "COMPANY" in stats
    assert "MISC" not in stats

    ran = shell("run", "trade.toml", "-o", "out")
    assert ran.returncode == 0, ran.stderr
    told = " ".join(ran.stdout.split())
    assert "rules: reads fr and no other language" in told
    assert "labels without a place in the gold's, counted as wrong: GPE (1)" in told
    assert "leaves-out = { ontonotes = ['GPE'] }" in told
    scores = json.loads((shell.folder / "out" / "scores.json").read_text())
    strict = {
        (one["backend"], one["row"]["kind"], one["row"]["label"]): one["row"]["counts"]
        for one in scores["scores"]
        if one["row"]["regime"] == "strict" and one["row"].get("average", "micro") == "micro"
    }
    assert strict["spacy", "entity", "MONEY"] == {"tp": 2, "fp": 0, "fn": 0}
    assert strict["spacy", "entity", "COMPANY"] == {"tp": 3, "fp": 0, "fn": 1}
    assert strict["spacy", "date", "*"]["tp"] == 1
    assert {kind for _, kind, _ in strict} == {"entity", "date"}  # quotes are found by French rules
    assert {name for name, *_ in strict} == {"spacy"}
    (spacy,) = (one for one in scores["backends"] if one["backend"] == "spacy")
    assert spacy["unmapped"] == {"GPE": 1}
    assert spacy["signature"]["scheme"].startswith("markets-1#")
    assert shell("check", "out").returncode == 0


def test_a_scheme_that_changes_under_a_baseline_is_not_comparable(shell, markets):
    assert shell("run", "trade.toml", "-o", "out").returncode == 0
    assert shell("bless", "out", "--reason", "first", "--to", "base.json").returncode == 0
    changed = SET.replace('["MONEY", "PERCENT"]', '"MONEY"')
    (markets / "set.toml").write_text(changed, encoding="utf-8")
    assert shell("run", "trade.toml", "-o", "after").returncode == 0
    checked = shell(
        *("check", "after", "--baseline", "base.json", "--rule", "*.entity.f1 drop <= 0"),
    )
    assert checked.returncode == 4, checked.stdout + checked.stderr
    assert "scheme" in checked.stdout + checked.stderr
    assert shell("compare", "out", "after").returncode == 4


def test_an_import_takes_the_labels_of_the_folder_it_goes_to(shell, markets):
    (shell.folder / "a.txt").write_text("Acme paid 3 dollars.")
    (shell.folder / "a.ann").write_text("T1\tFirm 0 4\tAcme\nT2\tSum 10 19\t3 dollars\n")
    refused = shell(
        *("gold", "import", "brat", "a.ann", "-o", "markets", "--published", "2025-03-04"),
        *("--map", "Firm=COMPNY"),
    )
    assert refused.returncode == 2
    assert "did you mean 'COMPANY'" in refused.stderr
    said = shell(
        *("gold", "import", "brat", "a.ann", "-o", "markets", "--published", "2025-03-04"),
        *("--map", "Firm=COMPANY,Sum=MONEY"),
    )
    assert said.returncode == 0, said.stderr
    source = (markets / "a.gold").read_text()
    assert "COMPANY" in source
    assert 'scheme = "markets-1"' in source
    assert shell("gold", "check", markets / "a.gold").returncode == 0


def test_sets_of_two_schemes_are_each_scored_under_their_own(shell, markets):
    mini = shell.folder / "mini"
    mini.mkdir()
    (shell.folder / "text.txt").write_text("Anne part à Lyon.")
    shell("gold", "new", "a", "--text", "text.txt", "--published", "2025-03-04", "-o", mini)
    source = (mini / "a.gold").read_text()
    (mini / "a.gold").write_text(_under(source, "> Anne", "  PER Anne\n  LOC Lyon\n"))
    both = SUITE.replace('["markets"]', '["markets", "mini"]').partition("[gate]")[0]
    (shell.folder / "both.toml").write_text(both)
    ran = shell("run", "both.toml", "-o", "both")
    assert ran.returncode == 0, ran.stderr
    backends = json.loads((shell.folder / "both" / "scores.json").read_text())["backends"]
    schemes = {(one["goldset"], one["signature"]["scheme"].partition("#")[0]) for one in backends}
    assert schemes == {("markets", "markets-1"), ("mini", "fr-news-1")}
    scored = {(one["backend"], one["goldset"]) for one in backends if one["articles"]}
    assert scored == {("spacy", "markets"), ("rules", "mini")}


def test_gold_under_labels_that_its_scheme_lacks_is_told(shell, markets):
    (markets / "set.toml").write_text(SET.partition("MONEY   =")[0], encoding="utf-8")
    ran = shell("run", "trade.toml", "-o", "out", "-b", "spacy")
    assert ran.returncode == 0, ran.stderr
    told = " ".join(ran.stdout.split())
    assert "Gold has labels that are not in its scheme markets-1: MONEY (2)" in told


def test_an_import_with_the_header_of_another_scheme_needs_its_set_file(shell, markets):
    assert shell("gold", "export", "brat", markets, "-o", "ex").returncode == 0
    offered = (shell.folder / "ex" / "annotation.conf").read_text(encoding="utf-8").split()
    assert {"COMPANY", "MONEY"} <= set(offered)
    assert "MISC" not in offered
    assert shell("gold", "export", "label-studio", markets, "-o", "ls").returncode == 0
    (page,) = (shell.folder / "ls").glob("*.xml")
    assert 'value="COMPANY"' in page.read_text(encoding="utf-8")
    assert 'value="MISC"' not in page.read_text(encoding="utf-8")
    files = sorted((shell.folder / "ex").glob("*.ann"))
    command = ("gold", "import", "brat", *files, "-o", "back", "--header-from", markets)
    refused = shell(*command)
    assert refused.returncode == 2
    assert "copy the set.toml" in refused.stderr
    (shell.folder / "back").mkdir(exist_ok=True)
    (shell.folder / "back" / "set.toml").write_text(SET, encoding="utf-8")
    said = shell(*command)
    assert said.returncode == 0, said.stderr
    assert shell("gold", "check", "back").returncode == 0


def test_a_map_of_a_suite_to_a_label_that_no_set_has_is_refused(shell, markets):
    suite = SUITE.replace('use = "spacy"\n', 'use = "spacy"\nmap = { ORG = "COMPNY" }\n')
    (shell.folder / "typo.toml").write_text(suite)
    said = shell("run", "typo.toml", "-o", "out")
    assert said.returncode == 2
    assert "unknown label in the map of spacy 'COMPNY'; did you mean 'COMPANY'" in said.stderr
