"""Back end ``command``: a program that does its work, and one that does everything wrong it can."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fact_extractors.services import command
from fact_extractors.services.command import CommandExtractor, build
from factharness.backends import workers
from factharness.backends.recipe import Recipe
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import Article, Date, Span
from factharness.testing import check_extractor

PROGRAM = """
import json, os, re, sys, time
print(f"pid {os.getpid()}", file=sys.stderr, flush=True)
for number, line in enumerate(sys.stdin):
    article = json.loads(line)
    text, answer = article["text"], {"id": article["id"], "facts": []}
    if text == "die": sys.exit("out of luck")
    if text == "die unless fresh" and number: os._exit(7)
    if text == "sleep": time.sleep(60)
    if text == "close": sys.stdout.close(); os.close(1); time.sleep(60)
    if text == "error": answer = {"id": article["id"], "error": "too hard"}
    if text == "other": answer["id"] = "another"
    if text == "both": answer["error"] = "and facts"
    if text == "outside": answer["facts"] = [{"kind": "entity", "span": [0, 999], "label": "PER"}]
    if text == "backwards": answer["facts"] = [{"kind": "entity", "span": [3, 1], "label": "PER"}]
    if text == "unknown": answer["facts"] = [{"kind": "verb", "span": [0, 1]}]
    if text == "deep": print("[" * 100_000, flush=True); continue
    if text == "prose": print("Voici :\\n" + json.dumps(answer), flush=True); continue
    if text == "latin": sys.stdout.buffer.write(b'{"id": "\\xe9"}\\n'); sys.stdout.flush(); continue
    if text == "cut": print(json.dumps(answer)[:9], end="", flush=True); os._exit(0)
    for year in re.finditer(r"\\b20\\d\\d\\b", text):
        answer["facts"].append({"kind": "date", "span": year.span(), "type": "DATE", "value": year[0]})
    print(json.dumps(answer), flush=True)
"""
SAID = {
    "die": "ended with status 1 without an answer: out of luck",
    "close": "closed its output",
    "error": "too hard",
    "other": "an answer for article 'another'",
    "both": "either facts or an error",
    "outside": "a fact outside the text",
    "backwards": "a span needs",
    "unknown": "verb",
    "deep": "not an answer",
    "prose": "not an answer",
    "latin": "not an answer",
    "cut": "not an answer",
}
"""What is wrong with the program's answer to a text, by the text."""

FINE = {"En 2024": [Date(Span(3, 7), "DATE", "2024")], "die unless fresh": [], "": []}


AT_ONCE = 30
"""Seconds: far more than it takes to stop a program on a busy machine, far less than the program sleeps."""


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that ends may take its time to do so."""
    monkeypatch.setattr(command, "GRACE", AT_ONCE)


@pytest.fixture(scope="module")
def argv(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("program") / "years.py"
    path.write_text(PROGRAM, encoding="utf-8")
    return [sys.executable, str(path)]


def ask(extractor: CommandExtractor, texts: Sequence[str]) -> list[Outcome]:
    return list(extractor.extract(Article(str(n), text) for n, text in enumerate(texts)))


def test_a_program_keeps_the_contract(argv: list[str]) -> None:
    check_extractor(build, command=argv, kinds=["date"])


def test_it_is_started_once(argv: list[str], tmp_path: Path) -> None:
    log = tmp_path / "starts"
    counting = tmp_path / "counting.py"
    counting.write_text(f"open({str(log)!r}, 'a').write('x')\n{PROGRAM}", encoding="utf-8")
    extractor = build([argv[0], str(counting)], kinds=["date"])
    assert not log.exists(), "building one starts nothing"
    extractor.load()
    ask(extractor, ["En 2024"] * 5)
    ask(extractor, ["En 2024"] * 5)
    assert log.read_text() == "x"


def test_what_a_fresh_program_dies_of_is_not_tried_twice(argv: list[str], tmp_path: Path) -> None:
    log = tmp_path / "starts"
    dying = f"open({str(log)!r}, 'a').write('x')\nraise SystemExit('no model')"
    first, second = ask(build([argv[0], "-c", dying]), ["", ""])
    assert "no model" in str(first)
    assert "no model" in str(second)
    assert log.read_text() == "xx"


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.sampled_from([*SAID.keys() - {"close"}, *FINE]), min_size=1, max_size=6))
def test_each_article_fails_alone_and_says_why(argv: list[str], texts: list[str]) -> None:
    outcomes = ask(build(argv, kinds=["date"]), texts)
    assert len(outcomes) == len(texts)
    for text, said in zip(texts, outcomes, strict=True):
        if text in SAID:
            assert isinstance(said, ExtractionError)
            assert SAID[text] in str(said)
        else:
            assert not isinstance(said, ExtractionError)
            assert list(said) == FINE[text]


@pytest.mark.parametrize("text", SAID)
def test_the_article_after_a_bad_one_is_fine(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], text: str
) -> None:
    if text == "close":  # the program does not end, however long one waits
        monkeypatch.setattr(command, "GRACE", 0.2)
    bad, good = ask(build(argv, kinds=["date"]), [text, "En 2024"])
    assert SAID[text] in str(bad)
    assert list(good) == FINE["En 2024"]  # type: ignore[arg-type]


def test_a_slow_program_is_stopped(monkeypatch: pytest.MonkeyPatch, argv: list[str]) -> None:
    start = time.perf_counter()
    extractor = build(argv, kinds=["date"], timeout=0.5)
    (slow,) = ask(extractor, ["sleep"])
    assert "no answer within 0.5 s" in str(slow)
    assert time.perf_counter() - start < AT_ONCE
    monkeypatch.setattr(extractor, "_timeout", AT_ONCE)  # starting it again may take longer
    (good,) = ask(extractor, ["En 2024"])
    assert list(good) == FINE["En 2024"]  # type: ignore[arg-type]


def test_the_time_limit_of_a_run_holds_as_well(argv: list[str]) -> None:
    options = {"command": argv, "kinds": ["date"]}
    hurried = Recipe("command", options, ".", timeout=0.5)
    unhurried = Recipe("command", options, ".")  # starting the program may take a while
    extractor = hurried.build()
    made = []
    start = time.perf_counter()
    for recipe, text in ((unhurried, "En 2024"), (hurried, "sleep"), (unhurried, "En 2024")):
        made += workers.run(recipe, extractor, [Article("a", text)], workers.Placement())
    before, slow, after = (prediction for prediction, _ in made)
    assert time.perf_counter() - start < AT_ONCE
    assert "took more than 0.5 s" in str(slow.error)
    assert before.facts == after.facts == tuple(FINE["En 2024"])


def test_a_program_that_does_not_read_is_stopped() -> None:
    deaf = [sys.executable, "-c", "import time; time.sleep(60)"]
    (said,) = ask(build(deaf, timeout=0.5), ["x" * 1_000_000])
    assert "no answer within" in str(said)


def test_what_the_program_started_does_not_keep_it_waiting() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(60)'])"
    start = time.perf_counter()
    (said,) = ask(build([sys.executable, "-c", code], timeout=0.5), [""])
    assert "no answer within" in str(said)
    assert time.perf_counter() - start < AT_ONCE


WITH_DAEMON = """
import json, subprocess, sys, time
code = "import time; time.sleep(600)"
daemon = subprocess.Popen([sys.executable, "-c", code], start_new_session=True)
open(sys.argv[1], "w").write(str(daemon.pid))
print(json.dumps({"id": json.loads(sys.stdin.readline())["id"], "facts": []}), flush=True)
time.sleep(600)
"""
"""A program that answers once, and leaves a daemon behind that holds its pipes and does not touch them."""


@pytest.mark.skipif(os.name != "posix", reason="sessions are of POSIX")
@pytest.mark.parametrize("text", ["", "x" * 1_000_000], ids=["reading", "writing"])
def test_a_daemon_that_holds_the_pipes_is_not_waited_for(tmp_path: Path, text: str) -> None:
    pid = tmp_path / "pid"
    extractor = build([sys.executable, "-c", WITH_DAEMON, str(pid)])
    try:
        assert ask(extractor, ["started"]) == [()]
        extractor._timeout = 0.3
        start = time.perf_counter()
        (said,) = ask(extractor, [text])
        assert "no answer within 0.3 s" in str(said)
        assert time.perf_counter() - start < 60
    finally:
        os.kill(int(pid.read_text()), signal.SIGKILL)


def test_the_record_that_goes_out_is_the_documented_one(tmp_path: Path) -> None:
    echo = "import json,sys\nfor l in sys.stdin: print(json.dumps({'id': 'a', 'error': l}), flush=True)"
    article = Article("a", "« É 😀 »\n\nb", date(2024, 3, 5), meta={"rubrique": "monde"})
    (said,) = build([sys.executable, "-c", echo]).extract([article])
    assert str(said) == (
        '{"id":"a","text":"« É 😀 »\\n\\nb","published":"2024-03-05","lang":"fr",'
        '"meta":{"rubrique":"monde"}}\n'
    )


def test_a_text_that_is_no_unicode_is_an_error() -> None:
    cat = "import sys\nfor l in sys.stdin: print(l, end='', flush=True)"
    (said,) = build([sys.executable, "-c", cat]).extract([Article("a", "\ud800")])
    assert "cannot be sent" in str(said)


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({}, BackendError, "no command is given"),
        ({"command": "python 'x"}, BackendError, "close the quotes"),
        ({"command": "no-such-program-anywhere x"}, BackendUnavailable, "there is no program"),
        ({"command": [sys.executable], "kinds": ["dates"]}, BackendError, "did you mean 'date'?"),
        ({"command": [sys.executable], "kinds": []}, BackendError, "kinds is empty"),
        ({"command": [sys.executable], "label_scheme": "conl"}, BackendError, "'conll'"),
        ({"command": [sys.executable], "timeout": 0}, BackendError, "not a number above 0"),
        ({"command": [sys.executable], "timeout": 1e12}, BackendError, "more than a week"),
        ({"command": {"python": 1}}, BackendError, "is not a list"),
        ({"command": [sys.executable, 1]}, BackendError, "command = 1 is not a text"),
    ],
)
def test_options_that_make_no_sense(
    options: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said.replace("?", r"\?")):
        build(**options)  # type: ignore[arg-type]


def test_the_fingerprint_follows_the_program_its_arguments_and_the_options(
    argv: list[str], tmp_path: Path
) -> None:
    changed = tmp_path / "years.py"
    changed.write_text(PROGRAM + "\n# changed\n", encoding="utf-8")
    made = [
        build(argv),
        build([*argv, "--fast"]),
        build([argv[0], str(changed)]),
        build(argv, version="2"),
        build(argv, kinds=["date"]),
        build(argv, label_scheme="conll"),
    ]
    prints = [dict(extractor.fingerprint()) for extractor in made]
    assert len({tuple(sorted(one.items())) for one in prints}) == len(prints)
    changed.write_text(PROGRAM, encoding="utf-8")
    before = prints[2]["files"]
    assert made[2].fingerprint()["files"] != before
