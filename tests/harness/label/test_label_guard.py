"""Nobody but the browser that the user opened gets an answer from the labelling page's server."""

import json

import pytest
from label_articles import source

pytest.importorskip("starlette")
pytest.importorskip("uvicorn")

from label_client import Client, served

from factharness.label.guard import MAX_BODY
from factharness.label.workspace import Settings, Workspace

SAVE = "/api/articles/essai/save"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    (folder / "essai.gold").write_text(source(), encoding="utf-8")
    (folder.parent / "secret.gold").write_text(source(), encoding="utf-8")
    with served(Workspace(folder, Settings())) as client:
        yield client.log_in()


def test_the_right_browser_is_let_in(server):
    assert server.get("/api/articles")[0] == 200
    assert server.send("GET", "/")[0] == 200
    assert server.send("GET", "/api/articles", Host=f"localhost:{server.port}")[0] == 200
    assert server.send("GET", "/api/articles", Origin=f"http://127.0.0.1:{server.port}")[0] == 200


@pytest.mark.parametrize(
    "path", ["/", "/page.js", "/page.css", "/api/articles", "/api/articles/essai"]
)
@pytest.mark.parametrize(
    "cookie", [None, "factharness-label-{}=", "factharness-label-{}=é", "factharness-label-{}=x"]
)
def test_without_the_token_nothing_is_answered(server, path, cookie):
    given = None if cookie is None else cookie.format(server.port).encode().decode("latin-1")
    status, _, body = server.send("GET", path, Cookie=given)
    assert status == 403
    assert json.loads(body) == {
        "error": "not let in",
        "remedy": "copy the address that the command printed into a new tab",
    }


def test_the_token_of_another_server_is_no_token(server, tmp_path):
    (tmp_path / "essai.gold").write_text(source(), encoding="utf-8")
    with served(Workspace(tmp_path, Settings())) as other:
        cookie = other.log_in().cookie.replace(str(other.port), str(server.port))
        assert server.send("GET", "/api/articles", Cookie=cookie)[0] == 403
    for wrong in ("/?token=", "/?token=x", "/"):
        status, headers, _ = server.send("GET", wrong, Cookie=None)
        assert status == 403
        assert "set-cookie" not in headers


def test_the_cookie_is_for_this_site_and_no_script(server):
    address = server.address.partition(str(server.port))[2]
    status, headers, _ = Client(server.address).send("GET", address)
    assert status == 303
    assert headers["location"] == "/"  # the token does not stay in the address
    given = {part.strip().lower() for part in headers["set-cookie"].split(";")[1:]}
    assert given == {"httponly", "samesite=strict", "path=/"}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Host": "127.0.0.1"},
        {"Host": "0.0.0.0:{port}"},
        {"Origin": "http://evil.example"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_names_and_sites_are_refused(server, headers, method):
    given = {name: value.format(port=server.port) for name, value in headers.items()}
    path, body = (SAVE, {}) if method == "POST" else ("/api/articles", None)
    status, _, answer = server.send(method, path, body, **given)
    assert status == 403
    assert b"another" in answer


def test_every_answer_forbids_what_the_page_does_not_need(server):
    for path, cookie in (("/", server.cookie), ("/api/articles", None), ("/none", server.cookie)):
        _, headers, _ = server.send("GET", path, Cookie=cookie)
        policy = dict(
            part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
        )
        assert policy["default-src"] == "'self'"
        assert {"frame-ancestors", "base-uri", "form-action"} <= policy.keys()
        assert all(
            policy[key] == "'none'" for key in ("frame-ancestors", "base-uri", "form-action")
        )
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", None])
def test_only_json_is_read(server, kind):
    assert server.send("POST", SAVE, b"{}", Content_Type=kind)[0] == 415


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"[]", b'{"hash": 1}', b"\xff", b"[" * 100_000),
        b'{"hash":"","tab":"","number":1,"operations":[],"path":"/"}',
    ],
    ids=lambda body: repr(body[:20]),
)
def test_other_json_is_refused(server, body):
    status, _, answer = server.send("POST", SAVE, body)
    assert status == 400
    assert json.loads(answer)["remedy"]


def test_a_large_body_is_refused_before_it_is_read(server):
    assert server.send("POST", SAVE, b" " * 10, Content_Length=str(MAX_BODY + 1))[0] == 413
    assert server.send("POST", SAVE, b" ", Content_Length="+1")[0] in (400, 411)


def test_a_body_without_its_length_is_refused(server):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request(
        "POST", SAVE, iter([b"{}"]), {"Cookie": server.cookie, "Content-Type": "application/json"}
    )
    assert connection.getresponse().status == 411
    connection.close()


@pytest.mark.parametrize(
    "name",
    [
        *("secret", "../secret", "..%2Fsecret", "%2e%2e%2fsecret", "essai.gold"),
        *("", ".", "%00", "a" * 5000, "/etc/passwd"),
    ],
    ids=lambda name: name[:20],
)
def test_only_articles_of_the_set_are_opened(server, name):
    status, _, body = server.send("GET", f"/api/articles/{name}")
    assert status in (404, 307, 400)
    assert b"Alice" not in body


def test_no_other_method_is_known(server):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert server.send(method, "/api/articles", b"{}")[0] == 405
