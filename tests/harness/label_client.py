"""A labelling server in a thread or in a process of its own, and a client that asks it as the page does."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager


class Client:
    """A browser that opened the address: it has the cookie, and sends JSON."""

    def __init__(self, address):
        self.address = address
        self.port = int(re.search(r":(\d+)/", address)[1])
        self.cookie = None

    def log_in(self):
        status, headers, _ = self.send("GET", self.address.partition(str(self.port))[2])
        assert status == 303
        self.cookie = headers["set-cookie"].partition(";")[0]
        return self

    def send(self, method, path, body=None, **headers):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {"Cookie": self.cookie, "Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        given = {name: value for name, value in given.items() if value is not None}
        raw = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        try:
            connection.request(method, path, raw, given)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path):
        status, _, body = self.send("GET", path)
        return status, json.loads(body)

    def post(self, path, body):
        status, _, answer = self.send("POST", path, body)
        return status, json.loads(answer)


@contextmanager
def served(workspace):
    """A client of a server in a thread of this process."""
    from factharness.label.serve import listening, made

    with listening(0) as socket:
        server, address = made(workspace, socket)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]}, daemon=True)
        thread.start()
        try:
            yield Client(address)
        finally:
            server.should_exit = True
            thread.join(20)
            workspace.close()


class Process:
    """``factharness label`` in a process of its own."""

    def __init__(self, *args):
        command = [sys.executable, "-m", "factharness", "label", "--no-browser", *map(str, args)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        self.address = self.process.stdout.readline().strip()

    def client(self):
        return Client(self.address).log_in()

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def interrupt(self, number=signal.SIGINT):
        """End it as Ctrl-C does; its exit code and what it printed since."""
        self.process.send_signal(number)
        out, errors = self.process.communicate(timeout=30)
        return self.process.returncode, out, errors


def eventually(check, seconds=20):
    """Wait until ``check()`` is true."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end
        time.sleep(0.02)
