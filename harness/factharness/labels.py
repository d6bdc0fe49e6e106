"""Label sets of other tools and corpora, and their way into the gold's.

A map takes a back end's label to one of the gold scheme's: PER ORG LOC MISC for entities, and DATE TIME
DURATION SET for the spans that are dates. What a map does not name is *unmapped*: counted and listed by
the scorer, never dropped silently. ``DROPPED`` marks labels that were looked at and have no place in the
gold (money, percentages): they are left out on purpose.

Sources: the WikiNER set as spaCy's and Stanza's French pipelines use it; OntoNotes 5 (LDC2013T19); CoNLL-2003
(Tjong Kim Sang & De Meulder 2003); Quaero (Rosset et al. 2011); HIPE (Ehrmann et al. 2020); WiNER-fr
(Dupont 2019).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

SCHEME = "fr-news-1"
ENTITY_LABELS = ("PER", "ORG", "LOC", "MISC")
DATE_LABELS = ("DATE", "TIME", "DURATION", "SET")
DROPPED = ""

_IDENTITY = {label: label for label in (*ENTITY_LABELS, *DATE_LABELS)}

MAPS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        SCHEME: _IDENTITY,
        "wikiner": {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"},
        "winer": {
            "Person": "PER",
            "Organization": "ORG",
            "Location": "LOC",
            "Event": "MISC",
            "Product": "MISC",
            "Date": "DATE",
            "Hour": "TIME",
        },
        "conll": {"PER": "PER", "ORG": "ORG", "LOC": "LOC", "MISC": "MISC"},
        "ontonotes": {
            "PERSON": "PER",
            "ORG": "ORG",
            "GPE": "LOC",
            "LOC": "LOC",
            "FAC": "LOC",
            "EVENT": "MISC",
            "WORK_OF_ART": "MISC",
            "PRODUCT": "MISC",
            "LAW": "MISC",
            "DATE": "DATE",
            "TIME": "TIME",
            "NORP": DROPPED,
            "LANGUAGE": DROPPED,
            "MONEY": DROPPED,
            "PERCENT": DROPPED,
            "QUANTITY": DROPPED,
            "ORDINAL": DROPPED,
            "CARDINAL": DROPPED,
        },
        "quaero": {
            "pers": "PER",
            "org": "ORG",
            "loc": "LOC",
            "prod": "MISC",
            "event": "MISC",
            "time.date": "DATE",
            "time.hour": "TIME",
            "func": DROPPED,
            "amount": DROPPED,
        },
        "hipe": {
            "pers": "PER",
            "org": "ORG",
            "loc": "LOC",
            "prod": "MISC",
            "time": "DATE",
        },
    }
)


def mapped(label: str, table: Mapping[str, str]) -> str | None:
    """The gold label of ``label``; ``DROPPED`` when left out on purpose; None when unmapped.

    Hierarchical labels fall back on their prefixes: ``loc.adm.town`` is looked up as ``loc.adm.town``,
    ``loc.adm`` and ``loc``.
    """
    while True:
        if label in table:
            return table[label]
        head, dot, _ = label.rpartition(".")
        if not dot:
            return None
        label = head


def recognise(labels: Iterable[str]) -> str:
    """The name of the first map that covers every one of ``labels``, else the one that covers most."""
    wanted = set(labels)
    order = ("wikiner", SCHEME, "winer", "ontonotes", "quaero", "hipe")

    def covered(name: str) -> int:
        return sum(mapped(label, MAPS[name]) is not None for label in wanted)

    return max(order, key=covered)
