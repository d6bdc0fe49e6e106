"""Changes one fact line by what somebody typed for it: the whole line, or only the part that is wrong."""

from __future__ import annotations

import re
from datetime import date

from msgspec import structs

from factharness.errors import GoldError
from factharness.facts import DATE_TYPES
from factharness.gold.fact_line import read_anchor, read_fact, read_fields, split_fields
from factharness.gold.proposed import UNCONFIRMED
from factharness.gold.short_values import expand
from factharness.gold.tree import FactLine, kind_of_label
from factharness.labels import DATE_LABELS

_LABEL = re.compile(r"([A-Z][A-Z0-9_]*(?:\.[a-z]+)*)(\?)?")
_EMPTY = re.compile(r"([a-z]+):")


def retyped(line: FactLine, typed: str, published: date, words: str) -> FactLine:
    """The line that is meant, without the note ``unconfirmed``; ``words`` are those of the fact in the text.

    - ``ORG Renault | meto: LOC``: the whole line anew;
    - ``ORG``, ``PER?``: another label;
    - ``| by: elle = Claire Dumoulin | cue: dit``: these fields, the others stay; ``| cue:`` removes one;
    - anything else: other words, and for a date another value, whole or in short (``+1s``), resolved on the
      day of publication. Both may be followed by fields.

    Raises :class:`GoldError` for what cannot be read; whether it is right is for the checks.
    """
    first, *fields = split_fields(typed.strip(), "|")
    label, space, _ = first.partition(" ")
    named = _LABEL.fullmatch(label)
    if named and space:
        return confirmed(read_fact(typed.strip(), line.line))
    if first and line.kind == "date" and label.rstrip("?") not in DATE_LABELS:
        kind = next(name for name in DATE_TYPES if name == line.label)
        expanded = expand(first, published, type=kind, words=words)
        line = structs.replace(line, label=expanded.type, value=expanded.value)
    elif named:
        if kind_of_label(named[1]) != line.kind:
            raise GoldError(
                f"{named[1]} is a label of another kind of fact",
                remedy=f"write the whole line: {first} words",
            )
        line = structs.replace(line, label=named[1], ignore=bool(named[2]))
    elif first:
        line = structs.replace(line, anchor=read_anchor(first))
    return confirmed(_with_fields(line, fields))


def confirmed(line: FactLine) -> FactLine:
    """``line`` without the note that says that nobody has confirmed it."""
    if line.texts.get("note") != UNCONFIRMED:
        return line
    return structs.replace(
        line, texts={key: text for key, text in line.texts.items() if key != "note"}
    )


def _with_fields(line: FactLine, fields: list[str]) -> FactLine:
    """``line`` with these fields in place of those of the same key; ``key:`` alone removes one."""
    removed = {found[1] for field in fields if (found := _EMPTY.fullmatch(field))}
    kept = [field for field in fields if not _EMPTY.fullmatch(field)]
    value, texts, mentions = read_fields(kept, line.kind)
    return structs.replace(
        line,
        value=value or line.value,
        texts={k: v for k, v in (line.texts | texts).items() if k not in removed},
        mentions={k: v for k, v in (line.mentions | mentions).items() if k not in removed},
    )
