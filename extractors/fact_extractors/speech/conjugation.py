"""The third-person forms of French verbs, from the infinitive and a conjugation of ``verbs.tsv``.

Only what news copy uses of reporting verbs: present, imperfect, past, future, conditional, participles,
infinitive.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from fact_extractors.tables import table

FOLDER = Path(__file__).parent / "data"

Mood = Literal["finite", "participle", "gerund", "infinitive"]
Tense = Literal["present", "past", "future", ""]


class Form(NamedTuple):
    """One form of a verb: ``affirmait`` is finite, past; ``affirmé`` a participle, past."""

    text: str
    mood: Mood
    tense: Tense
    plural: bool


@cache
def _irregular() -> dict[str, dict[str, str]]:
    return {row["infinitive"]: row for row in table(FOLDER / "irregular.tsv")}


def _forms(
    *, infinitive: str, is_: str, are: str, was: str, past: str, pasts: str, will: str, done: str
) -> Iterator[Form]:
    yield Form(infinitive, "infinitive", "", False)
    yield Form(is_, "finite", "present", False)
    yield Form(are, "finite", "present", True)
    yield Form(past, "finite", "past", False)
    yield Form(pasts, "finite", "past", True)
    for ending, tense in (("a", "future"), ("ont", "future"), ("ait", "future")):
        yield Form(will + ending, "finite", tense, ending == "ont")  # type: ignore[arg-type]
    yield Form(will + "aient", "finite", "future", True)
    softened = was + "e" if was.endswith("g") else was[:-1] + "ç" if was.endswith("c") else was
    yield Form(softened + "ait", "finite", "past", False)
    yield Form(softened + "aient", "finite", "past", True)
    yield Form(softened + "ant", "gerund", "", False)
    base = done.removesuffix("s") if done.endswith(("is", "us")) else done
    yield Form(done, "participle", "past", False)
    for ending in ("e", "s", "es"):
        yield Form(base + ending, "participle", "past", ending != "e")


def conjugate(infinitive: str, conjugation: str) -> Iterator[Form]:
    """The forms of a verb without its reflexive pronoun.

    ``conjugation`` is ``er``, ``er:STEM``, ``ir`` or ``irr``. Raises ``KeyError`` for an irregular verb
    without a row in ``irregular.tsv``.
    """
    if conjugation == "irr":
        row = _irregular()[infinitive]
        for form in _forms(
            infinitive=infinitive,
            is_=row["is"],
            are=row["are"],
            was=row["was"],
            past=row["past"],
            pasts=row["pasts"],
            will=row["will"],
            done=row["participle"],
        ):
            yield form
            if "aî" in form.text:  # without the circumflex that the spelling of 1990 drops
                yield form._replace(text=form.text.replace("aî", "ai"))
        return
    stem = infinitive[:-2]
    if conjugation == "ir":
        yield from _forms(
            infinitive=infinitive,
            is_=stem + "it",
            are=stem + "issent",
            was=stem + "iss",
            past=stem + "it",
            pasts=stem + "irent",
            will=infinitive,
            done=stem + "i",
        )
        return
    strong = conjugation.partition(":")[2] or stem
    if stem.endswith("ay") and strong != stem:  # balaie and balaye, both in use
        yield from conjugate(infinitive, "er")
    softened = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
    yield from _forms(
        infinitive=infinitive,
        is_=strong + "e",
        are=strong + "ent",
        was=stem,
        past=softened + "a",
        pasts=stem + "èrent",
        will=strong + "er" if strong[-2:] in ("ll", "tt") or "è" in strong else infinitive,
        done=stem + "é",
    )
    if "è" in strong:  # répétera and répètera, both in use
        for ending, plural in (("a", False), ("ont", True), ("ait", False), ("aient", True)):
            yield Form(infinitive + ending, "finite", "future", plural)
