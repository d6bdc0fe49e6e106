"""The JSON between the page and the server, as types; places are code points of the article's text."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from factharness.errors import HarnessError
from factharness.facts import DateType, Span
from factharness.label.operations import Conflict, LabelledFact, Operation


class Refused(HarnessError):
    """A request that is not done: its HTTP status, what is wrong and what to do."""

    def __init__(self, status: int, message: str, remedy: str, *, line: int | None = None) -> None:
        self.status = status
        super().__init__(message, line=line, remedy=remedy)


class Save(Struct, frozen=True, forbid_unknown_fields=True):
    """A batch: the hash of the file that the page shows, the page's tab, the number of the batch there."""

    hash: str
    tab: str
    number: int
    operations: tuple[Operation, ...]


class GoldLine(Struct, frozen=True):
    """A line of the gold file under a paragraph; ``fact`` is the index of its fact, None for a comment."""

    fact: int | None
    line: int
    text: str
    reading: str | None = None
    spans: tuple[Span, ...] = ()


class ProblemShown(Struct, frozen=True):
    """A problem of the file, with the paragraph and the places of the fact it is about, where it is one."""

    line: int
    level: Literal["error", "warning"]
    rule: str
    message: str
    remedy: str
    paragraph: int | None = None
    spans: tuple[Span, ...] = ()


class DifferenceShown(Struct, frozen=True):
    """In what two labellings differ: the fact of each, and the names of the fields; ``open`` until decided."""

    number: int
    a: LabelledFact | None
    b: LabelledFact | None
    differs: tuple[str, ...]
    open: bool


class SchemeWord(Struct, frozen=True):
    """A label and what it means."""

    name: str
    says: str


class SchemeShown(Struct, frozen=True):
    """The scheme of an article: its name and its labels of entities."""

    name: str
    labels: tuple[SchemeWord, ...]


class Opened(Struct, frozen=True):
    """An article for the page. ``restored`` are the batches that a killed server had not written any more."""

    id: str
    path: str
    title: str
    published: str
    text: str
    paragraphs: list[Span]
    facts: tuple[LabelledFact, ...]
    hash: str
    visited: list[int]
    status: str
    mode: Literal["blind", "prelabel", "adjudicate"]
    backends: tuple[str, ...]
    scheme: SchemeShown
    aids: Any
    lines: list[list[GoldLine]]
    problems: list[ProblemShown]
    differences: tuple[DifferenceShown, ...]
    keys: dict[str, str]
    restored: int
    conflicts: tuple[Conflict, ...] = ()


class Saved(Struct, frozen=True):
    """The answer to a batch. When the file was ``changed`` by somebody else, ``state`` has its facts now, and
    ``changed_by`` is ``"tab"`` or ``"file"``."""

    hash: str
    number: int
    saved: str
    facts: int
    status: str
    lines: list[list[GoldLine]]
    problems: list[ProblemShown]
    differences: tuple[DifferenceShown, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    changed: bool = False
    changed_by: Literal["tab", "file"] | None = None
    state: tuple[LabelledFact, ...] | None = None


class ArticleRow(Struct, frozen=True):
    """An article in the list of a set; ``title`` is empty for an article without one whose text is not here,
    ``facts`` and the rest are empty for a file that cannot be read."""

    id: str
    title: str = ""
    facts: int = 0
    paragraphs: int = 0
    visited: int = 0
    status: str = ""
    error: str | None = None


class NewText(Struct, frozen=True):
    """A text of which a new article is to be made, and a name for it."""

    id: str
    text: str


class Articles(Struct, frozen=True):
    """What the page can open, and the text that waits to be made an article."""

    set: str
    path: str
    articles: list[ArticleRow]
    new: NewText | None = None


class NewArticle(Struct, frozen=True, forbid_unknown_fields=True):
    """What the page asks for a new article; an empty ``text`` is the text that the server was started on."""

    id: str
    published: str
    outlet: str = ""
    url: str = ""
    licence: str = ""
    title: str = ""
    text: str = ""


class AskedValue(Struct, frozen=True, forbid_unknown_fields=True):
    """A value as typed, for the date at ``span`` of the article ``id``."""

    id: str
    typed: str
    span: Span
    type: DateType | None = None


class ValueRead(Struct, frozen=True):
    """What a typed value means: the TIMEX3 value and type (None when it is none), words for it, and what is
    ``wrong`` with it; the ``mod`` that the words before the date suggest."""

    value: str | None
    type: DateType
    reading: str | None
    wrong: str | None
    mod: str | None = None


class AskedReview(Struct, frozen=True, forbid_unknown_fields=True):
    """Asks what back ends see in a paragraph (None: in all), some of them (None: those chosen at the start)."""

    paragraph: int | None = None
    backends: tuple[str, ...] | None = None


class Seen(Struct, frozen=True):
    """A fact that back ends see and the draft has not."""

    fact: LabelledFact
    backends: tuple[str, ...]


class Walk(Struct, frozen=True):
    """The facts to walk through, in the order of the text."""

    facts: list[Seen]
