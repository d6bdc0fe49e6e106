"""Label Studio's labelling configuration: a control for everything that the tasks of an export say.

What has no control in the project is lost with the first click on *Update*. A project needs the configuration
before the tasks are imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import quoteattr

from factharness.convert.model import CONTINUES, CUE, LINKS, QUOTE, SPEAKER, MarkedText
from factharness.facts import DATE_TYPES, QUOTE_TYPES
from factharness.gold.fact_line import TEXT_KEYS

CHOICES = ("ignore", "type")
"""The fields with few values, which are chosen; all others are written into a text area."""
TEXT = "text"
LABEL = "label"


def configuration(documents: Sequence[MarkedText]) -> str:
    """The configuration in XML: the labels and fields of the scheme, and those of ``documents``."""
    regions = [region for document in documents for region in document.regions]
    names = (label for document in documents for label in document.labels)
    labels = _once(
        [*names, *DATE_TYPES, QUOTE, SPEAKER, CUE, *(region.label for region in regions)]
    )
    dates: list[str] = [label for label in labels if label in DATE_TYPES]
    parts = (QUOTE, SPEAKER, CUE)
    labels_of: dict[str, list[str]] = {
        "entity": [label for label in labels if label not in (*dates, *parts)],
        "date": dates,
        "quote": [QUOTE],
    }
    areas: dict[str, list[str]] = {"value": dates, "speaker_name": [QUOTE]}
    for kind, keys in TEXT_KEYS.items():
        for key in keys:
            areas[key] = [*areas.get(key, ()), *labels_of[kind]]
    for key in (key for region in regions for key in region.fields if key not in CHOICES):
        areas.setdefault(key, [label for label in labels if label not in LINKS.values()])
    lines = [
        "<View>",
        "  <Relations>",
        *(f"    <Relation {_attributes(value=name)}/>" for name in (*LINKS, CONTINUES)),
        "  </Relations>",
        f"  <Labels {_attributes(name=LABEL, toName=TEXT)}>",
        *(f"    <Label {_attributes(value=label)}/>" for label in labels),
        "  </Labels>",
        f"  <Text {_attributes(name=TEXT, value='$text', granularity='symbol')}/>",
        *_choices("ignore", "Does not count", ("yes",), [*labels_of["entity"], *dates, QUOTE]),
        *_choices("type", "Type of the quote", QUOTE_TYPES, [QUOTE]),
        *(_area(key, of) for key, of in areas.items()),
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def _choices(name: str, title: str, values: Iterable[str], labels: Sequence[str]) -> list[str]:
    return [
        f"  <View {_attributes(**_shown(labels))}>",
        f"    <Header {_attributes(value=title, size='5')}/>",
        f"    <Choices {_attributes(name=name, toName=TEXT, perRegion='true', **_shown(labels))}>",
        *(f"      <Choice {_attributes(value=value)}/>" for value in values),
        "    </Choices>",
        "  </View>",
    ]


def _area(name: str, labels: Sequence[str]) -> str:
    more = {"perRegion": "true", "placeholder": name, "maxSubmissions": "1", "editable": "true"}
    return f"  <TextArea {_attributes(name=name, toName=TEXT, **_shown(labels), **more)}/>"


def _shown(labels: Sequence[str]) -> dict[str, str]:
    """When a control is shown: while a region with one of these labels is selected."""
    return {
        "visibleWhen": "region-selected",
        "whenTagName": LABEL,
        "whenLabelValue": ",".join(labels),
    }


def _attributes(**values: str) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
