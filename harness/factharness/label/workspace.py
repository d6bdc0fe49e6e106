"""The articles that the page can open: a gold file, a set, or a text of which an article is to be made."""

from __future__ import annotations

import threading
from pathlib import Path
from textwrap import shorten
from typing import Any, Literal

from msgspec import Struct

from factharness.errors import GoldError
from factharness.facts import Article
from factharness.files import listed, make_folder, read_text, write_text
from factharness.gold.format import render
from factharness.gold.new import article_from, skeleton
from factharness.gold.parse import read_document
from factharness.gold.published import read_published
from factharness.gold.set_file import read_set, scheme_of
from factharness.gold.tree import Document
from factharness.label.adjudication import Adjudication
from factharness.label.aids import aids
from factharness.label.draft import GoldDraft
from factharness.label.examples import Examples, examples
from factharness.label.journal import prune, visited_before
from factharness.label.review import ReviewBackends, unseen
from factharness.label.session import FINISHED, Session
from factharness.label.values import read_value
from factharness.label.view import lines_of, problems_of
from factharness.label.wire import (
    ArticleRow,
    Articles,
    AskedReview,
    AskedValue,
    NewArticle,
    NewText,
    Opened,
    Refused,
    Save,
    Saved,
    SchemeShown,
    SchemeWord,
    ValueRead,
    Walk,
)
from factharness.names import as_name

Mode = Literal["blind", "prelabel", "adjudicate"]
HEADLINE = 80
"""How many characters of an article's text stand for a title that it has not."""


class Settings(Struct, frozen=True):
    """How the page works: who labels, which back ends are shown before and which after, and the keys.

    Of several back ends in ``review``, ``agree`` have to see a fact before it is shown.
    """

    by: str = ""
    prelabel: tuple[str, ...] = ()
    review: tuple[str, ...] = ("rules",)
    agree: int = 1
    keys: dict[str, str] = {}


class Workspace:
    """The articles that the page can open. Nothing else is read or written, whatever the page asks for."""

    def __init__(
        self,
        path: Path,
        settings: Settings,
        *,
        folder: Path | None = None,
        adjudication: Adjudication | None = None,
    ) -> None:
        """``path`` is a gold file, a folder, or a text of which an article is made in ``folder``.

        With an ``adjudication``, ``path`` is the file that it writes. Raises ``HarnessError`` for back ends
        that are not there, and for a text that cannot be read.
        """
        self.path, self.settings, self.adjudication = path, settings, adjudication
        self.folder = path if path.is_dir() else folder or path.parent
        self.new: NewText | None = None
        self._files: list[Path] | None = None if path.is_dir() else [path]
        if self._files and path.suffix != ".gold":
            self._files = []
            self.new = NewText(as_name(path.stem, "article"), read_text(path))
        if path.is_dir() and not listed(path, ".gold"):
            sets = [one.name for one in listed(path) if one.is_dir() and listed(one, ".gold")]
            if sets:
                raise GoldError(
                    "is a folder of sets, not a set",
                    file=path,
                    remedy=f"name one: {', '.join(sets)}",
                )
            texts = f"{path}/*.txt" if listed(path, ".txt") else "TEXT"
            raise GoldError(
                "has no .gold file",
                file=path,
                remedy=f"make some of your texts: factharness gold new {texts} -o goldsets/NAME",
            )
        self._backends = ReviewBackends(dict.fromkeys((*settings.prelabel, *settings.review)))
        self._sessions: dict[str, Session] = {}
        self._aids: dict[str, Any] = {}
        self._lock = threading.RLock()

    @property
    def mode(self) -> Mode:
        """Whether facts of back ends are shown before labelling, or two labellings are made one."""
        if self.adjudication is not None:
            return "adjudicate"
        return "prelabel" if self.settings.prelabel else "blind"

    def close(self) -> None:
        """Release all articles for other servers, and remove journals that are of no use any more."""
        with self._lock:
            for session in self._sessions.values():
                session.close()
            self._sessions.clear()
        prune()

    def articles(self) -> Articles:
        """The list of articles, each with how far it is."""
        name = read_set(self.folder).name if self.path.is_dir() else self.path.name
        items = [self._listed(name, file) for name, file in self._named().items()]
        return Articles(name, str(self.path), items, self.new)

    def opened(self, name: str) -> Opened:
        """An article with all that the page needs to show it."""
        session = self.session(name)
        with session.lock:
            session.refresh()
            if self.mode == "prelabel":
                self._prelabel(session)
            draft = session.draft
            header = draft.document.header
            scheme = scheme_of(session.path)
            restored, session.restored = session.restored, 0
            conflicts, session.conflicts = session.conflicts, ()
            return Opened(
                id=name,
                path=str(session.path),
                title=header.title,
                published=header.published.isoformat(),
                text=draft.text,
                paragraphs=draft.paragraphs,
                facts=draft.facts,
                hash=session.hash,
                visited=sorted(session.visited),
                status=header.labels.status,
                mode=self.mode,
                backends=self.settings.review,
                scheme=SchemeShown(
                    scheme.name,
                    tuple(
                        SchemeWord(label, scheme.labels[label].says) for label in scheme.entities
                    ),
                ),
                aids=self._aids_of(session),
                lines=lines_of(draft),
                problems=problems_of(draft),
                differences=session.differences,
                keys=self.settings.keys,
                restored=restored,
                conflicts=conflicts,
            )

    def session(self, name: str) -> Session:
        """The open article of that name. Raises :class:`Refused` for one that is not in the list."""
        with self._lock:
            if name not in self._sessions:
                file = self._named().get(name)
                if file is None:
                    raise Refused(404, f"no article {name[:80]!r} here", "go back to the list")
                self._sessions[name] = Session(file, self.settings.by, self.adjudication)
            return self._sessions[name]

    def save(self, name: str, request: Save) -> Saved:
        """Save a batch into an article."""
        return self.session(name).save(request)

    def make(self, asked: NewArticle) -> Opened:
        """Make a new article of a text and open it. Raises ``HarnessError`` for a bad id, date or text."""
        text = asked.text or (self.new.text if self.new else "")
        try:
            published = read_published(asked.published)
        except ValueError as error:
            raise GoldError(str(error), remedy="write it as 2024-03-05 or 5 mars 2024") from None
        article = article_from(asked.id, text, published)
        target = self.folder / f"{article.id}.gold"
        source = {"outlet": asked.outlet, "url": asked.url}
        with self._lock:
            if target.exists():
                raise Refused(409, f"{target.name} is there already", "choose another id")
            document, _ = skeleton(
                article,
                by=(self.settings.by,) if self.settings.by else (),
                title=asked.title,
                source={key: words for key, words in source.items() if words},
                licence={"text": asked.licence} if asked.licence else {},
                scheme=scheme_of(target).name,
            )
            make_folder(self.folder)
            write_text(target, render(document))
            if self._files is not None:
                self._files.append(target)
            self.new = None
        return self.opened(article.id)

    def review(self, name: str, asked: AskedReview) -> Walk:
        """What back ends see and the draft has not, in paragraphs that were gone through."""
        session = self.session(name)
        with session.lock:
            draft, visited = session.draft, set(session.visited)
        wanted = range(len(draft.paragraphs)) if asked.paragraph is None else [asked.paragraph]
        if not visited.issuperset(wanted):
            raise Refused(
                409,
                "label first, look afterwards: that paragraph was not gone through",
                "go through it, then ask what others see there",
            )
        backends = self.settings.review if asked.backends is None else asked.backends
        agree = min(self.settings.agree, len(backends))
        seen = self._backends.seen(article_of(draft), scheme_of(session.path), backends, agree)
        places = [draft.paragraphs[number] for number in wanted]
        return Walk(
            [
                one
                for one in unseen(seen, draft.facts)
                if any(place.overlaps(one.fact.spans[0]) for place in places)
            ]
        )

    def value(self, asked: AskedValue) -> ValueRead:
        """What a typed value of a date means."""
        draft = self.session(asked.id).draft
        if asked.span.end > len(draft.text):
            raise Refused(400, "the place lies past the text", "reload the page")
        return read_value(article_of(draft), asked.typed, asked.span, asked.type)

    def examples(self, label: str) -> Examples:
        """What a label means, with examples."""
        found = examples().get(label)
        if found is None:
            raise Refused(404, f"no examples of {label[:80]!r}", "see the guidelines")
        return found

    def _prelabel(self, session: Session) -> None:
        """Write what back ends see into a draft that nobody has begun, noted ``unconfirmed``."""
        labels = session.draft.document.header.labels
        if labels.status not in ("", "draft") or labels.prelabel != "none":
            return
        names, agree = self.settings.prelabel, self.settings.agree
        if session.draft.withheld:
            raise Refused(
                409,
                "a text-free file cannot mark proposed facts",
                "label it without --prelabel; what back ends see is shown afterwards",
            )
        scheme = scheme_of(session.path)
        seen = self._backends.seen(article_of(session.draft), scheme, names, min(agree, len(names)))
        session.propose(names, [one.fact for one in unseen(seen, session.draft.facts)])

    def _named(self) -> dict[str, Path]:
        """The gold files by the names under which the page asks for them."""
        files = listed(self.folder, ".gold") if self._files is None else self._files
        return {file.stem: file for file in files}

    def _listed(self, name: str, file: Path) -> ArticleRow:
        """What the list says of an article, read without opening it."""
        try:
            document = read_document(file)
        except GoldError as error:
            return ArticleRow(name, error=str(error))
        session = self._sessions.get(name)
        whole = len(document.blocks)
        status = document.header.labels.status
        if session is not None:
            visited = len(session.visited)
        elif status in FINISHED:
            visited = whole
        else:
            visited = len(visited_before(file, document.header.sha256))
        facts = sum(
            not line.anchor.continues for block in document.blocks for line in block.facts()
        )
        return ArticleRow(name, _headline(document), facts, whole, visited, status)

    def _aids_of(self, session: Session) -> Any:
        """The aids of an article, computed once for each text of it."""
        key = session.text_hash
        if key not in self._aids:
            article = article_of(session.draft)
            self._aids[key] = aids(article, scheme_of(session.path).entities)
        return self._aids[key]


def _headline(document: Document) -> str:
    """What an article is called in the list: its title, else the first words of its text, if it is here."""
    first = document.blocks[0].paragraph.text if document.blocks else None
    return document.header.title or shorten(first or "", HEADLINE, placeholder=" …")


def article_of(draft: GoldDraft) -> Article:
    """The article of a draft, as back ends are given it."""
    header = draft.document.header
    return Article(header.id, draft.text, header.published, header.lang, dict(header.meta))
