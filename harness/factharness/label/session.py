"""An article that is open in the page: its file, its journal, and the batches that are saved into it."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from factharness.agreement.adjudicate import Remark
from factharness.errors import GoldError, HarnessError, OutputError
from factharness.files import decode, read_bytes, write_text
from factharness.gold.header import Labelling
from factharness.gold.proposed import UNCONFIRMED
from factharness.label.adjudication import Adjudication, open_left
from factharness.label.draft import GoldDraft
from factharness.label.journal import Journal, JournalLine
from factharness.label.operations import (
    Applied,
    Conflict,
    LabelledFact,
    Operation,
    Walked,
    apply,
)
from factharness.label.view import lines_of, problems_of
from factharness.label.wire import DifferenceShown, Refused, Save, Saved
from factharness.text import sha256

FINISHED = ("single", "adjudicated")
"""The values of ``labels.status`` of an article that was gone through as a whole."""


class WrittenState(Struct, frozen=True):
    """A state that this server gave the file, and the tab whose batch did."""

    hash: str
    tab: str


class Session:
    """One open article. Its methods may be called by several threads."""

    def __init__(self, path: Path, by: str = "", adjudication: Adjudication | None = None) -> None:
        """Open the file at ``path``, and write what a killed server had in its journal and not in the file.

        ``adjudication`` has the differences that are decided in it, where it joins two labellings.

        Raises ``HarnessError`` when the file cannot be read, or another server has it open.
        """
        self.path, self.by, self.adjudication = path, by, adjudication
        self.lock = threading.RLock()
        self.restored = 0
        self.conflicts: tuple[Conflict, ...] = ()
        self.draft, self.hash = _read(path)
        self.journal = Journal(path)
        self._seen: set[tuple[str, int]] = set()
        self._history = [WrittenState(self.hash, "")]
        self.visited = self.journal.visited(self.text_hash)
        if self.draft.document.header.labels.status in FINISHED:
            self.visited = set(range(self._paragraphs))
        try:
            self._restore()
        except BaseException:
            self.journal.release()
            raise

    @property
    def text_hash(self) -> str:
        """The hash of the article's text."""
        return sha256(self.draft.text)

    @property
    def differences(self) -> tuple[DifferenceShown, ...]:
        """The differences of two labellings that the file joins; none of any other file."""
        if self.adjudication is None:
            return ()
        return self.adjudication.differences(self.draft.document)

    @property
    def _paragraphs(self) -> int:
        return len(self.draft.document.blocks)

    def close(self) -> None:
        """Release the article for other servers; its journal is summed up, or removed when all is done."""
        with self.lock:
            finished = self.draft.document.header.labels.status in FINISHED
            self.journal.close(self.text_hash, finished=finished)

    def refresh(self) -> None:
        """Read the file anew if somebody else changed it.

        Raises :class:`Refused` when it cannot be read any more; the journal stays as it is.
        """
        with self.lock:
            try:
                raw = read_bytes(self.path)
                if _hash(raw) == self.hash:
                    return
                text_hash = self.text_hash
                self.draft, self.hash = _read(self.path)
            except HarnessError as error:
                raise Refused(
                    503,
                    f"the file was changed elsewhere and cannot be read: {error}",
                    "mend the file; what you have done since is kept, and is saved then",
                    line=error.line,
                ) from None
            self._history.append(WrittenState(self.hash, ""))
            if self.text_hash != text_hash:
                self.visited = self.journal.visited(self.text_hash)

    def save(self, request: Save) -> Saved:
        """Apply a batch to the file as it is now: all of it or, with conflicts, nothing."""
        with self.lock:
            self.refresh()
            text_hash = self.text_hash
            conflicts: tuple[Conflict, ...] = ()
            if (request.tab, request.number) not in self._seen:
                conflicts = self._batch(request, text_hash)
                self._seen.add((request.tab, request.number))
            changed_by = self._changed_by(request)
            return Saved(
                hash=self.hash,
                number=request.number,
                saved=datetime.now().strftime("%H:%M"),
                facts=len(self.draft.facts),
                status=self.draft.document.header.labels.status,
                lines=lines_of(self.draft),
                problems=problems_of(self.draft),
                differences=self.differences,
                conflicts=conflicts,
                changed=changed_by is not None,
                changed_by=changed_by,
                state=self.draft.facts if changed_by or conflicts else None,
            )

    def propose(self, backends: Sequence[str], facts: Sequence[LabelledFact]) -> None:
        """Write facts of back ends into the file, noted ``unconfirmed``, before anybody labels."""
        noted = [
            structs.replace(fact, attributes=fact.attributes | {"note": UNCONFIRMED})
            for fact in facts
        ]
        text = self.draft.text
        operations = [
            Operation(after=fact, words=tuple(span.of(text) for span in fact.places()))
            for fact in noted
        ]
        shown = Operation(proposed=Walked(tuple(backends), 0, 0))
        with self.lock:
            self._batch(Save(self.hash, "", 0, (*operations, shown)), self.text_hash)

    def _batch(self, request: Save, text_hash: str) -> tuple[Conflict, ...]:
        """Write the batch to the journal, then to the file; the conflicts that kept it out of the file."""
        draft, applied = self._next(request.operations)
        entry = JournalLine(
            tab=request.tab,
            number=request.number,
            operations=request.operations,
            base=self.hash,
            hash=self._digest(draft),
            text=text_hash,
            refused=bool(applied.conflicts),
        )
        self.journal.batch(entry)
        if applied.conflicts:
            return applied.conflicts
        try:
            self._write(draft, request.tab)
        except OutputError:
            self.journal.withdraw()
            raise
        self.visited |= {one.visit for one in request.operations if one.visit is not None}
        return ()

    def _write(self, draft: GoldDraft, tab: str) -> None:
        """Replace the file, unless it is the same, and say so in the journal."""
        digest = self._digest(draft)
        if digest != self.hash:
            write_text(self.path, draft.source)
            self._history.append(WrittenState(digest, tab))
        self.draft, self.hash = draft, digest
        self.journal.written(digest)

    def _digest(self, draft: GoldDraft) -> str:
        """The hash of the file that has ``draft``."""
        return self.hash if draft is self.draft else _hash(draft.source.encode())

    def _next(self, batch: tuple[Operation, ...]) -> tuple[GoldDraft, Applied]:
        """The draft after a batch; the same as before when there are conflicts."""
        for operation in batch:
            operation.check_words(self.draft.text)
            if operation.visit is not None and operation.visit not in range(self._paragraphs):
                raise GoldError(f"no paragraph {operation.visit}", remedy="reload the page")
        applied = apply(self.draft.facts, batch)
        out, back = self._moved(batch)
        labels = self._labels(batch, is_open=bool(back) or open_left(self.draft.document, out))
        unchanged = labels == self.draft.document.header.labels
        if applied.conflicts or (unchanged and not (applied.steps or out or back)):
            return self.draft, applied
        return self.draft.edited(applied.steps, labels, out, back), applied

    def _moved(self, batch: tuple[Operation, ...]) -> tuple[list[Remark], list[Remark]]:
        """The comments of differences that a batch takes out of the file, and those that it puts back."""
        if self.adjudication is not None:
            return self.adjudication.moved(self.draft.document, batch)
        if any(operation.decided for operation in batch):
            raise GoldError("no difference is decided here", remedy="start it with --adjudicate")
        return [], []

    def _labels(self, batch: tuple[Operation, ...], *, is_open: bool) -> Labelling:
        """The ``labels`` of the header after a batch; ``is_open`` says whether a difference is still open."""
        labels = self.draft.document.header.labels
        if self.by and self.by not in labels.by and any(one.changes for one in batch):
            labels = structs.replace(labels, by=(*labels.by, self.by))
        for operation in batch:
            if operation.reviewed is not None:
                labels = _counted(labels, operation.reviewed)
            if operation.proposed is not None:
                labels = _prelabelled(labels, operation.proposed)
            if operation.done is not None and self.adjudication is None:
                labels = self._done(labels, batch, operation.done)
            elif operation.done and is_open:
                raise Refused(409, "some differences are open", "decide them, then say done")
        if self.adjudication is not None:
            labels = structs.replace(labels, status="open" if is_open else "adjudicated")
        return labels

    def _done(self, labels: Labelling, batch: tuple[Operation, ...], done: bool) -> Labelling:
        if labels.status == "adjudicated":
            return labels
        if not done:
            return structs.replace(labels, status="draft")
        visited = self.visited | {one.visit for one in batch if one.visit is not None}
        missing = [number + 1 for number in range(self._paragraphs) if number not in visited]
        if missing:
            raise Refused(
                409,
                f"{len(missing)} paragraphs were not gone through: "
                f"{', '.join(map(str, missing[:10]))}{'…' if len(missing) > 10 else ''}",
                "go through every paragraph, then say done",
            )
        return structs.replace(labels, status="single")

    def _changed_by(self, request: Save) -> Literal["tab", "file"] | None:
        """Who changed the file since the state that the page shows: nobody, another tab, or something else."""
        states = [state.hash for state in self._history]
        if request.hash not in states:
            return "file"
        last = len(states) - 1 - states[::-1].index(request.hash)
        others = {state.tab for state in self._history[last + 1 :]} - {request.tab}
        return "file" if "" in others else "tab" if others else None

    def _restore(self) -> None:
        """Write the batch that the journal has and the file has not."""
        pending = self.journal.pending(self.hash)
        if pending is None:
            return
        self.restored = 1
        try:
            draft, applied = self._next(pending.operations)
            self.conflicts = applied.conflicts
            if not applied.conflicts:
                self._write(draft, pending.tab)
        except GoldError as error:
            self.conflicts = tuple(
                Conflict(operation, error.message) for operation in pending.operations
            )
        if self.conflicts:
            self.journal.batch(structs.replace(pending, refused=True))


def _read(path: Path) -> tuple[GoldDraft, str]:
    """The draft in a file, and the hash of its bytes."""
    raw = read_bytes(path)
    return GoldDraft.read(decode(raw, path), str(path)), _hash(raw)


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _prelabelled(labels: Labelling, walked: Walked) -> Labelling:
    """``labels`` when back ends write their facts into the article, or when some of these were decided on.

    Proposals of an article without pre-labels are the marked words of ``gold new``, which no back end saw: they
    are not counted.
    """
    if labels.prelabel != "none":
        return _counted(labels, walked)
    if walked.shown == 0:
        return _counted(structs.replace(labels, prelabel="+".join(walked.backends)), walked)
    return labels


def _counted(labels: Labelling, walked: Walked) -> Labelling:
    """``labels`` with the facts that were decided on added to its numbers."""
    proposed = max(0, (labels.proposed or 0) + walked.shown)
    accepted = min(proposed, max(0, (labels.accepted or 0) + walked.accepted))
    return structs.replace(labels, proposed=proposed, accepted=accepted)
