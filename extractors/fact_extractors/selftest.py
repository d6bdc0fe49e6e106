"""Tests whether a bundled model still finds the facts that it found when it was made.

Beside each model stands ``facts.json``: what it found in the ten sentences below. Another result means
that the files are damaged, or that the library reads them in another way than the version they were made with.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from factharness.errors import ExtractionError
from factharness.extractor import Extractor
from factharness.facts import Article, Fact, kind_of, label_of, spans_of

FILE = "facts.json"

SENTENCES = (
    "Le président Emmanuel Macron a reçu Angela Merkel à Paris le 12 mars 2017.",
    "La société Renault ouvrira une usine à Tanger en 2018.",
    "L’ONU et l’Union européenne ont condamné l’attaque menée près de Damas.",
    "Marie Dubois, maire de Lyon depuis 2014, ne se représentera pas.",
    "Le match entre Marseille et Bordeaux débutera à 21 h.",
    "Barack Obama quittera la Maison-Blanche le 20 janvier 2017.",
    "À Bruxelles, la Commission européenne a publié son rapport.",
    "Le groupe Airbus emploie 5 000 personnes à Toulouse.",
    "Un séisme a frappé le Japon le 16 avril 2016.",
    "Le Parti socialiste a perdu Strasbourg et Nantes.",
)


def found(extractor: Extractor) -> list[list[str]]:
    """Per sentence, the facts as ``label start:end words``. Raises ``ExtractionError``."""
    articles = [
        Article(str(number), text, date(2017, 3, 15)) for number, text in enumerate(SENTENCES)
    ]
    said = []
    for article, outcome in zip(articles, extractor.extract(articles), strict=True):
        if isinstance(outcome, ExtractionError):
            raise outcome
        said.append([_shown(fact, article.text) for fact in outcome if kind_of(fact) != "quote"])
    return said


def problem(extractor: Extractor, folder: Path) -> str | None:
    """What is wrong with the model in ``folder``, which ``extractor`` has loaded; None when nothing is."""
    try:
        expected = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return f"{folder / FILE} cannot be read: {error}"
    try:
        now = found(extractor)
    except ExtractionError as error:
        return f"it fails: {error}"
    for text, before, after in zip(SENTENCES, expected, now, strict=True):
        if before != after:
            return f"in {text!r} it finds {after}, and {before} when it was made"
    return None


def seal(extractor: Extractor, folder: Path) -> None:
    """Write down what a new model finds."""
    text = json.dumps(found(extractor), ensure_ascii=False, indent=1)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def _shown(fact: Fact, text: str) -> str:
    (span,) = spans_of(fact)
    return f"{label_of(fact)} {span.start}:{span.end} {span.of(text)}"
