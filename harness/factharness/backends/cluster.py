"""Connects to a Dask cluster."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from factharness.errors import HarnessError, SuiteError

WAIT = 10.0
"""Seconds in which a scheduler must answer."""


def connected(address: str) -> Any:
    """A client of the scheduler at an address, to be closed. Raises ``SuiteError`` when none answers."""
    try:
        from distributed import Client
    except ImportError as error:
        raise SuiteError(
            "running on Dask needs distributed, which is not installed",
            remedy="pip install 'factharness[dask]'",
        ) from error
    try:
        return Client(address, timeout=WAIT)
    except (OSError, ValueError) as error:
        raise SuiteError(
            f"no Dask scheduler answers at {address}: {error}", remedy="start one, or use local"
        ) from error


@contextmanager
def naming_this_host() -> Iterator[None]:
    """Let the errors of the block say on which host they happened: for what a worker does."""
    try:
        yield
    except HarnessError as error:
        error.message = f"on the worker {socket.gethostname()}: {error.message}"
        raise
