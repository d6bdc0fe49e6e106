"""The verbs and phrases that attribute speech, with their forms.

They are listed in ``data/``: ``verbs.tsv`` (infinitive, conjugation, uses), ``irregular.tsv``,
``locutions.tsv`` (*faire savoir*, *pointer du doigt*), ``leads.tsv`` (*tient à* préciser) and ``sources.tsv``
(*selon*, *d'après*).

The uses of a verb:

``say``   takes a clause: *affirme que …*
``tell``  stands by speech in marks: *« … », lance-t-il*
``about`` has marked words for object: *fustige « … »*
``ask``   takes an infinitive: *demande de …*
``that``  takes a clause that holds marked words: *pense que … « … »*
``read``  has its source after *dans* or *sur*: *peut-on lire dans …*
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from fact_extractors import tables
from fact_extractors.speech.conjugation import FOLDER, Form, conjugate
from fact_extractors.words import lower


class Verb(NamedTuple):
    """A form of a reporting verb: its infinitive (with *se*), the form, the uses of the verb."""

    lemma: str
    form: Form
    uses: frozenset[str]
    reflexive: bool


def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``data/<name>.tsv``."""
    return tables.table(FOLDER / f"{name}.tsv")


def conjugated(lemma: str, conjugation: str, uses: str) -> Iterator[Verb]:
    """The forms of a verb that is given with its *se*; see :func:`.conjugation.conjugate`."""
    bare_lemma = lemma.removeprefix("se ").removeprefix("s'")
    for form in conjugate(bare_lemma, conjugation):
        yield Verb(lemma, form, frozenset(uses.split()), bare_lemma != lemma)


def patterns() -> dict[str, str]:
    """The conjugation of each verb that is listed, reporting ones before irregular ones."""
    irregular = {row["infinitive"]: "irr" for row in table("irregular")}
    return irregular | {row["infinitive"]: row["conjugation"] for row in table("verbs")}


def locutions() -> dict[str, list[tuple[str, Verb]]]:
    """Each form of the verb of a locution, with the words that follow it, in lower case."""
    known = patterns()
    found: dict[str, list[tuple[str, Verb]]] = {}
    for row in table("locutions"):
        for verb in conjugated(row["verb"], known.get(row["verb"], "er"), row["uses"]):
            found.setdefault(verb.form.text, []).append((lower(row["words"]), verb))
    return found


def _distinct(verbs: list[Verb]) -> tuple[Verb, ...]:
    """``verbs`` without those that a cue cannot tell apart: *il dit* is present and past."""
    return tuple({(v.lemma, v.form.mood, v.uses, v.reflexive): v for v in verbs}.values())


@cache
def forms() -> dict[str, tuple[Verb, ...]]:
    """Each form of a reporting verb, in lower case, with the verbs that it may be of."""
    found: dict[str, list[Verb]] = {}
    for row in table("verbs"):
        for verb in conjugated(row["infinitive"], row["conjugation"], row["uses"]):
            found.setdefault(verb.form.text, []).append(verb)
    return {text: _distinct(verbs) for text, verbs in found.items()}


def lookup(word: str) -> tuple[Verb, ...]:
    """The reporting verbs ``word`` is a form of; ``()`` when it is none."""
    return forms().get(lower(word), ())
