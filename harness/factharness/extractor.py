"""What a back end is: three members, nothing to inherit from, and three more it may have."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeAlias, runtime_checkable

from factharness.errors import (
    BackendError,
    BackendUnavailable,
    ExtractionError,
    HarnessError,
    unknown,
    writable,
)
from factharness.facts import KINDS, Article, Fact, Kind
from factharness.labels import MAPS, SCHEME

_log = logging.getLogger("factharness")

_NOT_BACK_ENDS = frozenset({"", "factharness", "importlib"})

Outcome: TypeAlias = Sequence[Fact] | ExtractionError
"""What one article came to: its facts, or the error that kept them from being found."""


@runtime_checkable
class Extractor(Protocol):
    """A fact extractor.

    ``kinds`` is what it claims to find; a kind it does not claim is reported as "n/a", not as 0.

    Building one is cheap, and so is asking for its fingerprint: when every prediction is in the cache, no
    model is ever loaded.

    It may also have

    ``label_scheme: str``
        the label set its entities are in, by a name of :mod:`factharness.labels`; without it, the gold's.
    ``languages: frozenset[str]``
        the languages it claims to read, as ``"fr"`` or ``"fr-CA"``; without it, it does not say. It is run on
        articles in others all the same, and the run says so.
    ``load() -> None``
        load the model; called once, before the first ``extract``, and timed apart. Raises ``BackendError``.
    """

    kinds: frozenset[Kind]

    def fingerprint(self) -> Mapping[str, str]:
        """Everything that can change the output: code hash, library and model versions, options."""
        ...

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """One item per article, in order, lazily.

        An article the back end cannot handle is yielded as an :class:`ExtractionError` value, so that a
        batching back end keeps its other articles. An exception that is *raised* ends the generator; the
        harness records it for the article at hand and calls ``extract`` again with the articles that are
        left.
        """
        ...


def claims(extractor: Extractor) -> frozenset[Kind]:
    """The kinds an extractor claims to find. Raises ``BackendError``, also for a kind there is not."""
    with blamed("the back end's kinds"):
        for kind in extractor.kinds:
            if kind not in KINDS:
                message, remedy = unknown("kind", str(kind), KINDS)
                raise BackendError(f"the back end's kinds: {message}", remedy=remedy)
        return frozenset(extractor.kinds)


def label_scheme(extractor: Extractor) -> str:
    """The label set of an extractor's entities; the gold's own unless it says otherwise.

    Raises ``BackendError`` when there is no such set.
    """
    with blamed("the back end's label scheme"):
        name = str(getattr(extractor, "label_scheme", SCHEME))
    if name not in MAPS:
        message, remedy = unknown("label scheme", name, MAPS)
        raise BackendError(message, remedy=remedy)
    return name


def languages(extractor: Extractor) -> tuple[str, ...]:
    """The languages an extractor claims to read, sorted; empty: it does not say. Raises ``BackendError``."""
    with blamed("the back end's languages"):
        claimed = getattr(extractor, "languages", ())
        if isinstance(claimed, str) or not all(isinstance(name, str) for name in claimed):
            raise BackendError(
                f"the back end's languages: {claimed!r} is no set of codes",
                remedy='write languages = frozenset({"fr"})',
            )
        return tuple(sorted(map(writable, claimed)))


def fingerprint(extractor: Extractor) -> dict[str, str]:
    """Everything an extractor's output depends on. Raises ``BackendError``."""
    with blamed("the back end's fingerprint"):
        return {
            writable(str(name)): writable(str(value))
            for name, value in extractor.fingerprint().items()
        }


def load(extractor: Extractor) -> None:
    """Load an extractor's model where it has one to load. Raises ``BackendError``."""
    with blamed("loading the back end"):
        loader = getattr(extractor, "load", None)
        if loader is not None:
            loader()


@contextmanager
def blamed(what: str, verdict: type[BackendError] = BackendError) -> Iterator[None]:
    """Make whatever the code of a back end raises a ``BackendError``, of the class ``verdict``.

    Only an interruption passes. ``SystemExit`` does not, nor what libraries raise beside ``Exception``: a panic
    in Rust, a cancelled task.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        own = said(error) if isinstance(error, HarnessError) else ""
        if own:
            _log.debug("a back end refused", exc_info=error)
        # Any other class may not survive the way from another process.
        if own and type(error) in (BackendError, BackendUnavailable):
            raise
        raise verdict(own or f"{what}: {raised(error)}") from error


def raised(error: BaseException) -> str:
    """What the code of a back end raised, and where, for a message. The log gets the traceback."""
    _log.debug("a back end raised", exc_info=error)
    place = _place(error)
    at = f" (at {place})" if place else ""
    if isinstance(error, SystemExit):
        return f"it tried to end the program with exit code {error.code}{at}"
    return f"{type(error).__name__}: {said(error)}{at}"


def _place(error: BaseException) -> str:
    """File and line in the back end's own code, not in a library that it calls: where it was when it failed.

    The back end is the first package of the traceback that is neither this one nor the machinery of imports;
    empty when there is none.
    """
    own = place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        own = own or (package if package not in _NOT_BACK_ENDS else "")
        if own and package == own:
            place = writable(f"{frame.f_code.co_filename}:{line}")
    return place


def said(error: BaseException) -> str:
    """The text of an error; empty when it cannot be had."""
    try:
        return writable(str(error))
    except Exception:
        return ""
