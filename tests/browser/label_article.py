"""An article of about 250 words, and the keys with which a person labels it by the guidelines."""

from pathlib import Path

FORM = {"id": "piscine", "published": "2024-03-06", "licence": "CC0-1.0"}
"""What is typed into the form of a new article."""

KEYS_OF_FORM = sum(1 + len(value) for value in FORM.values()) + 1
"""Tab and letters of each field, and Enter."""

LABELLING = """\
l l g d d l p d q d o d l y o p q p o q n q d q d d o Backspace l o d l d p q m Backspace l d
d d d d d d q d Shift+F p ArrowLeft ArrowLeft o q p l Shift+Enter
"""

_HERE = Path(__file__).parent

TEXT = (_HERE / "piscine.txt").read_text(encoding="utf-8")

GOLD = (_HERE / "piscine.gold").read_text(encoding="utf-8")
"""The gold file that the keys make, read and found right."""
