"""Runs the server of the labelling page until it is interrupted."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from factharness.errors import BackendUnavailable, OutputError
from factharness.label.workspace import Workspace

if TYPE_CHECKING:
    import uvicorn


def require() -> None:
    """Raise ``BackendUnavailable`` when the extra ``label`` is not installed."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise BackendUnavailable(
            f"the labelling page needs Starlette and uvicorn ({error})",
            remedy="pip install 'factharness[label]'",
        ) from None


def serve(workspace: Workspace, ready: Callable[[str], object], port: int = 0) -> None:
    """Serve ``workspace`` on 127.0.0.1; calls ``ready`` with the address when it can be opened.

    Ctrl-C ends it with ``KeyboardInterrupt``, when all that was asked is answered. Needs the extra ``label``
    (:func:`require`). Raises ``OutputError`` for a port that is taken.
    """
    with listening(port) as socket_:
        server, address = made(workspace, socket_)
        ready(address)
        server.run(sockets=[socket_])


def made(workspace: Workspace, socket_: socket.socket) -> tuple[uvicorn.Server, str]:
    """The server of ``workspace`` that is to run on a listening socket, and the address with its token."""
    import uvicorn

    from factharness.label.guard import AccessGuard
    from factharness.label.server import app

    guard = AccessGuard(socket_.getsockname()[1])
    config = uvicorn.Config(
        app(workspace, guard), log_level="warning", access_log=False, server_header=False
    )
    return uvicorn.Server(config), guard.address


def listening(port: int) -> socket.socket:
    """A socket that listens on the port; a browser that asks before the server runs waits."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform != "win32":  # there it would let two servers have one port
        # So that a server that is started again can have its port while old connections fade.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise OutputError(
            f"port {port} cannot be used: {error.strerror}", remedy="choose another with --port"
        ) from None
    listening.listen(16)
    return listening
