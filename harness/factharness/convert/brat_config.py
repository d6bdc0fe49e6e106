"""brat's configuration of a collection: the labels, relations and attributes that its pages offer, and colours.

brat reads ``annotation.conf`` and ``visual.conf`` from the folder of the texts, or from one above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from factharness.convert.model import CUE, LINKS, QUOTE, SPEAKER, MarkedText
from factharness.facts import DATE_TYPES, QUOTE_TYPES

COLOURS = {"PER": "#9fc0f5", "ORG": "#d5b4f4", "LOC": "#a3eaaf", "MISC": "#f3b6d8"}
DATE_COLOUR, QUOTE_COLOUR, OTHER_COLOUR = "#f0d98c", "#cfd8dd", "#e4e4e4"
ATTRIBUTES = ("ignore", "type")
"""The fields that have few values. All others are notes: brat knows an attribute only with listed values."""


def annotation_conf(documents: Sequence[MarkedText]) -> str:
    """``annotation.conf`` with the labels of the scheme and of ``documents``."""
    labels = _labels(documents)
    return "\n".join(
        [
            "[entities]",
            *labels,
            "",
            "[relations]",
            *(f"{name}\tArg1:{QUOTE}, Arg2:{target}" for name, target in LINKS.items()),
            "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>",
            "",
            "[events]",
            "",
            "[attributes]",
            f"Ignore\tArg:{'|'.join(label for label in labels if label not in (SPEAKER, CUE))}",
            f"Type\tArg:{QUOTE}, Value:{'|'.join(QUOTE_TYPES)}",
            "",
        ]
    )


def visual_conf(documents: Sequence[MarkedText]) -> str:
    """``visual.conf`` with a colour for each label."""
    return "\n".join(
        [
            "[labels]",
            *(f"{label} | {label}" for label in _labels(documents)),
            "",
            "[drawing]",
            "SPAN_DEFAULT\tfgColor:black, bgColor:lightgray, borderColor:darken",
            "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5",
            "ATTRIBUTE_DEFAULT\tglyph:*",
            *(f"{label}\tbgColor:{_colour(label)}" for label in _labels(documents)),
            "Ignore\tbox:crossed",
            f"Type\tglyph:{'|'.join(f'({kind[0]})' for kind in QUOTE_TYPES)}",
            "",
        ]
    )


def _labels(documents: Iterable[MarkedText]) -> list[str]:
    listed = list(documents)
    names = (label for document in listed for label in document.labels)
    seen = (region.label for document in listed for region in document.regions)
    return list(dict.fromkeys([*names, *DATE_TYPES, QUOTE, SPEAKER, CUE, *seen]))


def _colour(label: str) -> str:
    if label in DATE_TYPES:
        return DATE_COLOUR
    if label in (QUOTE, SPEAKER, CUE):
        return QUOTE_COLOUR
    return COLOURS.get(label.partition(".")[0], OTHER_COLOUR)
