"""A small service that answers as GitHub and GitLab do, as far as their comments go, and jobs that use it."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

BOT = {"user": {"id": 5, "type": "Bot"}}
"""Who wrote a comment, as GitHub says it."""

US = {"author": {"id": 5}}
"""And as GitLab does."""


class Service(BaseHTTPRequestHandler):
    """Lists comments a page at a time, takes new ones, replaces their text, and knows who has a token."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/user":
            return self.answer(200, {"id": 5})
        options = dict(part.split("=") for part in query.split("&"))
        size, page = int(options["per_page"]), int(options["page"])
        comments = self.server.state.comments
        return self.answer(200, comments[size * (page - 1) : size * page])

    def do_POST(self):
        comment = {"id": 1000 + len(self.server.state.comments), "body": self.body()}
        self.server.state.comments.append(comment | self.server.state.me)
        self.answer(201, comment)

    def do_PATCH(self):
        number = int(self.path.rpartition("/")[2])
        (comment,) = (one for one in self.server.state.comments if one["id"] == number)
        comment["body"] = self.body()
        self.answer(200, comment)

    def do_PUT(self):
        self.do_PATCH()

    def body(self):
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]

    def answer(self, code, value):
        state = self.server.state
        state.asked.append((self.command, self.path.partition("?")[0]))
        state.tokens.add(self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN"))
        code = state.refuse.get(self.command, code)
        body = state.broken or json.dumps(value).encode()
        self.send_response(code)
        if 300 <= code < 400:
            self.send_header("Location", state.elsewhere)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving(me):
    state = SimpleNamespace(
        comments=[], asked=[], tokens=set(), refuse={}, broken=b"", elsewhere="", me=me
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.state = state
    state.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def github_job(address):
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": address,
        "GITHUB_REPOSITORY": "o/r",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_TOKEN": "secret",
    }


def gitlab_job(address):
    return {
        "GITLAB_CI": "true",
        "CI_API_V4_URL": address,
        "CI_PROJECT_ID": "99",
        "CI_MERGE_REQUEST_PROJECT_ID": "12",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": "secret",
    }
