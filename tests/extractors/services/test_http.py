"""Back end ``http``: against a local service that does its work, and one that does not."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stub_service import AT_ONCE, Request, serving

from fact_extractors.services import service
from fact_extractors.services.http import HttpExtractor, build
from factharness.backends import workers
from factharness.backends.recipe import Recipe
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Date, Span
from factharness.testing import check_extractor

YEAR = [Date(Span(3, 7), "DATE", "2024")]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FIRST_WAIT", 0.01)


def years(request: Request) -> None:
    """What a service should do."""
    article = json.loads(request.body)
    facts = [
        {"kind": "date", "span": found.span(), "type": "DATE", "value": found[0]}
        for found in re.finditer(r"\b20\d\d\b", article["text"])
    ]
    request.answer(json.dumps({"id": article["id"], "facts": facts}))


def misbehave(request: Request) -> None:
    """What one should not do, by the text of the article."""
    article = json.loads(request.body)
    nobody, name = '{"facts": []}', article["id"]
    match article["text"]:
        case "prose":
            request.answer("Voici les faits :")
        case "empty":
            request.answer("")
        case "html":
            request.answer("<html>", 503)
        case "no id":
            request.answer(nobody)
        case "null":
            request.answer(json.dumps({"id": name, "facts": None}))
        case "outside":
            far = {"kind": "entity", "span": [0, 99], "label": "PER"}
            request.answer(json.dumps({"id": name, "facts": [far]}))
        case "400":
            request.answer("bad", 400)
        case "401":
            request.answer("who are you", 401)
        case "moved":
            request.answer("", 302, Location="/elsewhere")
        case "429":
            request.answer("later", 429)
        case "cut":
            request.answer('{"id": "', Content_Length="1000")
        case "hang up":
            request.connection.shutdown(socket.SHUT_RDWR)
        case "gibberish":
            request.wfile.write(b"\x00\xff no HTTP at all\r\n\r\n")
        case _:
            years(request)


SAID = {
    "prose": "not an answer",
    "empty": "not an answer",
    "html": "status 503",
    "no id": "missing required field `id`",
    "null": "either facts or an error",
    "outside": "a fact outside the text",
    "400": "status 400",
    "401": "status 401",
    "moved": "status 302",
    "429": "status 429",
    "cut": "too early",
    "hang up": "",
    "gibberish": "BadStatusLine",
}
AGAIN = {"html", "429", "cut", "hang up", "gibberish"}
"""Those worth another try."""


def ask(extractor: HttpExtractor, *texts: str) -> list[Outcome]:
    return list(extractor.extract(Article(str(n), text) for n, text in enumerate(texts)))


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_service_keeps_the_contract(at_once: int) -> None:
    with serving(years) as stub:
        check_extractor(build, url=stub.url, kinds=["date"], at_once=at_once)


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.sampled_from([*SAID, "En 2024"]), max_size=8), at_once=st.integers(1, 3))
def test_each_article_fails_alone_and_says_why(texts: list[str], at_once: int) -> None:
    with serving(misbehave) as stub:
        outcomes = ask(build(stub.url, kinds=["date"], retries=0, at_once=at_once), *texts)
    assert len(outcomes) == len(texts)
    for text, said in zip(texts, outcomes, strict=True):
        if text in SAID:
            assert isinstance(said, ExtractionError)
            assert SAID[text] in str(said)
        else:
            assert list(said) == YEAR  # type: ignore[arg-type]


@pytest.mark.parametrize("text", SAID)
def test_only_a_failure_that_may_pass_is_tried_again(text: str) -> None:
    with serving(misbehave) as stub:
        ask(build(stub.url, retries=2), text)
        assert len(stub.bodies) == (3 if text in AGAIN else 1)


@pytest.mark.parametrize(
    ("status", "tries"),
    [(408, 2), (425, 2), (500, 2), (507, 2), (520, 2), (599, 2), (404, 1), (501, 1), (505, 1)],
)
def test_which_statuses_are_tried_again(status: int, tries: int) -> None:
    with serving(lambda request: request.answer("", status)) as stub:
        (said,) = ask(build(stub.url, retries=1), "")
        assert len(stub.bodies) == tries
    assert f"status {status}" in str(said)


def test_a_service_that_recovers_is_not_an_error() -> None:
    def shaky(request: Request) -> None:
        if len(stub.bodies) < 3:
            request.answer("overloaded", 500)
        else:
            years(request)

    with serving(shaky) as stub:
        (said,) = ask(build(stub.url, kinds=["date"]), "En 2024")
    assert list(said) == YEAR  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "how", [Request.never, Request.drip, Request.drip_to_the_end, Request.drip_headers]
)
def test_the_time_limit_holds_however_the_service_dawdles(how: object) -> None:
    with serving(how) as stub:  # type: ignore[arg-type]
        start = time.perf_counter()
        (said,) = ask(build(stub.url, timeout=0.6), "En 2024")
        assert "no answer within 0.6 s" in str(said)
        assert time.perf_counter() - start < AT_ONCE
        assert len(stub.bodies) <= 1  # it may give up before the service has read


def test_the_time_limit_holds_when_it_passes_before_there_is_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = socket.create_connection

    def late(*place: Any, **more: Any) -> socket.socket:
        time.sleep(0.5)
        return connect(*place, **more)

    with serving(Request.drip_to_the_end) as stub:
        extractor = build(stub.url, timeout=0.2, retries=0)
        monkeypatch.setattr(socket, "create_connection", late)
        start = time.perf_counter()
        (said,) = ask(extractor, "En 2024")
        assert "no answer within 0.2 s" in str(said)
        assert time.perf_counter() - start < AT_ONCE


def test_the_time_limit_of_a_run_holds_as_well() -> None:
    with serving(Request.never) as stub:
        recipe = Recipe("http", {"url": stub.url}, ".", timeout=0.5)
        start = time.perf_counter()
        ((made, _),) = workers.run(recipe, recipe.build(), [Article("a", "")], workers.Placement())
    assert time.perf_counter() - start < AT_ONCE
    assert "took more than 0.5 s" in str(made.error)


def test_retry_after_is_obeyed_unless_it_takes_too_long() -> None:
    def busy(request: Request) -> None:
        wait = json.loads(request.body)["text"]
        if len(stub.bodies) == 1:
            request.answer("", 429, Retry_After=wait)
        else:
            years(request)

    for wait, tries in (("0.3", 2), ("3600", 1), ("Wed, 21 Oct 2015 07:28:00 GMT", 2)):
        with serving(busy) as stub:
            start = time.perf_counter()
            ask(build(stub.url, timeout=AT_ONCE), wait)
            assert len(stub.bodies) == tries
            assert time.perf_counter() - start >= (0.3 if wait == "0.3" else 0)


def test_the_waits_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(service.time, "sleep", waits.append)
    with serving(lambda request: request.answer("", 500)) as stub:
        ask(build(stub.url, retries=3), "")
    assert waits == [0.01, 0.02, 0.04]


def test_nobody_listening_is_said_before_the_first_article() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
    with pytest.raises(BackendUnavailable, match="cannot be reached"):
        build(url).load()
    (said,) = ask(build(url, retries=1), "En 2024")
    assert "ConnectionRefusedError" in str(said)


def test_a_token_is_sent_and_recorded_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_KEY", "s3cret")
    with serving(years) as stub:
        extractor = build(stub.url, kinds=["date"], key_env="STUB_KEY", headers={"X-Team": "news"})
        extractor.load()
        ask(extractor, "En 2024")
        assert stub.headers[0]["Authorization"] == "Bearer s3cret"
        assert stub.headers[0]["X-Team"] == "news"
    assert "s3cret" not in repr(extractor.fingerprint())
    monkeypatch.delenv("STUB_KEY")
    with pytest.raises(BackendUnavailable, match="STUB_KEY is not set"):
        extractor.load()


@pytest.fixture
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "no_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


NAME_AND_PASSWORD = "Basic " + b64encode("zoé:pass:word".encode()).decode()


@pytest.mark.parametrize("scheme", ["http://", ""])
@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_gets_its_name_and_password_and_the_whole_url(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    asked = []

    def proxy(request: Request) -> None:
        asked.append(request.path)
        years(request)

    with serving(proxy) as stub:
        place = f"zo%C3%A9:pass%3Aword@127.0.0.1:{stub.server_address[1]}"
        monkeypatch.setenv("http_proxy", scheme + place)
        (said,) = ask(build("http://news.invalid/facts?v=1", kinds=["date"]), "En 2024")
        assert list(said) == YEAR  # type: ignore[arg-type]
        assert asked == ["http://news.invalid/facts?v=1"]
        assert stub.headers[0]["Proxy-Authorization"] == NAME_AND_PASSWORD
        monkeypatch.setenv("no_proxy", "127.0.0.1,news.invalid")
        ask(build("http://news.invalid/facts", retries=0), "En 2024")
        assert len(asked) == 1


@pytest.mark.usefixtures("no_proxies")
def test_a_tunnel_gets_name_and_password_and_the_service_behind_it_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(years) as stub:
        place = f"zo%C3%A9:pass%3Aword@127.0.0.1:{stub.server_address[1]}"
        monkeypatch.setenv("https_proxy", f"http://{place}")
        extractor = build("https://news.invalid/facts", retries=0)
        with pytest.raises(BackendUnavailable, match="407"):
            extractor.load()
        (said,) = ask(extractor, "En 2024")
        assert "407" in str(said)
        assert [one["Proxy-Authorization"] for one in stub.headers] == [NAME_AND_PASSWORD] * 2
        assert stub.bodies == []


@pytest.mark.usefixtures("no_proxies")
def test_a_proxy_without_a_name_gets_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(years) as stub:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{stub.server_address[1]}")
        ask(build("http://news.invalid/facts"), "En 2024")
        assert "Proxy-Authorization" not in stub.headers[0]


@pytest.mark.parametrize(
    "named", ["http://me:s3cret@", "me:s3cret@h:99999", "socks5://me:s3cret@h:1", "http://[s3cret"]
)
@pytest.mark.usefixtures("no_proxies")
def test_what_is_no_proxy_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("http_proxy", named)
    extractor = build("http://news.invalid/facts")
    with pytest.raises(BackendUnavailable, match="http_proxy names no HTTP proxy") as caught:
        extractor.load()
    (said,) = ask(extractor, "En 2024")
    assert "http_proxy names no HTTP proxy" in str(said)
    assert "s3cret" not in f"{caught.value} {said}"


@pytest.mark.parametrize("key", ["s3cret\n", "s3cret clé", "s3cret\r\nX-Other: 1", " s3cret"])
def test_a_key_that_no_header_can_carry_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("STUB_KEY", key)
    with serving(years) as stub:
        extractor = build(stub.url, key_env="STUB_KEY")
        with pytest.raises(BackendUnavailable, match="STUB_KEY holds what no key can") as caught:
            extractor.load()
        (said,) = ask(extractor, "En 2024")
        assert stub.bodies == []
    assert "STUB_KEY holds what no key can" in str(said)
    assert "s3cret" not in f"{caught.value} {said}"


def json_spelling(key: str, how: str) -> str:
    """A key as a string of JSON may have it: as it is, or with each character escaped."""
    if how == "plain":
        return json.dumps(key)
    return '"' + "".join(f"\\u{ord(character):04X}" for character in key) + '"'


KEYS = ["sk-Prénom".replace("é", "e"), 's"3\\c/ret', "a.b*c+d(e)[f]"]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("how", ["plain", "escaped"])
@pytest.mark.parametrize(
    "where", ["label", "value", "name", "error", "id", "prose", "cut", "field"]
)
def test_a_key_that_the_service_repeats_stands_in_no_answer(
    monkeypatch: pytest.MonkeyPatch, key: str, how: str, where: str
) -> None:
    spelt = json_spelling(key, how)
    answers = {
        "label": f'{{"id": "0", "facts": [{{"kind": "entity", "span": [0, 2], "label": {spelt}}}]}}',
        "value": '{"id": "0", "facts": [{"kind": "date", "span": [0, 2], "type": "DATE", '
        f'"value": {spelt}}}]}}',
        "name": '{"id": "0", "facts": [{"kind": "quote", "content": [[0, 2]], "type": "direct", '
        f'"speaker_name": {spelt}}}]}}',
        "error": f'{{"id": "0", "error": {spelt}}}',
        "id": f'{{"id": {spelt}, "facts": []}}',
        "prose": f"unknown key {spelt}",
        "cut": "x" * (78 - len(spelt) // 2) + spelt,
        "field": f'{{"id": "0", "facts": [], {spelt}: 1, "error": 3}}',
    }
    monkeypatch.setenv("STUB_KEY", key)
    with serving(lambda request: request.answer(answers[where])) as stub:
        (said,) = ask(build(stub.url, key_env="STUB_KEY", retries=0), "En 2024")
    told = repr(said) + str(said)
    assert "***" in told or where in ("id", "field"), told
    for begun in (key, key[:5], repr(key)[1:-1], spelt[1:-1], spelt[1:-1][:24]):
        assert begun not in told


@pytest.mark.parametrize("status", [200, 401, 503])
def test_a_key_in_a_status_line_or_a_page_is_not_told(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def echo(request: Request) -> None:
        if status == 200:
            request.wfile.write(f"{request.headers['Authorization']}\r\n\r\n".encode())
            return
        request.send_response(status, f"no {request.headers['Authorization']}")
        request.send_header("X-Key", request.headers["Authorization"])
        request.end_headers()
        request.wfile.write(str(request.headers).encode())

    monkeypatch.setenv("STUB_KEY", "sk-12345678")
    with serving(echo) as stub:
        (said,) = ask(build(stub.url, key_env="STUB_KEY", retries=1), "En 2024")
    assert isinstance(said, ExtractionError)
    assert "***" in str(said)
    assert "sk-12" not in str(said)
    assert said.__cause__ is None


def test_a_key_that_is_no_secret_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_KEY", "date")
    with serving(years) as stub:
        (said,) = ask(build(stub.url, key_env="STUB_KEY"), "En 2024")
    assert not isinstance(said, ExtractionError)
    assert list(said) == YEAR


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=6, max_size=12), st.data()
)
def test_no_spelling_of_a_key_is_overlooked(key: str, data: st.DataObject) -> None:
    spelt = "".join(
        data.draw(
            st.sampled_from([character, f"\\u{ord(character):04x}", f"\\u{ord(character):04X}"])
        )
        for character in key
    )
    once = spelt if '"' not in spelt else spelt.replace('"', '\\"')
    for nested in (once, json.dumps(once)[1:-1], json.dumps(json.dumps(once)[1:-1])[1:-1]):
        assert service._spellings(key).sub(b"***", f"<{nested}>".encode()) == b"<***>"


def test_requests_go_out_together_when_asked_to() -> None:
    all_here = threading.Barrier(6, timeout=AT_ONCE)

    def answered_when_all_are_here(request: Request) -> None:
        all_here.wait()
        years(request)

    with serving(answered_when_all_are_here) as stub:
        outcomes = ask(build(stub.url, kinds=["date"], at_once=6), *["En 2024"] * 6)
    assert [list(one) for one in outcomes] == [YEAR] * 6  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "no url is given"),
        ({"url": "localhost:8000"}, "is no URL"),
        ({"url": "http://localhost:99999"}, "is no URL"),
        ({"url": "http://[::1"}, "is no URL"),
        ({"url": "http://a b/"}, "is no URL"),
        ({"url": "ftp://localhost/"}, "is no URL"),
        ({"url": "http://me:secret@localhost/"}, "password"),
        ({"url": "http://localhost/", "retries": -1}, "retries = -1"),
        ({"url": "http://localhost/", "at_once": 0}, "at_once = 0"),
        ({"url": "http://localhost/", "timeout": "1"}, "timeout = '1'"),
        ({"url": "http://localhost/", "timeout": float("inf")}, "timeout = inf"),
        ({"url": "http://localhost/", "timeout": 1e12}, "more than a week"),
        ({"url": "http://localhost/", "headers": ["X-Team"]}, "headers = ['X-Team']"),
        ({"url": "http://localhost/", "headers": {"X-Team": 3}}, "headers.X-Team = 3"),
        ({"url": "http://localhost/", "headers": []}, "headers = [] is not a table"),
        ({"url": "http://localhost/", "headers": {"X Team": "a"}}, "'X Team' is no name"),
        ({"url": "http://localhost/", "headers": {"": "a"}}, "'' is no name"),
        ({"url": "http://localhost/", "headers": {"X-Team": "secret\n"}}, "headers.X-Team holds"),
        ({"url": "http://localhost/", "headers": {"X-Team": "secret ツ"}}, "headers.X-Team holds"),
        ({"url": "http://localhost/", "key_env": 3}, "key_env = 3"),
        ({"url": "http://localhost/", "kinds": 3}, "kinds = 3"),
        ({"url": 3}, "url = 3"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, object], said: str) -> None:
    with pytest.raises(BackendError, match=re.escape(said)) as caught:
        build(**options)  # type: ignore[arg-type]
    assert "secret" not in str(caught.value)


def test_the_fingerprint_follows_address_version_and_options() -> None:
    url = "http://localhost:8000/"
    made = [build(url), build(url + "x"), build(url, version="2"), build(url, kinds=["date"])]
    made += [build(url, headers={"X-Model": name}) for name in ("small", "large")]
    assert len({tuple(sorted(one.fingerprint().items())) for one in made}) == len(made)
    assert "large" not in repr(made[-1].fingerprint())
    assert build(url).fingerprint() == build(url, at_once=4, retries=0, timeout=1).fingerprint()
