"""Fetching texts: from a folder, and from a server that does everything a server can do wrong."""

import hashlib
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from gold_strategies import example

from factharness.cli import main
from factharness.errors import GoldError
from factharness.gold.fetch import base_url, fetch_set
from factharness.gold.format import render
from factharness.gold.sets import load_set, text_folder
from factharness.gold.syntax import read
from factharness.gold.withhold import withhold

TEXTS = {name: f"Un texte sur {name}.\n\nÀ Lyon, mardi." for name in ("one", "two", "three")}
RAW = {
    name: ("\ufeff" + text.replace("\n\n", "\r\n\r\n") + "\r\n").encode()
    for name, text in TEXTS.items()
}
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Handler(BaseHTTPRequestHandler):
    """Serves ``RAW``; a file called ``cut`` loses its end, ``moved`` is redirected, others are 404."""

    wrong: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    moved: ClassVar[dict[str, str]] = {}
    asked: ClassVar[list[str]] = []

    def do_GET(self):
        self.asked.append(self.path)
        name = self.path.rsplit("/", 1)[1].removesuffix(".txt").replace("%20", " ")
        if name in self.moved and "/old/" in self.path:
            self.send_response(302)
            self.send_header("Location", self.moved[name])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if name not in RAW or not self.path.startswith(f"/owner/texts/{COMMIT}/a%20b/"):
            self.send_error(404)
            return
        body = b"something else" if name in self.wrong else RAW[name]
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if name in self.cut:
            self.wfile.write(body[:5])
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setattr(Handler, "asked", [])
    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{running.server_port}"
    monkeypatch.setenv("FACTHARNESS_TEXTS_URL", url)
    yield url
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture
def goldset(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTHARNESS_TEXTS", str(tmp_path / "texts"))
    folder = tmp_path / "set"
    folder.mkdir()
    table = "".join(
        f'{name} = {{ path = "a b/{name}.txt", sha256 = "{hashlib.sha256(RAW[name]).hexdigest()}" }}\n'
        for name in TEXTS
    )
    (folder / "set.toml").write_text(
        f'texts = {{ repository = "owner/texts", commit = "{COMMIT}" }}\n[articles]\n{table}'
    )
    for name, text in TEXTS.items():
        bare = withhold(read(example("LOC Lyon", text=text, id=f'"{name}"')))
        (folder / f"{name}.gold").write_text(render(bare))
    return folder


def states(folder, **more) -> dict[str, str]:
    return {one.id: one.state for one in fetch_set(folder, **more)}


def test_texts_are_fetched_verified_and_found_by_a_run(goldset, server):
    assert len(load_set(goldset).skipped) == 3
    assert states(goldset) == dict.fromkeys(sorted(TEXTS), "fetched")
    loaded = load_set(goldset)
    assert loaded.skipped == ()
    assert [item.article.text for item in loaded.articles] == [
        TEXTS[name] for name in sorted(TEXTS)
    ]


def test_what_is_here_is_not_fetched_again_and_what_is_damaged_is(goldset, server):
    states(goldset)
    next(text_folder().iterdir()).write_text("damaged")
    assert sorted(states(goldset).values()) == ["fetched", "here", "here"]
    assert len(Handler.asked) == 4


def test_one_failure_does_not_stop_the_others_and_leaves_nothing(goldset, server, monkeypatch):
    monkeypatch.setattr(Handler, "wrong", frozenset({"one"}))
    monkeypatch.setattr(Handler, "cut", frozenset({"two"}))
    found = {one.id: one for one in fetch_set(goldset)}
    assert {name: one.state for name, one in found.items()} == {
        "one": "failed",
        "two": "failed",
        "three": "fetched",
    }
    assert "has the SHA-256" in found["one"].detail
    assert "--from" in found["one"].detail
    assert "127.0.0.1" in found["two"].detail
    assert len(list(text_folder().iterdir())) == 1
    assert [item.article.id for item in load_set(goldset).articles] == ["three"]


def test_a_missing_file_is_named_with_its_address(goldset, server):
    path = goldset / "set.toml"
    path.write_text(path.read_text().replace("a b/one", "a b/gone"))
    (failed,) = [one for one in fetch_set(goldset) if one.state == "failed"]
    assert f"{server}/owner/texts/{COMMIT}/a%20b/gone.txt: HTTP 404" in failed.detail


def test_a_redirect_is_followed_on_the_same_server_only(goldset, server, monkeypatch):
    there = f"/owner/texts/{COMMIT}/a%20b"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        other.settimeout(0.1)
        elsewhere = f"http://127.0.0.1:{other.getsockname()[1]}{there}/two.txt"
        (goldset / "three.gold").unlink()
        config = goldset / "set.toml"
        config.write_text(config.read_text().replace("a b/", "old/"))
        moved = {"one": f"{there}/one.txt", "two": elsewhere}
        monkeypatch.setattr(Handler, "moved", moved)
        found = {one.id: one for one in fetch_set(goldset)}
        assert (found["one"].state, found["two"].state) == ("fetched", "failed")
        assert "sends on to another one" in found["two"].detail
        assert elsewhere in found["two"].detail
        assert "--base-url" in found["two"].detail
        assert "--from DIR" in found["two"].detail
        with pytest.raises(TimeoutError):
            other.accept()


def test_no_server_at_all(goldset):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = list(fetch_set(goldset, base=f"http://127.0.0.1:{port}"))
    assert {one.state for one in found} == {"failed"}
    assert "refused" in found[0].detail
    assert {one.state for one in fetch_set(goldset, base="file:///etc")} == {"failed"}


def test_texts_from_a_local_copy(goldset, tmp_path):
    for name, raw in RAW.items():
        place = tmp_path / "copy" / ("a b" if name == "one" else "")
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.txt").write_bytes(raw)
    assert set(states(goldset, local=tmp_path / "copy").values()) == {"fetched"}
    assert {one.state for one in fetch_set(goldset, local=tmp_path)} == {"here"}


def test_texts_that_are_not_in_the_local_copy(goldset, tmp_path):
    found = list(fetch_set(goldset, local=tmp_path))
    assert {one.state for one in found} == {"failed"}
    assert "cannot be read: No such file" in found[0].detail


def test_a_text_that_is_not_the_labelled_one(goldset, server):
    path = goldset / "one.gold"
    text = "Un texte sur one.\n\nÀ Lyon, samedi, un autre jour."
    path.write_text(render(withhold(read(example("LOC Lyon", text=text, id='"one"')))))
    (failed,) = [one for one in fetch_set(goldset) if one.state == "failed"]
    assert (
        "the text is another one" in failed.detail
        or "not those that were labelled" in failed.detail
    )


@pytest.mark.parametrize("path", ["../x.txt", "/etc/passwd", "a//b", "a\\\\b"])
def test_paths_stay_inside_the_repository(goldset, server, path):
    config = goldset / "set.toml"
    config.write_text(config.read_text().replace("a b/one.txt", path))
    (failed,) = [one for one in fetch_set(goldset) if one.state == "failed"]
    assert "is not a path inside the repository" in failed.detail


def test_a_set_that_names_no_place(goldset):
    config = goldset / "set.toml"
    config.write_text(config.read_text().replace("owner/texts", "https://x"))
    with pytest.raises(GoldError, match="name no place"):
        list(fetch_set(goldset))
    config.unlink()
    with pytest.raises(GoldError, match="does not say where its texts are published"):
        list(fetch_set(goldset))


def test_an_article_without_origin(goldset, server):
    config = goldset / "set.toml"
    config.write_text("".join(line for line in config.open() if not line.startswith("one")))
    (failed,) = [one for one in fetch_set(goldset) if one.state == "failed"]
    assert "'one' has no path and sha256" in failed.detail


def test_the_default_address(monkeypatch):
    monkeypatch.delenv("FACTHARNESS_TEXTS_URL", raising=False)
    assert base_url() == "https://raw.githubusercontent.com"


def test_the_command(goldset, server, capsys, monkeypatch):
    monkeypatch.setattr(Handler, "wrong", frozenset({"one"}))
    for expected, line in (
        (2, "2 texts fetched, 0 already here, 1 failed"),
        (2, "0 texts fetched, 2 already"),
    ):
        with pytest.raises(SystemExit) as caught:
            main(["gold", "fetch", str(goldset)])
        assert caught.value.code == expected
        out, err = capsys.readouterr()
        assert out.startswith(line)
        assert err.startswith("one: a b/one.txt has the SHA-256")
    with pytest.raises(SystemExit) as caught:
        main(["gold", "fetch", str(goldset), "--base-url", f"{server}/none"])
    assert caught.value.code == 2
    assert "HTTP 404" in capsys.readouterr().err
