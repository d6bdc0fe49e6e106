"""The errors that a user can see, and the exit code of each.

::

    HarnessError                 2   wrong use, config or gold
    ├── GoldError                2   a gold file or set: file, line, what is wrong, what to do
    ├── SuiteError               2   a suite file or an option
    ├── ScoreError               2   spans, labels, tags or regimes that cannot be scored
    ├── BackendError             2   a back end cannot be built
    │   └── BackendUnavailable   2   its library or model is missing: carries the install command
    ├── OutputError              2   a place that cannot be written
    ├── Inconclusive             3   too many errors, nothing scored
    └── Incomparable             4   numbers with different gold, regime or map

    ExtractionError                  a back end failed on one article; recorded, never fatal

Anything else that escapes is a bug (70). An interruption ends in 130, SIGTERM in 143.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from factharness.escape import visible


class HarnessError(Exception):
    """A mistake the user can mend. ``str()`` is ``file:line: what is wrong; what to do``."""

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        file: object = None,
        line: int | None = None,
        remedy: str | None = None,
    ) -> None:
        self.message = message
        self.file = None if file is None else str(file)
        self.line = line
        self.remedy = remedy
        super().__init__(message)

    def __str__(self) -> str:
        place = "" if self.file is None else f"{self.file}:"
        if self.line is not None:
            place += f"{self.line}:"
        text = f"{place} {self.message}" if place else self.message
        joined = "\n" if "\n" in text else "; "
        return visible(f"{text}{joined}{self.remedy}" if self.remedy else text)


class GoldError(HarnessError):
    """A gold file or gold set that is not what it should be."""


class SuiteError(HarnessError):
    """A suite file or a command-line option that cannot be followed."""


class ScoreError(HarnessError, ValueError):
    """Spans, labels, tags or regimes that cannot be scored."""


class BackendError(HarnessError):
    """A back end that cannot be built."""


class BackendUnavailable(BackendError):
    """A back end whose library or model is not installed; ``remedy`` is the install command."""


class OutputError(HarnessError):
    """A file or folder that cannot be written."""


class Inconclusive(HarnessError):
    """A run that scored nothing."""

    exit_code = 3


class Incomparable(HarnessError):
    """Numbers that must not be set side by side."""

    exit_code = 4


class ExtractionError(Exception):
    """A back end failed on one article; the run records it for that article and goes on."""


def writable(text: str) -> str:
    """``text`` with surrogates escaped, as UTF-8 cannot hold them; names that are not UTF-8 have them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name closest to ``word``, or None when none is close."""
    matches = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def unknown(what: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Message and remedy for a name that is not one of ``known``."""
    names = sorted(known)
    close = nearest(word, names)
    remedy = f"did you mean {close!r}?" if close else f"known: {', '.join(names) or 'none'}"
    return f"unknown {what} {word!r}", remedy
