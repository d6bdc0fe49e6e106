"""How many keys the labelling page costs: the gold of both sets, labelled again through its own key handling.

    python benchmarks/labelling.py [--sets depeches wikinews] [--articles | --table]

A planner that knows the gold (`labelling.js`, beside this file) looks for the cheapest keys for each fact, in
the order of the text, and presses them one by one in a headless Chromium: by the page's own scripts, from the
text alone. What stands in the end must be the gold, fact by fact: spans, label, value, speaker, cue, name,
don't-care mark, metonymy and modifier. What could not be made is counted. Notes are free text and not typed.

- A press counts 1, a press with Shift 1.3; a typed value or name counts each letter, and Enter.
- **name, date, quote**: the mean and the 90th percentile of presses, with the way to the fact and all
  corrections. A fact that came with another of the same words costs nothing, and taking away such a fact where
  it is wrong counts for the article. A quote has a speaker and a cue; *other quotes* lack one.
- **40 facts**: presses of all articles, for 40 of their facts; then the same by article, half and worst.
- **key**: milliseconds of a key in an article of 60,000 characters with 1,000 facts (target: below 20).

It needs what `make test-browser` installs, and for `wikinews` the texts that `factharness gold fetch` brings.
No planner is a person: it misreads nothing, and always finds the cheapest way that it knows.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

import chromium
import msgspec

from factharness.errors import GoldError
from factharness.facts import DATE_TYPES, Article, Date, GoldArticle, GoldFact
from factharness.gold.sets import load_set
from factharness.gold.short_values import expand, shortest
from factharness.label import page
from factharness.label.aids import aids
from factharness.label.operations import LabelledFact
from factharness.labels import ENTITY_LABELS
from factharness.resources import find
from factharness.text import paragraphs

PLANNER = Path(__file__).with_suffix(".js")
WORST = 185
TARGETS = {
    "name, mean / 90th percentile": "2 / 5",
    "date": "3 / 7",
    "quote with speaker and cue": "7 / 15",
    "other quotes": "–",
}
FORTY = {
    "40 facts": "120",
    "40 facts, half of the articles": "105",
    "40 facts, the worst article": str(WORST),
}

Result = dict[str, Any]
"""What the planner says of an article: presses of each fact, what is missing, what is left over."""


def opened(article: Article) -> dict[str, Any]:
    """An article as the server sends it, without a fact."""
    text = article.text
    found = msgspec.json.decode(msgspec.json.encode(aids(article, ENTITY_LABELS)))
    return {
        "id": article.id,
        "text": text,
        "paragraphs": [[start, start + len(words)] for start, words in paragraphs(text)],
        "facts": [],
        "visited": [],
        "mode": "blind",
        "backends": [],
        "scheme": {"labels": [{"name": label} for label in ENTITY_LABELS]},
        "differences": [],
        "aids": found,
    }


def wanted(fact: GoldFact) -> dict[str, Any]:
    """A gold fact as the page has it, without its note."""
    made: dict[str, Any] = msgspec.to_builtins(LabelledFact.of(fact))
    made["attributes"].pop("note", None)
    return made


def typed_values(gold: GoldArticle) -> dict[str, dict[str, str]]:
    """What may be typed for the dates of an article, by their words and value, and what the server makes of it.

    ``typed``: the shortest form, by ``WORDS|VALUE``; ``read``: type and value, by ``TYPE|WORDS|TYPED``.
    """
    published = gold.article.published
    typed: dict[str, str] = {}
    read: dict[str, str] = {}
    for fact in (one.fact for one in gold.facts if isinstance(one.fact, Date)):
        if fact.value is None or published is None:
            continue
        words = fact.span.of(gold.article.text)
        form = shortest(fact.type, fact.value, published, words)
        typed[f"{words}|{fact.type}|{fact.value}"] = form
        for label in DATE_TYPES:
            try:
                made = expand(form, published, type=label, words=words)
            except GoldError:
                continue
            read[f"{label}|{words}|{form}"] = f"{made.type} {made.value}"
    return {"typed": typed, "read": read}


def replayed(sheet: Any, gold: GoldArticle) -> Result:
    """One article labelled again."""
    facts = [wanted(fact) for fact in gold.facts]
    result: Result = sheet.evaluate(
        "([article, facts, values]) => replay(article, facts, environment(values))",
        [opened(gold.article), facts, typed_values(gold)],
    )
    return result


def large(articles: Iterable[GoldArticle]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An article of 60,000 characters made of several, with the first 1,000 of their facts."""
    text, facts = "", []
    many = list(articles)
    for gold in many * (60_000 // sum(len(one.article.text) for one in many) + 1):
        if len(text) > 60_000:
            break
        for fact in gold.facts:
            facts.append(_moved(wanted(fact), len(text)))
        text += gold.article.text + "\n\n"
    article = Article("large", text.strip("\n"), date(2024, 3, 5))
    return opened(article), facts[:1000]


def _moved(fact: dict[str, Any], by: int) -> dict[str, Any]:
    def moved(span: list[int] | None) -> list[int] | None:
        return span and [span[0] + by, span[1] + by]

    places = {"speaker": moved(fact["speaker"]), "cue": moved(fact["cue"])}
    return fact | {"spans": [moved(span) for span in fact["spans"]]} | places


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def kind_of(fact: dict[str, Any]) -> str:
    """The row of the table that a fact belongs to."""
    name, date_, quote, other = TARGETS
    if fact["kind"] != "quote":
        return {"entity": name, "date": date_}[fact["kind"]]
    return quote if fact["speech"] else other


def per_forty(result: Result) -> float:
    return 40 * float(result["presses"]) / max(1, result["gold"])


def rows(results: list[Result]) -> dict[str, str]:
    """What each row of the table says of one set."""
    facts = [fact for result in results for fact in result["facts"]]
    told = {}
    for kind in TARGETS:
        costs = [float(fact["cost"]) for fact in facts if kind_of(fact) == kind]
        mean = statistics.fmean(costs) if costs else 0.0
        told[kind] = f"{mean:.2f} / {percentile(costs, 0.9):.1f}"
    shares = [per_forty(result) for result in results]
    forty = 40 * sum(r["presses"] for r in results) / sum(r["gold"] for r in results)
    per_article = (forty, percentile(shares, 0.5), max(shares))
    return told | {name: f"{one:.0f}" for name, one in zip(FORTY, per_article, strict=True)}


def table(measured: dict[str, list[Result]]) -> str:
    """The rows of each set beside each other, and the targets, in Markdown."""
    heads = [
        f"{name} ({len(results)} articles, {sum(r['gold'] for r in results):,} facts)"
        for name, results in measured.items()
    ]
    lines = [f"| presses | {' | '.join(heads)} | target |", f"|---|{'---|' * len(heads)}---|"]
    columns = [rows(results) for results in measured.values()]
    for name, target in (TARGETS | FORTY).items():
        lines.append(f"| {name} | {' | '.join(column[name] for column in columns)} | {target} |")
    return "\n".join(lines)


def shortfall(name: str, results: list[Result], each: bool) -> None:
    """Print what could not be made of one set, or was left over."""
    missing = [(result["id"], one) for result in results for one in result["missing"]]
    wrong = sum(result["left"] for result in results)
    made = sum(result["made"] for result in results)
    print(
        f"\n{name}, made as in the gold: {made}. Cannot be made: {len(missing)}. Left over and wrong: {wrong}."
    )
    for article, one in missing:
        print(f"  {article}: {one['kind']} {one['label']}")
    if each:
        for result in sorted(results, key=per_forty):
            print(f"  {per_forty(result):5.0f}  {result['id']}")


def texts_there(folder: Path) -> list[GoldArticle]:
    """The articles of a set whose text is there."""
    return [gold for gold in load_set(folder).articles if not gold.withheld or gold.article.text]


def measured(run: Callable[[Any], None]) -> int:
    """Run in a blank page with the key handling and the planner."""
    place = chromium.find()
    if place is None:
        print(chromium.HOW, file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        sheet = browser.new_page()
        sheet.add_script_tag(content=page.key_script() + PLANNER.read_text(encoding="utf-8"))
        run(sheet)
        browser.close()
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", default=["depeches", "wikinews"])
    parser.add_argument("--articles", action="store_true", help="print each article's presses too")
    parser.add_argument("--table", action="store_true", help="print the table alone")
    arguments = parser.parse_args()

    def run(sheet: Any) -> None:
        measured = {}
        for name in arguments.sets:
            gold = texts_there(find("goldsets", name))
            if not gold:
                print(f"{name}: no texts here; factharness gold fetch {name}", file=sys.stderr)
                continue
            measured[name] = [replayed(sheet, one) for one in gold]
        print(table(measured))
        if arguments.table:
            return
        for name, results in measured.items():
            shortfall(name, results, arguments.articles)
        article, facts = large(texts_there(find("goldsets", "depeches")))
        took = sheet.evaluate("([article, facts]) => keyTimes(article, facts)", [article, facts])
        print(
            f"\nkey, {len(article['text']):,} characters and {len(facts):,} facts: "
            f"{statistics.fmean(took):.1f} ms, 95 of 100 at most {percentile(took, 0.95):.1f} ms, "
            f"the slowest {max(took):.1f} ms"
        )

    return measured(run)


if __name__ == "__main__":
    sys.exit(main())
