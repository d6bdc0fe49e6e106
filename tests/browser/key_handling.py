"""An article as the page opens it, and its key handling on a blank page: keys in, facts in words out."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from factharness.facts import Article
from factharness.label import page
from factharness.label.aids import aids
from factharness.labels import ENTITY_LABELS
from factharness.text import normalise, paragraphs

DRIVER = r"""
// Names of keys as they are written in the tests: "n", "F", "Shift+Tab", "1"; "&1" is the key of 1 on AZERTY.
const AZERTY = { 0: "à", 1: "&", 2: "é", 3: '"', 4: "'", 5: "(", 6: "-", 7: "è", 8: "_", 9: "ç" };
function keyNamed(name) {
  const shifted = name.startsWith("Shift+");
  const key = shifted ? name.slice(6) : name;
  const azerty = /^&[0-9]$/.test(key);
  const digit = azerty ? key[1] : /^[0-9]$/.test(key) ? key : null;
  return {
    key: azerty ? AZERTY[digit] : key, code: digit === null ? "" : `Digit${digit}`,
    shift: shifted || (key.length === 1 && key !== key.toLowerCase()), ctrl: false, alt: false, meta: false,
  };
}

function pressed(state, keys, env) {
  const done = { state, operations: [], effects: [] };
  for (const name of keys) {
    const made = press(done.state, keyNamed(name), env);
    done.state = made.state;
    done.operations.push(...made.operations);
    done.effects.push(...made.effects);
  }
  return done;
}

// What a person would call the fact.
function inWords(doc, fact) {
  const at = (span) => surface(doc, span);
  const doubt = fact.ignore ? "?" : "";
  const parts = [fact.kind === "quote" ? `QUOTE${doubt} ${fact.label}`.trim() : fact.label + doubt];
  parts.push(fact.spans.map(at).join(" <+> "));
  if (fact.value !== null) parts.push(`| ${fact.value}`);
  if (fact.speaker !== null) parts.push(`| by: ${at(fact.speaker)}`);
  if (fact.name !== null) parts.push(`= ${fact.name}`);
  if (fact.cue !== null) parts.push(`| cue: ${at(fact.cue)}`);
  for (const [name, value] of Object.entries(fact.attributes)) parts.push(`| ${name}: ${value}`);
  return parts.join(" ");
}

const ENV = { value: (typed) => (/^[0-9X]/.test(typed) ? { value: typed, type: "DATE" } : null) };
"""


def opened(text: str, labels: tuple[str, ...] = ENTITY_LABELS, **more: Any) -> dict[str, Any]:
    """The article that the page opens for a text; ``more`` are further fields of it."""
    text = normalise(text)
    found = aids(Article("a", text, date(2024, 3, 5)), labels)
    article = {
        "id": "a",
        "text": text,
        "paragraphs": [[start, start + len(words)] for start, words in paragraphs(text)],
        "facts": [],
        "visited": [],
        "mode": "blind",
        "backends": ["rules"],
        "scheme": {"name": "s", "labels": [{"name": label, "says": ""} for label in labels]},
        "differences": [],
        "aids": msgspec.json.decode(msgspec.json.encode(found)),
    }
    return article | more


def fact(text: str, label: str, words: str, **more: Any) -> dict[str, Any]:
    """A fact of the page whose words stand first in the text where they stand."""
    start = text.index(words)
    kind = {"DATE": "date", "direct": "quote"}.get(label, "entity")
    plain = {"ignore": False, "value": None, "speaker": None, "name": None, "cue": None}
    spans = [[start, start + len(words)]]
    return {"kind": kind, "label": label, "spans": spans, **plain, "attributes": {}} | more


def blank_page(chromium: Any) -> Any:
    """A blank page that knows the key handling and the driver above."""
    context = chromium.new_context()
    sheet = context.new_page()
    sheet.add_script_tag(content=page.key_script() + DRIVER)
    return sheet
