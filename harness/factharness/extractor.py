"""What a back end is: an object with three members, and optional ones. It inherits from nothing."""

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
from factharness.exits import staying
from factharness.facts import KINDS, Article, Fact, Kind
from factharness.labels import MAPS, SCHEME

_log = logging.getLogger("factharness")

_NOT_BACK_ENDS = frozenset({"", "factharness", "importlib"})

Outcome: TypeAlias = Sequence[Fact] | ExtractionError
"""The result of a back end for one article: its facts, or the error with which it failed."""


@runtime_checkable
class Extractor(Protocol):
    """A fact extractor.

    ``kinds`` are the kinds of fact that it claims to find. A kind that it does not claim is not scored, which
    is not the same as 0.

    To build an extractor and to call ``fingerprint`` must be cheap: when every prediction is in the cache, the
    harness does nothing else, and no model is loaded.

    It may also have

    ``label_scheme: str``
        the label set of its entities, a name of :mod:`factharness.labels`; without it, they have the gold's
        labels.
    ``languages: frozenset[str]``
        the languages that it claims to read, such as ``"fr"`` or ``"fr-CA"``. It is not given articles in
        other languages; the run says so under its table.
    ``deterministic: bool``
        whether it gives the same answer to the same article every time. A suite's ``repeat`` then runs it
        once; without the member it is repeated.
    ``usage() -> Mapping[str, float]``
        what it has used since it was built, by name, as totals that only grow: ``tokens in``, ``tokens out``,
        ``money``. The harness calls it after each article, and counts the difference as the article's.
    ``load() -> None``
        loads the model. The harness calls it once, before the first ``extract``, and does not count its time
        as time of the articles. It may raise ``BackendError``.
    ``seen: Collection[str]``
        the digests (:func:`factharness.text.sha256` of the text) of the articles that it was trained or
        developed with. Tables put a star on its scores where gold is among them.
    ``borrows: Mapping[Kind, str]``
        the kinds that it takes from another back end, with the name of that one: ``{"quote": "rules"}``.
        Tables say so.
    ``explain(article) -> Iterable[tuple[Fact, str]]``
        the facts of one article, each with the name of the rule that found it, for ``backends show --explain``.
    """

    kinds: frozenset[Kind]

    def fingerprint(self) -> Mapping[str, str]:
        """All that can change the output, by name: code hash, versions of libraries and models, options."""
        ...

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """Yield one outcome per article, in order, without reading all articles first.

        When the back end fails on an article, it may *yield* an :class:`ExtractionError`: thus a back end that
        works in batches keeps the other articles of the batch. An exception that it *raises* ends the
        generator: the harness records it as the error of the next article and calls ``extract`` again with the
        articles after that one.
        """
        ...


def claims(extractor: Extractor) -> frozenset[Kind]:
    """The kinds that an extractor claims to find. Raises ``BackendError``, also for an unknown kind."""
    with blamed("the back end's kinds"):
        for kind in extractor.kinds:
            if kind not in KINDS:
                message, remedy = unknown("kind", str(kind), KINDS)
                raise BackendError(f"the back end's kinds: {message}", remedy=remedy)
        return frozenset(extractor.kinds)


def label_scheme(extractor: Extractor) -> str:
    """The name of the label set of an extractor's entities; the gold's when it has no ``label_scheme``.

    Raises ``BackendError`` when the name is unknown.
    """
    with blamed("the back end's label scheme"):
        name = str(getattr(extractor, "label_scheme", SCHEME))
    if name not in MAPS:
        message, remedy = unknown("label scheme", name, MAPS)
        raise BackendError(message, remedy=remedy)
    return name


def languages(extractor: Extractor) -> tuple[str, ...]:
    """The languages that an extractor claims to read, sorted; empty when it claims none.

    Raises ``BackendError``.
    """
    with blamed("the back end's languages"):
        claimed = getattr(extractor, "languages", ())
        if isinstance(claimed, str) or not all(isinstance(name, str) for name in claimed):
            raise BackendError(
                f"the back end's languages: {claimed!r} is no set of codes",
                remedy='write languages = frozenset({"fr"})',
            )
        return tuple(sorted(map(writable, claimed)))


def seen(extractor: Extractor) -> frozenset[str]:
    """The digests of the articles that an extractor was trained or developed with; empty when it names none.

    Raises ``BackendError``.
    """
    with blamed("the articles that the back end has seen"):
        digests = getattr(extractor, "seen", ())
        if isinstance(digests, str) or not all(isinstance(one, str) for one in digests):
            raise BackendError(
                f"the articles that the back end has seen: {digests!r} is no set of digests",
                remedy="write seen = frozenset({factharness.text.sha256(text), …})",
            )
        return frozenset(digests)


def borrows(extractor: Extractor) -> dict[Kind, str]:
    """The kinds that an extractor takes from another back end, with its name; empty when it takes none.

    Raises ``BackendError``, also for a kind that it does not claim.
    """
    with blamed("the kinds that the back end borrows"):
        lenders = dict(getattr(extractor, "borrows", {}))
        for kind, lender in lenders.items():
            if kind not in extractor.kinds or not (isinstance(lender, str) and lender):
                raise BackendError(
                    f"the kinds that the back end borrows: {kind!r} from {lender!r}",
                    remedy='name a kind that it claims, and a back end: borrows = {"quote": "rules"}',
                )
        return {kind: writable(lenders[kind]) for kind in KINDS if kind in lenders}


def deterministic(extractor: Extractor) -> bool:
    """Whether an extractor says that it gives the same answer every time. Raises ``BackendError``."""
    with blamed("whether the back end is deterministic"):
        return bool(getattr(extractor, "deterministic", False))


def usage(extractor: Extractor) -> dict[str, float]:
    """What an extractor has used since it was built; empty when it does not say. Raises ``BackendError``."""
    with blamed("the back end's usage"):
        told = getattr(extractor, "usage", None)
        totals = {} if told is None else {writable(str(k)): float(v) for k, v in told().items()}
        for name, total in totals.items():
            if not 0 <= total < float("inf"):
                raise BackendError(f"the back end's usage: {name} is {total}")
        return totals


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
    """Turn whatever the code of a back end raises into a ``BackendError`` (of the class ``verdict``).

    Only ``KeyboardInterrupt`` passes unchanged. ``SystemExit`` and ``os._exit`` are turned, and so are
    exceptions that are no subclass of ``Exception``, such as a panic in a Rust library or a cancelled task.
    ``what`` says in the message what the back end was asked for.
    """
    try:
        with staying():
            yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        own = text_of(error) if isinstance(error, HarnessError) else ""
        if own:
            _log.debug("a back end refused", exc_info=error)
        # An exception of any other class may not be picklable: another process could not send it back.
        if own and type(error) in (BackendError, BackendUnavailable):
            raise
        raise verdict(own or f"{what}: {raised(error)}") from error


def raised(error: BaseException) -> str:
    """The type, text and place of an exception from a back end, for a message.

    The traceback goes to the log.
    """
    _log.debug("a back end raised", exc_info=error)
    place = _place(error)
    at = f" (at {place})" if place else ""
    if isinstance(error, SystemExit):
        return f"it tried to end the program with exit code {error.code}{at}"
    return f"{type(error).__name__}: {text_of(error)}{at}"


def _place(error: BaseException) -> str:
    """``file:line`` of the last frame in the back end's own code, not in a library that it calls.

    The back end's package is the first one in the traceback that is neither ``factharness`` nor ``importlib``.
    Empty when there is none.
    """
    own = place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
        own = own or (package if package not in _NOT_BACK_ENDS else "")
        if own and package == own:
            place = writable(f"{frame.f_code.co_filename}:{line}")
    return place


def text_of(error: BaseException) -> str:
    """The text of an error; empty when its ``__str__`` fails."""
    try:
        return writable(str(error))
    except Exception:
        return ""
