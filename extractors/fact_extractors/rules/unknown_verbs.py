"""A verb that no list has, in an incise right behind quotation marks: *« … », ronchonne-t-elle*.

The place tells more than a list could: after marked speech and a comma, a word with the ending of a verb and a
subject behind it says who spoke.
"""

from __future__ import annotations

import re
from functools import cache

from fact_extractors.rules import asides, speakers
from fact_extractors.rules.data import document
from fact_extractors.rules.verbs import CLITIC, HAVING, PRONOUN, Cue

_REACH = 160
"""Characters behind the marks that an incise is looked for in."""


@cache
def _incise() -> re.Pattern[str]:
    no_verb = "|".join(document("phrases")["no_verb"])
    inverted = PRONOUN.replace("pronoun", "inverted")
    ending = r"(?:e|ent|[iu]t|[^mn]nt|[^e]nd|a|ait|aient|èrent)"
    infinitive = r"(?: (?:mine |semblant )?(?:d'|de |à |par )?(?:s')?\w+(?:er|ir|re)(?= ))?"
    group = (
        rf"(?P<cue>{CLITIC}{{0,2}}(?:"
        rf"{HAVING}(?:{PRONOUN})?(?: {asides.pattern()})? \w+(?:é|i|u|is|it|int|ert)"
        rf"|(?!(?:{no_verb})(?!\w))\w{{2,}}{ending}(?:{inverted})?{infinitive}"
        r"))(?![\w'-])"
    )
    return re.compile(rf"\s*(?:,|(?<=[,!?…]) ?[»”\"]|–|—)?\s*{group}")


def behind(text: str, folded: str, at: int, end: int) -> Cue | None:
    """The cue of an incise that follows marks which close at ``at``, where its verb is in no list."""
    if not _set_off(folded, at):
        return None
    found = _incise().match(folded, at, min(end, at + _REACH))
    if found is None or not text[found.start("cue")].islower():
        return None
    start, stop = found.span("cue")
    name = "inverted" if found["inverted"] else "pronoun"
    pronoun = found.span(name) if found[name] else None
    plural = found["cue"].split(" ")[0].endswith(("nt", "ont"))
    if pronoun is None and not _has_subject(text, folded, stop, end, plural=plural):
        return None
    return Cue(start, stop, found["cue"], "finite", frozenset(("tell",)), pronoun, plural)


def _set_off(folded: str, at: int) -> bool:
    """Whether a comma, or the stop of a question, stands beside the closing mark."""
    inside = folded[max(0, at - 3) : at - 1].rstrip("\x00 ")
    return folded[at : at + 2].lstrip(" ")[:1] in (",", "–", "—") or inside[-1:] in (
        ",",
        "!",
        "?",
        "…",
    )


def _has_subject(text: str, folded: str, start: int, end: int, *, plural: bool) -> bool:
    """Whether a name or a noun phrase with its article follows, and no superlative (*film le plus cher*)."""
    subject = speakers.after_verb(text, folded, start, end, plural=plural)
    if subject is None or subject[0] - start > 60:
        return False
    return not re.compile(r"l(?:e|a|es) (?:plus|moins|mieux)\b").match(folded, subject[0])
