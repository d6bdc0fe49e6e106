"""A local service for tests that behaves as badly as it is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

AT_ONCE = 60
"""Seconds: far more than it takes to give up, also on a busy machine, and far less than to wait for the end."""

Behaviour = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """A request under way; ``body`` is what was posted."""

    protocol_version = "HTTP/1.1"
    body = b""
    server: Stub

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.close_connection = True
        with self.server.lock:
            self.server.bodies.append(self.body)
            self.server.headers.append(dict(self.headers))
        with suppress(OSError):  # the client has gone, as it should
            self.server.behave(self)

    def do_CONNECT(self) -> None:
        """What a proxy is asked for on behalf of https: refused."""
        with self.server.lock:
            self.server.headers.append(dict(self.headers))
        self.close_connection = True
        self.answer("", 407)

    def answer(self, body: bytes | str, status: int = 200, **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", headers.get("Content_Length") or str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def never(self) -> None:
        self.server.over.wait(10 * AT_ONCE)

    def drip(self, every: float = 0.1) -> None:
        """One byte of an answer now and then: each wait for itself is short."""
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        while not self.server.over.is_set():
            self.wfile.write(b" ")
            time.sleep(every)

    def drip_to_the_end(self, every: float = 0.1) -> None:
        """An answer as of HTTP/1.0, without a length: it ends with the connection."""
        self.wfile.write(b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n")
        while not self.server.over.is_set():
            self.wfile.write(b" ")
            time.sleep(every)

    def drip_headers(self, every: float = 0.1) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while not self.server.over.is_set():
            self.wfile.write(b"x")
            time.sleep(every)

    def log_message(self, *_: object) -> None:
        pass


class Stub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, behave: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.behave, self.lock, self.over = behave, threading.Lock(), threading.Event()
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_address[1]}/facts"


@contextmanager
def serving(behave: Behaviour) -> Iterator[Stub]:
    stub = Stub(behave)
    thread = threading.Thread(target=stub.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.over.set()
        stub.shutdown()
        stub.server_close()
