"""The JSON records that a program or a service exchanges with the harness, and that stored predictions are in.

An article goes out, facts or an error come back, one JSON object each::

    {"id": "a", "text": "Claire Dumoulin est à Lyon.", "published": "2024-03-05", "lang": "fr", "meta": {}}
    {"id": "a", "facts": [{"kind": "entity", "span": [0, 15], "label": "PER"}]}
    {"id": "a", "error": "the model ran out of memory"}

Facts are those of :mod:`factharness.facts` as msgspec encodes them; offsets count code points of ``text``. The
same records are read by ``factharness score``.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from factharness.errors import ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Fact, places_of

SHOWN = 80
"""Characters of an unusable answer that its error message quotes."""


class Answer(Struct, frozen=True):
    """The answer for one article: ``facts`` or an ``error``, never both."""

    id: str
    facts: tuple[Fact, ...] | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        if (self.facts is None) == (self.error is None):
            raise ValueError("an answer has either facts or an error")


_answer = msgspec.json.Decoder(Answer)


class Unusable(ExtractionError):
    """An answer that cannot be used: it is no JSON, is for another article, or has facts that are none."""


def request(article: Article) -> bytes:
    """The record of an article, on one line. Raises ``ExtractionError`` for a text that is not Unicode."""
    try:
        return msgspec.json.encode(article)
    except UnicodeError as error:
        raise ExtractionError(f"the article cannot be sent: {error}") from error


def outcome(answer: bytes, article: Article) -> Outcome:
    """The facts, or the error, that an answer's bytes hold. Raises ``Unusable``."""
    try:
        said = _answer.decode(answer)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise Unusable(f"not an answer: {error}: {shown(answer)}") from error
    if said.id != article.id:
        raise Unusable(f"an answer for article {said.id[:SHOWN]!r} instead of {article.id!r}")
    return checked(said, article)


def checked(said: Answer, article: Article) -> Outcome:
    """The facts or the error of an answer.

    Raises ``Unusable`` when the answer is for another article, or a fact lies outside the text.
    """
    if said.facts is None:
        return ExtractionError(said.error or "no reason given")
    for fact in said.facts:
        if any(span.end > len(article.text) for span in places_of(fact)):
            raise Unusable(f"a fact outside the text of {len(article.text)} characters: {fact}")
    return said.facts


def shown(answer: bytes) -> str:
    """The beginning of an answer, for people."""
    text = answer[: 4 * SHOWN].decode("utf-8", "replace").strip()
    return repr(text[:SHOWN] + ("…" if len(text) > SHOWN else "")) if text else "it is empty"
