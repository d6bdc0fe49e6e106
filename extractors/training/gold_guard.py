"""No model is trained on what it will be judged by: texts of the gold sets are refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from corpus import Passage

GOLDSETS = Path(__file__).resolve().parents[2] / "goldsets"

_WHOLE = re.compile(r'^sha256\s*=\s*"(\w+)"', re.MULTILINE)
_PARAGRAPH = re.compile(r"^>~ (\d+) (\w{16})$|^> (.+)$", re.MULTILINE)
SHORTEST = 60
"""Characters of a paragraph that belongs to one article alone; any article may have a shorter one."""


class GoldDigests:
    """The digests of all texts and paragraphs of the gold sets in a folder, withheld ones included."""

    def __init__(self, goldsets: Path = GOLDSETS) -> None:
        self.whole: set[str] = set()
        self.paragraphs: set[str] = set()
        for file in goldsets.rglob("*.gold"):
            text = file.read_text(encoding="utf-8")
            self.whole |= set(_WHOLE.findall(text))
            for length, digest, words in _PARAGRAPH.findall(text):
                if words and len(words) >= SHORTEST:
                    self.paragraphs.add(_digest(words)[:16])
                elif length and int(length) >= SHORTEST:
                    self.paragraphs.add(digest)

    def holds(self, text: str) -> bool:
        """Whether a text, or one of its longer paragraphs, is in a gold set."""
        return _digest(text) in self.whole or any(
            _digest(part)[:16] in self.paragraphs
            for line in text.split("\n")
            if len(part := line.strip()) >= SHORTEST
        )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def refuse_gold(passages: Iterable[Passage], digests: GoldDigests | None = None) -> None:
    """Raise ``ValueError`` when a passage is one of a gold set."""
    digests = GoldDigests() if digests is None else digests
    for number, passage in enumerate(passages, 1):
        if digests.holds(passage.text):
            raise ValueError(
                f"passage {number} is in a gold set, which models are judged by: {passage.text[:60]!r};"
                " leave it out"
            )
