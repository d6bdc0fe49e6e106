"""A labelling page that really runs: the command in a process of its own, with folders of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from factharness.facts import Article, Date, Entity, GoldArticle, GoldFact, Quote, Span
from factharness.gold.compose import compose, header_for
from factharness.gold.format import render
from factharness.gold.header import Labelling
from factharness.gold.sets import load_set
from factharness.resources import find

COMMAND = [sys.executable, "-c", "from factharness.cli import main; main()"]


class Server:
    """``factharness label`` on a path; its state lies in ``folder``, and so does its own list of keys."""

    def __init__(self, folder: Path, *words: str | Path) -> None:
        self._command = [*COMMAND, "label", "--no-browser", *map(str, words)]
        names = ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
        self._folders = {name: str(folder / name.lower()) for name in names}
        self.process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self, *more: str) -> Server:
        """Start it and wait until it says its address."""
        env = os.environ | self._folders | {"PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [*self._command, *more], stdout=subprocess.PIPE, text=True, env=env
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        self.address = next((word for word in said.split() if word.startswith("http://")), "")
        assert self.address, f"the server said {said!r} instead of its address"
        return self

    @property
    def port(self) -> str:
        return self.address.split("/")[2].partition(":")[2]

    def kill(self) -> None:
        """As a crash of the machine would: at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


def press(page: Any, keys: str) -> None:
    """Press keys one after the other, written with a space between them, as Playwright names them."""
    for key in keys.split():
        page.keyboard.press(key)


def saved(page: Any) -> None:
    """Wait until everything that was done is in the file."""
    page.wait_for_function("() => !/not saved/.test(document.querySelector('#where').textContent)")


def long_article(folder: Path, letters: int = 60_000, facts: int = 1_000) -> Path:
    """A gold file of about so many letters and facts: dispatches one after the other."""
    parts: list[str] = []
    labelled: list[GoldFact] = []
    start = 0
    for article in load_set(find("goldsets", "depeches")).articles:
        text = article.article.text
        if start + len(text) > letters:
            break
        labelled += [_moved(fact, start) for fact in article.facts]
        parts.append(text)
        start += len(text) + 2
    text = "\n\n".join(parts)
    step = max(1, len(labelled) // facts)
    kept = tuple(labelled[::step][:facts])
    whole = Article(
        "long", text, load_set(find("goldsets", "depeches")).articles[0].article.published
    )
    document, _ = compose(
        header_for(whole, labels=Labelling(by=("test",))), GoldArticle(whole, kept)
    )
    path = folder / "long.gold"
    path.write_text(render(document), encoding="utf-8", newline="\n")
    return path


def _moved(gold: GoldFact, by: int) -> GoldFact:
    """The fact in a text that begins ``by`` letters earlier."""

    def there(span: Span) -> Span:
        return Span(span.start + by, span.end + by)

    match gold.fact:
        case Entity(span, label):
            return GoldFact(Entity(there(span), label), gold.ignore, gold.attributes)
        case Date(span, kind, value):
            return GoldFact(Date(there(span), kind, value), gold.ignore, gold.attributes)
        case Quote(content, kind, speaker, name, cue):
            spans = tuple(map(there, content))
            moved = Quote(spans, kind, speaker and there(speaker), name, cue and there(cue))
            return GoldFact(moved, gold.ignore, gold.attributes)


def fill_form(page: Any, **values: str) -> None:
    """Fill the form of a new article by keyboard, and send it; returns when the article is open."""
    page.locator("#new form").wait_for()
    for name, value in values.items():
        page.locator(f"[name={name}]").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(value)
    page.keyboard.press("Enter")
    page.locator("#article .frame.caret").wait_for()
