"""The examples of each label, which the page shows at a key: ``examples.toml``, written with the guidelines."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct

from factharness.facts import Span

_MARKED = re.compile(r"\[([^\]]*)\]")


class LabelExample(Struct, frozen=True):
    """Words with what is labelled in them; ``value`` is that of a date, or who speaks; ``says`` explains."""

    text: str
    marked: tuple[Span, ...]
    value: str | None = None
    says: str | None = None


class Examples(Struct, frozen=True):
    """What a label means, and examples of it."""

    label: str
    says: str
    examples: tuple[LabelExample, ...]


@cache
def examples() -> dict[str, Examples]:
    """All examples, by label."""
    source = Path(__file__).with_name("examples.toml").read_text(encoding="utf-8")
    return {
        label: Examples(label, table["says"], tuple(map(example, table["examples"])))
        for label, table in tomllib.loads(source).items()
    }


def example(table: dict[str, str]) -> LabelExample:
    """An example as typed, with ``[ ]`` around what is labelled."""
    text, marked = "", []
    end = 0
    for found in _MARKED.finditer(table["text"]):
        text += table["text"][end : found.start()]
        marked.append(Span(len(text), len(text) + len(found[1])))
        text += found[1]
        end = found.end()
    return LabelExample(
        text + table["text"][end:], tuple(marked), table.get("value"), table.get("says")
    )
