"""Records the tokens, seconds and money of each request to a language model, as a JSON line in a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from fact_extractors.options import fields, within
from factharness.errors import BackendError

MILLION = 1_000_000


class Usage(Struct, frozen=True):
    """A request. ``cost`` is in the currency of the prices, None without any; ``error`` is what was wrong."""

    article: str
    model: str
    input_tokens: int
    output_tokens: int
    seconds: float
    cost: float | None
    dropped: int = 0
    error: str | None = None


class Prices(Struct, frozen=True, forbid_unknown_fields=True):
    """What a million tokens cost."""

    input: float
    output: float

    def cost(self, input_tokens: int, output_tokens: int) -> float:
        """The cost of one request."""
        return (self.input * input_tokens + self.output * output_tokens) / MILLION


class Log:
    """A file of :class:`Usage` lines that several processes may append to; no path: nothing is kept."""

    def __init__(self, path: str) -> None:
        self._path = Path(path) if path else None

    def open(self) -> None:
        """Make sure that it can be written. Raises ``BackendError``."""
        try:
            self._append(b"")
        except OSError as error:
            raise BackendError(
                f"the record of usage cannot be written: {error.strerror or error}",
                file=self._path,
                remedy='name another file as usage, or usage = "" for none',
            ) from error

    def add(self, usage: Usage) -> None:
        """Append a line. Raises ``OSError``."""
        self._append(msgspec.json.encode(usage) + b"\n")

    def _append(self, line: bytes) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            os.write(file, line)  # in one piece: lines of other processes stay whole
        finally:
            os.close(file)


def prices_of(option: Mapping[str, float] | None) -> Prices | None:
    """The prices an option names. Raises ``BackendError``."""
    if option is None:
        return None
    prices = fields(option, "prices")
    try:
        made = msgspec.convert(prices, Prices)
    except msgspec.ValidationError as error:
        raise BackendError(
            f"prices: {error}", remedy="per million tokens: prices = { input = 0.1, output = 0.4 }"
        ) from error
    for name, price in prices.items():
        within(price, f"prices.{name}", 0)
    return made
