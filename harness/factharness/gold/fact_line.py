"""Reads one fact line of a gold file: label, id, the words of the fact, fields.

A line that cannot be read is a :class:`GoldError` without a place: the caller knows the file.
"""

from __future__ import annotations

import re

from factharness.errors import GoldError, unknown
from factharness.facts import QUOTE_TYPES, Kind
from factharness.gold.tree import (
    QUOTE,
    Anchor,
    Elided,
    FactLine,
    Fragment,
    Mention,
    Offsets,
    Words,
    kind_of_label,
)
from factharness.labels import DATE_LABELS

TEXT_KEYS = {
    "entity": ("meto", "note"),
    "date": ("mod", "quant", "freq", "note"),
    "quote": ("note",),
}
MENTION_KEYS = ("by", "cue", "to")
_KEYS = {kind: keys + (MENTION_KEYS if kind == "quote" else ()) for kind, keys in TEXT_KEYS.items()}

_ID = re.compile(r"@([A-Za-z0-9_-]{1,40})(?=[ \t]|$)")
_HEAD = re.compile(rf"([A-Z][A-Z0-9_]*(?:\.[a-z]+)*)(\?)?(?=[ \t]|$)[ \t]*(?:{_ID.pattern}[ \t]*)?")
"""The label, its ``?``, and an id."""
_WORDS = r"[^<|\\ \t\n][^<|\\\n]*+"
"""Words without marks and escapes, with the blanks behind them."""
_NAMED = r"[^<|=\\ \t\n][^<|=\\\n]*+"
"""The same without an equals sign."""
_TEXT_KEY = "|".join(sorted({key for keys in TEXT_KEYS.values() for key in keys}))
_PLAIN_LINES = re.compile(
    rf"^(?:[ \t]++([A-Z][A-Z0-9_]*+(?:\.[a-z]++)*)(\?)?[ \t]++((?!@){_WORDS})"
    r"(?:\|[ \t]*+([0-9A-Z][^<|\\\n]*+))?([<|][^\\\n]*+)?$|.*)",
    re.MULTILINE,
).findall
"""Of each line the label, ``?``, words, value, and what is left, if it is a fact without id and escapes; of
another line only empty strings."""
_PLAIN_REST = re.compile(
    rf"(?:<(?:#([0-9]{{1,6}})>[ \t]*+|\.\.\.>[ \t]*+({_WORDS})))?"
    rf"(?:\|[ \t]*+({'|'.join(QUOTE_TYPES)}|[0-9A-Z][^<|\\]*+)[ \t]*+)?"
    rf"(?:\|[ \t]*+({_TEXT_KEY}):[ \t]++({_WORDS}))?"
    rf"(?:\|[ \t]*+by:[ \t]++((?![-@]){_NAMED})(?:=[ \t]*+({_NAMED}))?)?"
    rf"(?:\|[ \t]*+cue:[ \t]++((?![-@]){_NAMED}))?"
).fullmatch
"""The number in ``<#n>``, the words behind ``<...>``, a value, key and text of a field, speaker, name of the
speaker, and cue: what follows the words of most facts, as far as it is there."""
_KEY = re.compile(r"([a-z]+):(?:[ \t]+|$)")
_MARK = re.compile(r"<(?:(\+)|(\.\.\.)|#([0-9]{1,6})|([0-9]{1,9}):([0-9]{1,9}))>")
_NTH = re.compile(r"#([0-9]{1,6})>[ \t]*").fullmatch
_SPECIAL = re.compile(r"<|\\.?", re.DOTALL)
"""The start of a mark, or a character behind a backslash, which starts none."""
_ESCAPED = re.compile(r"\\([\\<|=@-])")


def plain_facts(source: str) -> list[FactLine | None]:
    """For each line of ``source`` its fact, where it is an indented line of the commonest forms: words in one
    stretch, a value, one field of text, speaker and cue, in this order. None for all other lines.

    What it gives is what :func:`read_fact` gives, in a fraction of the time.
    """
    found: list[FactLine | None] = []
    for number, (label, doubtful, words, value, rest) in enumerate(_PLAIN_LINES(source), 1):
        fact = None
        if rest or label == QUOTE:
            fact = _plain_rest(number, label, doubtful, words, value, rest)
        elif label and (not value or label in DATE_LABELS):
            anchor = Anchor((Words(words.rstrip(" \t")),))
            value = value.rstrip(" \t") or None
            fact = FactLine(number, label, anchor, doubtful != "", None, value)
        found.append(fact)
    return found


def _plain_rest(
    number: int, label: str, doubtful: str, words: str, value: str | None, rest: str
) -> FactLine | None:
    """The fact of a line with more than a value; None when it has a part that facts of its kind do not have."""
    found = _PLAIN_REST(rest)
    if found is None:
        return None
    nth, tail, second, key, text, speaker, name, cue = found.groups()
    kind = kind_of_label(label)
    if (value and (nth or tail or second)) or (key and key not in TEXT_KEYS[kind]):
        return None
    value = (value or second or "").rstrip(" \t") or None
    mentions = {}
    if kind == "quote":
        if value and value not in QUOTE_TYPES:
            return None
        if speaker:
            name = name and name.rstrip(" \t")
            mentions["by"] = Mention(Words(speaker.rstrip(" \t")), None, name)
        if cue:
            mentions["cue"] = Mention(Words(cue.rstrip(" \t")))
    elif speaker or cue or (value and kind == "entity"):
        return None
    words = words.rstrip(" \t")
    fragment = (
        Elided(words, tail.rstrip(" \t")) if tail else Words(words, int(nth) if nth else None)
    )
    texts = {key: text.rstrip(" \t")} if key else {}
    return FactLine(
        number, label, Anchor((fragment,)), doubtful != "", None, value, texts, mentions
    )


def read_fact(line: str, number: int) -> FactLine:
    """One fact line, stripped of its indentation."""
    head = _HEAD.match(line)
    if not head:
        raise GoldError(
            f"not a fact: {line[:40]!r}",
            remedy="a fact line is LABEL words, such as PER Claire Dumoulin; text starts with '> '",
        )
    label, doubtful, name = head.groups()
    first, *fields = split_fields(line[head.end() :], "|")
    if not first:
        raise GoldError(
            f"{label} has no words",
            remedy="write the words after the label (words that start with @ as \\@)",
        )
    kind = kind_of_label(label)
    anchor = read_anchor(first)
    if anchor.continues and (kind != "quote" or not name):
        raise GoldError("<+> at the start continues no quote", remedy="write QUOTE @id <+> words")
    if len(anchor.fragments) > 1 and kind != "quote":
        raise GoldError(f"{label} has several fragments", remedy="only a QUOTE may have <+>")
    return FactLine(number, label, anchor, bool(doubtful), name, *read_fields(fields, kind))


def read_fields(
    fields: list[str], kind: Kind
) -> tuple[str | None, dict[str, str], dict[str, Mention]]:
    """The value and the keyed fields after the first ``|``."""
    value: str | None = None
    texts: dict[str, str] = {}
    mentions: dict[str, Mention] = {}
    known = _KEYS[kind]
    for text in fields:
        keyed = _KEY.match(text)
        if keyed is None:
            if not text:
                raise GoldError("an empty field after |", remedy="remove the |")
            if value is not None:
                raise GoldError(f"a second value: {text!r}", remedy="keep one, or write key: text")
            value = _value(_plain(text), kind)
            continue
        key, content = keyed[1], text[keyed.end() :]
        if key not in known:
            message, remedy = unknown(f"field of {kind}", key, known)
            raise GoldError(message, remedy=remedy)
        if key in texts or key in mentions:
            raise GoldError(f"{key}: stands twice", remedy="keep one of them")
        if not content:
            raise GoldError(f"{key}: is empty", remedy="write something after it, or remove it")
        if key in MENTION_KEYS:
            mentions[key] = _mention(content, key)
        else:
            texts[key] = _plain(content)
    return value, texts, mentions


def _value(text: str, kind: Kind) -> str:
    if kind == "entity":
        raise GoldError(
            f"an entity has no value: {text!r}", remedy="write key: text, such as meto: ORG"
        )
    if kind == "quote" and text not in QUOTE_TYPES:
        message, remedy = unknown("type of quote", text, QUOTE_TYPES)
        raise GoldError(message, remedy=remedy)
    return text


def _mention(text: str, key: str) -> Mention:
    where, *names = split_fields(text, "=")
    if len(names) > 1:
        raise GoldError(f"{key}: has two names", remedy="write \\= for an equals sign")
    if names and not names[0]:
        raise GoldError(f"{key}: has no name after =", remedy="write the name, or remove the =")
    name = _plain(names[0]) if names else None
    if key == "cue" and (name or where.startswith("@")):
        raise GoldError("a cue is words of the paragraph", remedy="write cue: a-t-il dit")
    if where == "-":
        return Mention(name=name)
    if where.startswith("@"):
        ref = _ID.fullmatch(where)
        if ref:
            return Mention(ref=ref[1], name=name)
        raise GoldError(f"{key}: {where!r} is not an id", remedy="write @id, or \\@ for an @ sign")
    anchor = read_anchor(where)
    if anchor.continues or len(anchor.fragments) > 1:
        raise GoldError(f"{key}: is not one stretch", remedy="quote one stretch without <+>")
    return Mention(anchor.fragments[0], name=name)


def read_anchor(text: str) -> Anchor:
    """``[<+>] words {<+> words}``, each ``words``, ``words <#n>``, ``words <...> words`` or ``<s:e>``."""
    if "\\" not in text:
        several = text.split("<+>")
        fragments = tuple(each for part in several if (each := _plain_fragment(part)))
        if len(fragments) == len(several):
            return Anchor(fragments)
    parts: list[list[str | re.Match[str]]] = [[]]
    continues, plain, position = False, "", 0
    for special in _SPECIAL.finditer(text):
        plain += text[position : special.start()]
        position = special.end()
        if special[0] != "<":
            plain += special[0]
            continue
        mark = _MARK.match(text, special.start())
        if mark is None:
            raise GoldError("a < that is no sign of the format", remedy="write \\<")
        if plain.strip(" \t"):
            parts[-1].append(_plain(plain.strip(" \t")))
        plain, position = "", mark.end()
        if not mark[1]:
            parts[-1].append(mark)
        elif parts[-1]:
            parts.append([])
        elif len(parts) == 1 and not continues:
            continues = True
        else:
            raise GoldError("two <+> with no words between", remedy="remove one")
    plain += text[position:]
    if plain.strip(" \t"):
        parts[-1].append(_plain(plain.strip(" \t")))
    return Anchor(tuple(_fragment(part) for part in parts), continues)


def _plain_fragment(text: str) -> Fragment | None:
    """``words``, ``words <#n>`` or ``words <...> words``, in a text without escapes; None for other texts."""
    before, mark, rest = text.partition("<")
    words = before.strip(" \t")
    if not words or not mark:
        return Words(words) if words else None
    if rest.startswith("...>"):
        tail = rest[4:].strip(" \t")
        return Elided(words, tail) if tail and "<" not in tail else None
    found = _NTH(rest)
    return Words(words, int(found[1])) if found else None


def _fragment(parts: list[str | re.Match[str]]) -> Fragment:
    match parts:
        case [str(words)]:
            return Words(words)
        case [str(words), re.Match() as mark] if mark[3]:
            return Words(words, int(mark[3]))
        case [str(head), re.Match() as mark, str(tail)] if mark[2]:
            return Elided(head, tail)
        case [re.Match() as mark] if mark[4]:
            if int(mark[4]) >= int(mark[5]):
                raise GoldError(f"{mark[0]} is empty", remedy="the end lies after the start")
            return Offsets(int(mark[4]), int(mark[5]))
        case []:
            raise GoldError("no words after <+>", remedy="write words, or remove <+>")
    raise GoldError(
        "not an anchor",
        remedy="write words, words <#2>, first words <...> last words, or <start:end>",
    )


def split_fields(text: str, mark: str) -> list[str]:
    """``text`` at each ``mark`` that is not escaped, each part trimmed, escapes kept."""
    if "\\" not in text:
        if mark not in text:
            return [text.strip(" \t")]
        return [part.strip(" \t") for part in text.split(mark)]
    parts, current, position = [], "", 0
    while position < len(text):
        step = 2 if text[position] == "\\" else 1
        if text[position] == mark:
            parts.append(current.strip(" \t"))
            current = ""
        else:
            current += text[position : position + step]
        position += step
    return [*parts, current.strip(" \t")]


def _plain(text: str) -> str:
    """``text`` with its escapes undone."""
    position = text.find("\\")
    if position == -1:
        return text
    while position != -1:
        if not _ESCAPED.match(text, position):
            raise GoldError(
                f"unknown escape {text[position : position + 2]!r}",
                remedy="escapes are \\\\ \\< \\| \\= \\@ \\-",
            )
        position = text.find("\\", position + 2)
    return _ESCAPED.sub(r"\1", text)
