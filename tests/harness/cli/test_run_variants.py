"""Variants in a run: read beside the plain articles, never mixed with them, compared with them."""

import json
import re

import pytest
from msgspec.structs import replace

from factharness import api
from factharness.errors import HarnessError
from factharness.gate.baseline import of
from factharness.gate.judge import judge
from factharness.runs.directory import load
from factharness.runs.texts import Texts
from factharness.score.comparison import compare_counts
from factharness.variants import VARIANTS, Changed, Variant
from factharness.variants.offsets import Edit

ALL = tuple(VARIANTS)
BACKEND = '[[backend]]\nuse = "capitals"\n'
RULES = '[[backend]]\nuse = "rules"\n'


def suite(shell, variants, backends=BACKEND, name="mine", **more):
    return shell.suite(name, f"variants = {json.dumps(variants)}\n{backends}", **more)


@pytest.fixture
def identity(monkeypatch):
    """A variant that changes nothing."""
    monkeypatch.setitem(VARIANTS, "nfd", Variant("nfd", lambda gold, random: Changed()))


def files(shell, run):
    """What a run measured, without what differs from one run to the next."""
    folder = shell.folder / run
    scores = json.loads((folder / "scores.json").read_bytes())
    for one in scores["backends"]:
        del one["seconds"], one["cached"]
    return scores, (folder / "gold.jsonl.gz").read_bytes()


def test_without_variants_nothing_is_new(shell):
    shell("run", shell.suite(), "-o", "plain")
    shell("run", suite(shell, []), "-o", "none")
    assert files(shell, "plain") == files(shell, "none")
    assert shell.lines("plain") == shell.lines("none")
    assert "costs" not in files(shell, "plain")[0]
    assert not (shell.folder / "plain" / "variants").exists()


def test_variants_leave_the_plain_results_alone(shell):
    shell("run", suite(shell, [], BACKEND + RULES, "mine"), "-o", "plain")
    assert shell("run", suite(shell, ALL, BACKEND + RULES), "-o", "varied").returncode == 0
    assert shell.lines("plain") == shell.lines("varied")
    before, after = files(shell, "plain"), files(shell, "varied")
    assert before[1] == after[1]
    assert before[0]["backends"] == after[0]["backends"]
    assert before[0]["leads"] == after[0]["leads"]
    number = len(before[0]["scores"])
    assert before[0]["scores"] == after[0]["scores"][:number]
    more = {row["row"]["slice"] for row in after[0]["scores"][number:]}
    assert more == {f"variant={name}" for name in ALL}
    plain, varied = load(shell.folder / "plain"), load(shell.folder / "varied")
    assert plain.rows() == varied.rows()
    assert list(plain.mistakes()) == list(varied.mistakes())
    now, then = of(varied), of(plain)
    assert replace(now, started="") == replace(then, started="")


@pytest.mark.usefixtures("identity")
def test_an_identity_changes_no_number(shell):
    shell("run", suite(shell, ["nfd"], BACKEND + RULES), "-o", "out")
    run = load(shell.folder / "out")
    assert {cost.difference for cost in run.scores.costs} <= {0.0, None}
    assert {(cost.low, cost.high) for cost in run.scores.costs} <= {(0.0, 0.0), (None, None)}
    varied = run.variant("nfd")
    for backend in ("capitals", "rules"):
        assert shell.lines("out", backend) == shell.lines("out/variants/nfd", backend)
    assert [score.row for score in run.rows()] == [score.row for score in varied.rows()]
    assert list(run.gold()) == list(varied.gold())


def test_a_cost_is_the_paired_difference(shell):
    shell("run", suite(shell, ["capitals"], RULES), "-o", "out")
    run = load(shell.folder / "out")
    sides = [
        [record.row for record in one.counts("rules")] for one in (run, run.variant("capitals"))
    ]
    rows = {(row.kind, row.regime): row.difference for row in compare_counts(*sides)}
    costs = [cost for cost in run.scores.costs if not cost.group]
    assert {(cost.kind, cost.regime) for cost in costs} == {
        *(("entity", "strict"), ("date", "strict"), ("date", "value")),
        *(("quote", "exact"), ("quote", "joint")),
    }
    for cost in costs:
        difference = rows[cost.kind, cost.regime]
        assert cost.difference == pytest.approx(difference.difference)
        assert (cost.low, cost.high) == pytest.approx((difference.low, difference.high))
        assert cost.varied - cost.plain == pytest.approx(cost.difference)
    (entity,) = (cost for cost in costs if cost.kind == "entity")
    assert entity.difference < 0  # the rules do not find names in capitals


def test_slices_of_variants_are_the_scores_on_them(shell):
    shell("run", suite(shell, ["capitals"]), "-o", "out")
    run = load(shell.folder / "out")
    frame = run.to_frame()
    mine = frame[frame["slice"] == "variant=capitals"]
    theirs = run.variant("capitals").to_frame()
    theirs = theirs[theirs["slice"] == "*"]
    for column in ("kind", "label", "regime", "tp", "fp", "fn", "signature"):
        assert list(mine[column]) == list(theirs[column])
    assert all("~capitals|" in signature for signature in mine["signature"])
    assert not any("~" in score.signature for score in run.rows())


def test_recall_is_shown_by_origin_and_gender(shell):
    shell("run", suite(shell, ["names"]), "-o", "out")
    run = load(shell.folder / "out")
    costs = {cost.group: cost for cost in run.scores.costs if cost.group}
    gold = {group for one in run.variant("names").gold() for its in one.groups for group in its}
    assert set(costs) == {"*", *gold}
    assert any(group.startswith("origin=") for group in gold)
    origins = [cost for group, cost in costs.items() if group.startswith("origin=")]
    assert costs["*"].gold == sum(cost.gold for cost in origins) > 0
    assert not any(one.groups for one in run.gold())
    page = (shell.folder / "out" / "summary.md").read_text(encoding="utf-8")
    assert "Recall in the variant names" in page


def test_the_table_shows_what_variants_cost(shell):
    said = shell("run", suite(shell, ["no-accents", "capitals"], RULES), "-o", "out").stdout
    assert "Entities: variants against plain texts" in said
    assert re.search(r"capitals +rules\*? +0\.800 +0\.\d{3} +-0\.\d{3} +-[01]\.\d{3} to", said)
    assert "capitals: everything in capitals." in said
    assert said.partition("\nCost\n")[0] in shell("report", "out").stdout


def test_texts_are_made_again(shell):
    shell("run", suite(shell, ["nfd", "ocr", "names"]), "-o", "out")
    run = load(shell.folder / "out")
    for varied in run.variants():
        texts = Texts(varied)
        for gold in varied.gold():
            text = texts.of(gold.goldset, gold.id)
            assert text is not None, texts.reason(gold.goldset, gold.id)
            assert not texts.relabelled(gold.goldset, gold.id)
            for fact, words in zip(gold.facts, gold.words, strict=True):
                if hasattr(fact, "span"):
                    assert " ".join(fact.span.of(text).split()) == words[0]
        other = Texts(replace(varied, manifest=replace(varied.manifest, variant="")))
        assert any(other.of(gold.goldset, gold.id) is None for gold in varied.gold())


def test_a_variant_is_a_run_for_every_command(shell):
    shell("run", suite(shell, ["capitals"], RULES), "-o", "out")
    assert shell("report", "out/variants/capitals").returncode == 0
    assert shell("score", "out/variants/capitals", "--regime", "exact").returncode == 0
    assert shell("score", "out", "--regime", "exact").returncode == 0
    compared = shell("compare", "out", "out/variants/capitals", "--flips")
    assert compared.returncode == 0, compared.stderr
    assert "~capitals" in compared.stdout
    run = load(shell.folder / "out")
    assert run.variant("capitals").mistakes("rules", kind="entity")
    assert shell("check", "out/variants/capitals").returncode == 2  # it has no rules of its own


def test_two_variants_of_different_gold_are_not_compared(shell):
    shell("run", suite(shell, ["capitals"]), "-o", "all")
    shell("run", suite(shell, ["capitals"]), "-o", "few", "--limit", "2")
    assert shell("compare", "all", "few/variants/capitals").returncode == 4


@pytest.mark.parametrize("backends", [BACKEND + RULES])
def test_shards_together_are_the_whole(shell, backends):
    path = suite(shell, ["ocr", "names"], backends)
    shell("run", path, "-o", "whole")
    for part in (1, 2):
        assert shell("run", path, "--shard", f"{part}/2", "-o", f"part{part}").returncode == 0
    assert shell("combine", "part2", "part1", "-o", "out").returncode == 0
    for where in ("", "/variants/ocr", "/variants/names"):
        assert files(shell, f"out{where}") == files(shell, f"whole{where}")
        for backend in ("capitals", "rules"):
            assert shell.lines(f"out{where}", backend) == shell.lines(f"whole{where}", backend)


def test_processes_do_not_matter(shell):
    path = suite(shell, ["ocr", "names"])
    shell("run", path, "-o", "one", "--no-cache")
    shell("run", path, "-o", "two", "--no-cache", "-j", "2")
    for where in ("", "/variants/ocr", "/variants/names"):
        assert files(shell, f"one{where}") == files(shell, f"two{where}")


def test_the_cache_and_an_earlier_run_serve_variants(shell):
    options = f'options = {{ log = "{shell.folder / "log"}" }}\n'
    path = suite(shell, ["ocr", "capitals"], BACKEND + options)
    log = shell.folder / "log"
    shell("run", path, "-o", "one")
    assert len(log.read_text().splitlines()) == 9
    shell("run", path, "-o", "two")
    assert len(log.read_text().splitlines()) == 9
    shell("run", path, "-o", "three", "--no-cache", "--resume", "one")
    assert len(log.read_text().splitlines()) == 9
    assert files(shell, "one/variants/ocr") == files(shell, "three/variants/ocr")


def test_a_hybrid_has_variants(shell):
    hybrid = '[[backend]]\nname = "both"\nentities = "capitals"\ndates = "rules"\n'
    shell("run", suite(shell, ["capitals"], BACKEND + RULES + hybrid), "-o", "out")
    run = load(shell.folder / "out").variant("capitals")
    rows = {(score.backend, score.row.kind): score.row.counts for score in run.rows()}
    assert rows["both", "entity"] == rows["capitals", "entity"]
    assert rows["both", "date"] == rows["rules", "date"]


def test_an_error_on_a_variant_is_one_of_the_run(shell):
    options = 'options = { broken = "broken.txt" }\n'
    path = suite(shell, ["capitals"], BACKEND + options)
    shell("run", path, "-o", "before")
    (shell.folder / "broken.txt").write_text("2024-03-06-tournoi")
    # The plain articles are in the cache: only the variant can fail.
    for variant in ("nfd", "ocr"):
        path = suite(shell, [variant], BACKEND + options)
    said = shell("run", path, "-o", "out")
    assert said.returncode == 1
    assert "capitals failed on 2024-03-06-tournoi in the variant ocr" in said.stderr
    assert "failed on 1 article in the variant ocr" in said.stdout
    run = load(shell.folder / "out")
    assert not run.errors
    verdict = judge(run, ["errors == 0"], None)
    assert verdict.exit_code == 1
    assert "capitals[ocr]: 1 of 3 articles failed" in verdict.results[0].failures[0]
    assert judge(run, ["capitals.date.f1 >= 0"], None).exit_code == 0
    assert judge(run, ["capitals.date.f1[ocr] >= 0"], None).exit_code == 1
    assert shell("run", path, "-o", "again", "--max-errors", "0").returncode == 3


def test_what_a_variant_empties_is_said_and_left_out(shell, monkeypatch):
    def without_persons(gold, _random):
        found = re.finditer("Jeanne Aubry", gold.article.text)
        return Changed([Edit(*name.span(), "") for name in found])

    monkeypatch.setitem(VARIANTS, "nfd", Variant("nfd", without_persons))
    said = shell("run", suite(shell, ["nfd"]), "-o", "out")
    assert said.returncode == 0
    words = " ".join(said.stdout.split())
    assert "2024-03-05-moulin: not in the variant nfd: it leaves nothing of 'Jeanne Aubry'" in words
    run = load(shell.folder / "out")
    assert {score.row.articles for score in run.rows()} == {3}
    assert {cost.articles for cost in run.scores.costs} == {2}


@pytest.mark.parametrize(
    ("variants", "more", "message"),
    [
        (["no-accent"], "", "unknown variant 'no-accent'"),
        (["ocr", "nfd", "ocr"], "", "'ocr' is named twice"),
        (["ocr"], "variant", "'variant' cannot be a slice"),
    ],
)
def test_a_wrong_variant_is_refused_with_its_line(shell, variants, more, message):
    path = suite(shell, variants)
    if more:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"rubrique"', '"variant"'), encoding="utf-8")
    said = shell("run", path, "-o", "out")
    assert said.returncode == 2
    assert message in said.stderr
    assert re.search(r"mine\.toml:[34]:", said.stderr)


def test_a_run_with_a_variant_that_is_not_known_is_refused(shell):
    shell("run", suite(shell, ["ocr"]), "-o", "out")
    manifest = shell.folder / "out" / "run.json"
    manifest.write_text(manifest.read_text().replace('"ocr"', '"../.."'))
    said = shell("report", "out")
    assert said.returncode == 2
    assert "unknown variant '../..'" in said.stderr


def test_a_gate_asks_for_variants(shell):
    shell("run", suite(shell, ["capitals", "nfd"], BACKEND + RULES), "-o", "out")
    run = load(shell.folder / "out")
    (cost,) = (
        one
        for one in run.scores.costs
        if (one.backend, one.variant, one.kind) == ("rules", "capitals", "entity")
    )
    drop = round(cost.plain, 3) - round(cost.varied, 3)

    def code(*rules):
        return judge(run, rules, None, allow_missing_baseline=True).exit_code

    assert code(f"rules.entity.f1[capitals] drop <= {drop:.3f}") == 0
    assert code(f"rules.entity.f1[capitals] drop <= {drop - 0.001:.3f}") == 1
    assert code(f"*.entity.f1[capitals] drop <= {drop - 0.001:.3f}") == 1
    # No p excuses what is worse in every article, as names in capitals are for the rules.
    assert code("rules.entity.f1[capitals] drop <= 0 unless p > 0.0001") == 1
    # Accents apart from their letters cost nothing, so there is no drop to excuse.
    assert code("rules.quote.f1[nfd] drop <= 0") == 0
    assert code("rules.entity.f1[capitals] drop <= 0 unless p > 0.9999") == 1
    assert code("capitals.date.f1[nfd] drop <= -1 unless p > 0.0001") == 0
    assert code(f"rules.entity.f1[capitals] >= {cost.varied:.3f}") == 0
    assert code(f"rules.entity.f1[capitals] > {cost.varied:.3f}") == 1
    assert code("rules.entity.f1[capitals] < rules.entity.f1") == 0
    assert code("rules.entity.f1[capitals] > rules.entity.f1[nfd]") == 1
    assert code("rules.entity.PER.recall[nfd] >= 0") == 0
    said = judge(run, ["rules.entity.f1[capitals] drop <= 0"], None)
    assert said.results[0].failures == (
        f"mini/rules.entity.strict.f1[capitals] is lower by {drop:.3f}, "
        f"{cost.varied:.3f} against {cost.plain:.3f}",
    )
    unknown = judge(run, ["rules.entity.f1[ocr] drop <= 0"], None)
    assert unknown.exit_code == 2
    assert "unknown variant 'ocr'" in "\n".join(unknown.results[0].failures)


def test_a_rule_about_a_variant_needs_no_baseline_and_no_other_gold(shell):
    gate = '[gate]\nrules = ["*.date.f1[nfd] drop <= 1", "*.date.f1 drop <= 1"]\n'
    shell("run", suite(shell, ["nfd"], more=gate), "-o", "out")
    said = shell("check", "out", "--allow-missing-baseline")
    assert said.returncode == 0
    assert "left out, as there is no baseline: *.date.f1 drop" in " ".join(said.stdout.split())
    assert shell("bless", "out", "--reason", "first").returncode == 0
    assert shell("check", "out").returncode == 0


def test_python_has_variants(shell):
    run = api.run(suite(shell, ["ocr"]), output="out")
    assert [one.manifest.variant for one in run.variants()] == ["ocr"]
    assert run.variant("ocr").path == run.path / "variants" / "ocr"
    with pytest.raises(HarnessError, match="unknown variant 'nfd'"):
        run.variant("nfd")
    assert api.run(suite(shell, ["ocr"]), output="out", force=True).scores.costs


def test_recall_is_counted_over_the_renamed_persons_of_each_set(shell, gold):
    text = "Paul Ferrand parle à Anne Obert. Claire Dumoulin écoute Luc Morin."
    gold("un", text, "PER Paul Ferrand", "PER? Anne Obert", "PER Claire Dumoulin", "PER Luc Morin")
    sets = f'{gold.folder}", "{shell.folder / "other"}'
    (shell.folder / "other").mkdir()
    same = (gold.folder / "un.gold").read_text(encoding="utf-8")
    few = "".join(line for line in same.splitlines(True) if "PER Luc" not in line)
    (shell.folder / "other" / "un.gold").write_text(few, encoding="utf-8")
    (shell.folder / "half.py").write_text(HALF, encoding="utf-8")
    half = '[[backend]]\nuse = "file:half.py:build"\n'
    assert shell("run", suite(shell, ["names"], half, goldset=sets), "-o", "out").returncode == 0
    every = load(shell.folder / "out").scores.costs
    plain = {(cost.goldset, cost.gold) for cost in every if not cost.group}
    assert plain == {("gold", 3), ("other", 2)}
    costs = {cost.goldset: cost for cost in every if cost.group == "*"}
    # The other person that it finds does not count.
    assert (costs["gold"].gold, costs["other"].gold) == (3, 2)
    assert costs["gold"].plain == costs["gold"].varied == pytest.approx(1 / 3, abs=1e-6)
    assert costs["other"].plain == costs["other"].varied == pytest.approx(1 / 2)


HALF = """
from factharness.facts import Entity, Span

class Half:
    kinds = frozenset({"entity"})
    def fingerprint(self): return {"version": "1"}
    def extract(self, articles):
        for article in articles:
            text = article.text
            first, other = text.index(" parle"), text.index("à ") + 2
            yield [
                Entity(Span(0, first), "PER"), Entity(Span(other, text.index(".", other)), "PER")
            ]

build = Half
"""


def test_shards_with_different_variants_are_not_of_one_run(shell):
    for part, variants in ((1, ["nfd"]), (2, ["nfd", "ocr"])):
        shell("run", suite(shell, variants), "--shard", f"{part}/2", "-o", f"part{part}")
    assert shell("combine", "part1", "part2", "-o", "out").returncode == 4


def test_what_is_borrowed_is_shown_once(shell):
    hybrid = '[[backend]]\nname = "both"\nentities = "capitals"\ndates = "rules"\n'
    shell("run", suite(shell, ["names", "nfd"], BACKEND + RULES + hybrid), "-o", "out")
    run = load(shell.folder / "out")
    (section,) = run.tables().sections
    shown = {
        block.name: [(row.values["variant"], row.values["backend"]) for row in block.rows]
        for block in section.variants
    }
    each = [(variant, backend) for variant in ("names", "nfd") for backend in ("capitals", "rules")]
    assert shown["variants-entity"] == shown["variants-date"] == each
    groups = section["groups-names"]
    assert [row.values["group"] for row in groups.rows][:3] == ["all", "all", "men"]
    assert any(cost.backend == "both" for cost in run.scores.costs)


def test_a_gate_is_about_the_plain_articles(shell):
    gate = '[gate]\nrules = ["capitals.entity.f1 >= 0"]\n'
    shell("run", suite(shell, ["nfd"], more=gate), "-o", "out")
    assert shell("check", "out").returncode == 0
    said = shell("check", "out/variants/nfd")
    assert (said.returncode, "has no rules" in said.stderr) == (2, True)
