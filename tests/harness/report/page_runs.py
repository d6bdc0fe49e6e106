"""Runs for the tests of pages: gold written from texts and facts, and back ends that replay stored facts."""

import json
from datetime import date

import msgspec

from factharness import api
from factharness.facts import Article, GoldArticle, GoldFact, Span
from factharness.gold.compose import compose, header_for
from factharness.gold.format import render
from factharness.gold.header import Labelling


def place(text, words, after=0):
    """Where ``words`` stand in ``text``."""
    start = text.index(words, after)
    return Span(start, start + len(words))


def gold_set(folder, articles):
    """Write a gold set: ``articles`` are names with a text and facts, or with a text and gold facts."""
    folder.mkdir()
    for name, (text, facts) in articles.items():
        held = tuple(fact if isinstance(fact, GoldFact) else GoldFact(fact) for fact in facts)
        gold = GoldArticle(Article(name, text, date(2024, 3, 5)), held)
        document, losses = compose(header_for(gold.article, labels=Labelling(by=("test",))), gold)
        assert losses == ()
        file = folder / f"{name}.gold"
        file.write_text(render(document), encoding="utf-8", newline="\n")
    return folder


def stored(path, facts_by_article):
    """Write predictions for the back end ``replay``; an article with a string has this error."""
    lines = (
        {"id": name, "error": facts} if isinstance(facts, str) else {"id": name, "facts": facts}
        for name, facts in facts_by_article.items()
    )
    path.write_bytes(msgspec.json.Encoder().encode_lines(lines))
    return path


def run_of(folder, goldsets, backends, regimes=("strict",), out="out"):
    """Run a suite: ``backends`` are names with a file of predictions, or with lines of a suite file."""
    lines = [f"[suite]\ngoldsets = {json.dumps([str(name) for name in goldsets])}"]
    lines.append(f"regimes = {json.dumps(regimes)}")
    for name, source in backends.items():
        use = (
            source
            if isinstance(source, str)
            else f'use = "replay"\noptions = {{ path = {json.dumps(str(source))} }}'
        )
        lines.append(f'[[backend]]\nname = "{name}"\n{use}')
    suite = folder / f"{out}.toml"
    suite.write_text("\n".join(lines), encoding="utf-8")
    return api.run(suite, cache=False, output=folder / out, html=False)
