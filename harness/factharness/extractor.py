"""What a back end is: three members, nothing to inherit from, and two more it may have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeAlias, runtime_checkable

from factharness.errors import BackendError, ExtractionError, HarnessError, unknown
from factharness.facts import Article, Fact, Kind
from factharness.labels import MAPS, SCHEME

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


def label_scheme(extractor: Extractor) -> str:
    """The label set of an extractor's entities; the gold's own unless it says otherwise.

    Raises ``BackendError`` when there is no such set.
    """
    with blamed("its label scheme"):
        name = str(getattr(extractor, "label_scheme", SCHEME))
    if name not in MAPS:
        message, remedy = unknown("label scheme", name, MAPS)
        raise BackendError(message, remedy=remedy)
    return name


def fingerprint(extractor: Extractor) -> dict[str, str]:
    """Everything an extractor's output depends on. Raises ``BackendError``."""
    with blamed("its fingerprint"):
        return {str(name): str(value) for name, value in extractor.fingerprint().items()}


def load(extractor: Extractor) -> None:
    """Load an extractor's model where it has one to load. Raises ``BackendError``."""
    with blamed("loading it"):
        loader = getattr(extractor, "load", None)
        if loader is not None:
            loader()


@contextmanager
def blamed(what: str) -> Iterator[None]:
    """Make whatever the code of a back end raises, or its leaving the program, a ``BackendError``."""
    try:
        yield
    except BackendError:
        raise
    except HarnessError as error:
        raise BackendError(str(error)) from error
    except (Exception, SystemExit) as error:
        raise BackendError(f"{what}: {raised(error)}") from error


def raised(error: BaseException) -> str:
    """What was raised, for a message."""
    if isinstance(error, SystemExit):
        return f"it tried to end the program with exit code {error.code}"
    return f"{type(error).__name__}: {error}"
