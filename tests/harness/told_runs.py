"""Small runs in which a test says the gold and what each back end answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec

from factharness import api
from factharness.facts import Date, Entity, Quote, Span
from factharness.text import sha256

GOLD = """gold      = 1
id        = "{id}"
lang      = "fr"
published = 2024-03-05
labels    = {{ scheme = "fr-news-1", status = "draft", prelabel = "none" }}
text      = "full"
sha256    = "{sha256}"
+++

{body}"""


def write_gold(folder: Path, name: str, *parts: str) -> Path:
    """A gold file; each part is a paragraph, and the lines after its first are the facts under it."""
    folder.mkdir(exist_ok=True)
    paragraphs = [part.split("\n") for part in parts]
    text = "\n\n".join(first for first, *_ in paragraphs)
    body = "\n\n".join(
        "\n".join([f"> {first}", *(f"  {line}" for line in lines)]) for first, *lines in paragraphs
    )
    path = folder / f"{name}.gold"
    path.write_text(GOLD.format(id=name, sha256=sha256(text), body=f"{body}\n"), encoding="utf-8")
    return path


def text_of(path: Path) -> str:
    lines = re.findall(r"^> (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return "\n\n".join(lines)


def at(text: str, words: str) -> Span:
    """The place of the first hit."""
    return Span(text.index(words), text.index(words) + len(words))


def entity(text: str, words: str, label: str) -> Entity:
    return Entity(at(text, words), label)


def date(text: str, words: str, value: str | None) -> Date:
    return Date(at(text, words), "DATE", value)


def quote(text: str, words: str, speaker: str | None = None, cue: str | None = None) -> Quote:
    mentions = [None if one is None else at(text, one) for one in (speaker, cue)]
    return Quote((at(text, words),), "direct", mentions[0], None, mentions[1])


def told_run(folder: Path, answers, *, hybrids="", kinds=("entity", "date", "quote"), more=""):
    """A run on the gold files in ``folder / "gold"``.

    ``answers`` is by back end, then by article: a list of facts, or an error.
    """
    suite = f'[suite]\ngoldsets = ["gold"]\n{more}\n'
    for name, by_article in answers.items():
        lines = [
            json.dumps({"id": article, "error": told})
            if isinstance(told, str)
            else msgspec.json.encode({"id": article, "facts": told}).decode()
            for article, told in by_article.items()
        ]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
        claimed = json.dumps(list(kinds))
        suite += f'[[backend]]\nuse = "replay"\nname = "{name}"\n'
        suite += f'options = {{ path = "{name}.jsonl", kinds = {claimed} }}\n'
    (folder / "told.toml").write_text(suite + hybrids, encoding="utf-8")
    return api.run(folder / "told.toml", output=folder / "out", cache=False, force=True)
