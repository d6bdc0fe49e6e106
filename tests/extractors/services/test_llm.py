"""Back end ``llm``: against a local stub that speaks chat completions, and misbehaves on purpose."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import date
from math import nan
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stub_service import AT_ONCE, Request, Stub, serving

from fact_extractors.services import service
from fact_extractors.services.llm import LlmExtractor, answer, build
from fact_extractors.services.llm.answer import (
    DateWords,
    EntityWords,
    ModelAnswer,
    QuoteWords,
    place,
)
from factharness.errors import BackendError, BackendUnavailable, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import KINDS, Article, Date, Entity, Fact, Quote, Span
from factharness.testing import check_extractor

DAY = date(2024, 3, 6)
NOBODY = {"type": "direct", "speaker": None, "speaker_name": None, "cue": None}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "FIRST_WAIT", 0.01)


def asked(request: Request) -> str:
    """The text of the article the request is about."""
    messages = json.loads(request.body)["messages"]
    text: str = messages[1]["content"].partition("\n\n")[2]
    return text


def say(request: Request, content: object, finish: str = "stop", **message: object) -> None:
    """A chat completion with that content."""
    words = content if isinstance(content, str) or content is None else json.dumps(content)
    choice = {"index": 0, "message": {"content": words, **message}, "finish_reason": finish}
    tokens = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}
    request.answer(json.dumps({"model": "stub-1", "choices": [choice], "usage": tokens}))


def facts(**lists: object) -> dict[str, object]:
    return {"entities": [], "dates": [], "quotes": []} | lists


def entity(text: str, label: str = "LOC") -> dict[str, str]:
    return {"text": text, "label": label}


def diligent(request: Request) -> None:
    """A model that finds capitalised words, years and what stands in guillemets."""
    text = asked(request)

    say(
        request,
        facts(
            entities=[entity(word) for word in re.findall(r"\b[A-Z]\w+", text)],
            dates=[
                {"text": year, "type": "DATE", "value": year}
                for year in re.findall(r"\b20\d\d\b", text)
            ],
            quotes=[{**NOBODY, "content": [q]} for q in re.findall(r"«[^«»]*\w[^«»]*»", text)],
        ),
    )


BAD: dict[str, tuple[Callable[[Request], None], str]] = {
    "prose": (lambda r: say(r, "Voici les faits : Lyon."), "not the JSON asked for"),
    "truncated": (lambda r: say(r, '{"entities": [{"text": "Ly'), "not the JSON asked for"),
    "cut off": (lambda r: say(r, '{"entities": [', "length"), "the answer was cut off"),
    "schema": (lambda r: say(r, facts(entities=[entity("Lyon", "CITY")])), "'CITY'"),
    "missing list": (lambda r: say(r, {"entities": []}), "missing required field `dates`"),
    "offsets": (lambda r: say(r, facts(entities=[[0, 4, "LOC"]])), "not the JSON asked for"),
    "invented": (
        lambda r: say(r, facts(entities=[entity("Paris")])),
        "not in the text, word for word: “Paris”",
    ),
    "inside a word": (lambda r: say(r, facts(entities=[entity("insid")])), "not in the text"),
    "end of a word": (lambda r: say(r, facts(entities=[entity("ord")])), "not in the text"),
    "nothing": (lambda r: say(r, facts(entities=[entity("")])), "not in the text"),
    "no piece": (
        lambda r: say(
            r,
            facts(quotes=[{**NOBODY, "content": []}]),
        ),
        "not in the text",
    ),
    "empty": (lambda r: say(r, ""), "no answer"),
    "null": (lambda r: say(r, None), "no answer"),
    "called": (lambda r: say(r, "{}", "tool_calls"), "'tool_calls'"),
    "filtered": (lambda r: say(r, "", "content_filter"), "'content_filter'"),
    "refused": (lambda r: say(r, None, refusal="I cannot"), "the model refused: I cannot"),
    "surrogate": (lambda r: say(r, '"\ud800"'), ""),
    "no choice": (lambda r: r.answer('{"choices": []}'), "without a choice"),
    "other JSON": (lambda r: r.answer('{"error": "x"}'), "not a chat completion"),
    "no JSON": (lambda r: r.answer("<html>"), "not a chat completion"),
    "400": (lambda r: r.answer('{"error": "no such model"}', 400), "status 400"),
    "429": (lambda r: r.answer("slow down", 429), "status 429"),
    "500": (lambda r: r.answer("oh", 500), "status 500"),
}
"""What a stub does with an article of that text, and what is said of it."""


def misbehave(request: Request) -> None:
    BAD.get(asked(request), (diligent, ""))[0](request)


def make(stub: Stub, folder: Path, **options: Any) -> LlmExtractor:
    options = {"retries": 0, "usage": str(folder / "usage.jsonl")} | options
    return build("stub", stub.url.removesuffix("/facts") + "/v1", **options)


def ask(extractor: LlmExtractor, *texts: str) -> list[Outcome]:
    return list(extractor.extract(Article(str(n), text, DAY) for n, text in enumerate(texts)))


def usage(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "usage.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


# --- the stub as a model -----------------------------------------------------------------------


@pytest.mark.parametrize("at_once", [1, 4])
def test_a_model_keeps_the_contract(tmp_path: Path, at_once: int) -> None:
    with serving(diligent) as stub:
        url = stub.url.removesuffix("/facts")
        check_extractor(build, model="stub", url=url, at_once=at_once, usage=str(tmp_path / "u"))


@pytest.mark.parametrize("text", BAD)
def test_whatever_it_answers_is_an_error_of_that_article_alone(tmp_path: Path, text: str) -> None:
    with serving(misbehave) as stub:
        first, bad, last = ask(make(stub, tmp_path), "Lyon", text, "Lyon en 2024")
    assert first == [Entity(Span(0, 4), "LOC")]
    assert isinstance(bad, ExtractionError)
    assert BAD[text][1] in str(bad)
    assert last == [Entity(Span(0, 4), "LOC"), Date(Span(8, 12), "DATE", "2024")]


@pytest.mark.parametrize("how", [Request.never, Request.drip])
def test_one_that_never_comes_to_an_end_is_given_up(tmp_path: Path, how: Any) -> None:
    with serving(how) as stub:
        start = time.perf_counter()
        (said,) = ask(make(stub, tmp_path, timeout=0.5), "Lyon")
    assert "no answer within 0.5 s" in str(said)
    assert time.perf_counter() - start < AT_ONCE


def test_a_busy_service_is_asked_again(tmp_path: Path) -> None:
    def busy(request: Request) -> None:
        if len(stub.bodies) < 3:
            request.answer("slow down", 429 if len(stub.bodies) == 1 else 500)
        else:
            diligent(request)

    with serving(busy) as stub:
        (said,) = ask(make(stub, tmp_path, retries=2), "Lyon")
    assert said == [Entity(Span(0, 4), "LOC")]


def test_it_is_told_what_was_wrong_and_may_mend_it_once(tmp_path: Path) -> None:
    def learning(request: Request) -> None:
        told = len(json.loads(request.body)["messages"]) > 2
        say(request, facts(entities=[entity("Lyon" if told else "Lyons")]))

    with serving(learning) as stub:
        assert ask(make(stub, tmp_path), "Lyon") == [[Entity(Span(0, 4), "LOC")]]
        mended = json.loads(stub.bodies[1])["messages"]
        assert [one["role"] for one in mended] == ["system", "user", "assistant", "user"]
        assert "“Lyons”" in mended[3]["content"]
        assert len(stub.bodies) == 2
        (said,) = ask(make(stub, tmp_path, repairs=0), "Lyon")
        assert isinstance(said, ExtractionError)
        assert len(stub.bodies) == 3


def test_invented_words_can_be_dropped_and_are_counted(tmp_path: Path) -> None:
    def inventive(request: Request) -> None:
        say(request, facts(entities=[entity("Lyon"), entity("Paris"), entity("Nice")]))

    with serving(inventive) as stub:
        (said,) = ask(make(stub, tmp_path, unfound="drop", repairs=0), "Lyon")
    assert said == [Entity(Span(0, 4), "LOC")]
    assert [line["dropped"] for line in usage(tmp_path)] == [2]


def test_a_speaker_that_is_not_there_is_dropped_and_the_quote_stays(tmp_path: Path) -> None:
    said_by = {**NOBODY, "content": ["« Oui »"], "speaker": "Paul"}
    with serving(lambda request: say(request, facts(quotes=[said_by]))) as stub:
        (said,) = ask(make(stub, tmp_path, unfound="drop", repairs=0), "« Oui »")
    assert said == [Quote((Span(0, 7),), "direct")]
    assert [line["dropped"] for line in usage(tmp_path)] == [1]


def test_tokens_and_cost_are_recorded_for_every_answer_the_bad_ones_too(tmp_path: Path) -> None:
    with serving(misbehave) as stub:
        priced = make(stub, tmp_path, prices={"input": 2, "output": 8})
        ask(priced, "Lyon", "prose")
        free = make(stub, tmp_path)
        ask(free, "Lyon")
    assert priced.usage() == pytest.approx({"tokens in": 3000, "tokens out": 150, "money": 0.0072})
    assert free.usage() == {"tokens in": 1000, "tokens out": 50}
    lines = usage(tmp_path)
    assert [line["article"] for line in lines] == ["0", "1", "1", "0"]
    assert [line["error"] is None for line in lines] == [True, False, False, True]
    assert {(line["model"], line["input_tokens"], line["output_tokens"]) for line in lines} == {
        ("stub-1", 1000, 50)
    }
    assert [line["cost"] for line in lines] == [0.0024, 0.0024, 0.0024, None]


def test_what_is_asked(tmp_path: Path) -> None:
    with serving(diligent) as stub:
        ask(make(stub, tmp_path, kinds=["date"], extra={"seed": 1}), "Lyon\n\n2024")
        ask(make(stub, tmp_path, response_format="none", extra={"temperature": "none"}), "Lyon")
        first, second = map(json.loads, stub.bodies)
    assert (first["model"], first["temperature"], first["seed"]) == ("stub", 0, 1)
    assert first["messages"][1]["content"] == (
        "Leave these lists empty: entities, quotes.\nDate of publication: 2024-03-06\n\nLyon\n\n2024"
    )
    schema = first["response_format"]["json_schema"]["schema"]
    assert schema["type"] == "object"
    assert schema["required"] == ["entities", "dates", "quotes"]
    assert schema["additionalProperties"] is False
    assert "temperature" not in second
    assert "response_format" not in second


def test_every_part_of_the_schema_is_closed_and_typed() -> None:
    def check(part: Any) -> None:
        if isinstance(part, dict):
            if "enum" in part:
                assert part["type"] == "string"
            if "properties" in part:
                assert part["additionalProperties"] is False
                assert part["required"] == list(part["properties"])
            for one in part.values():
                check(one)

    check(answer.schema())


@pytest.mark.parametrize(
    "around",
    [
        "```json\n%s\n```\n",
        "<think>Lyon {is} a town.\nSo:</think>\n%s",
        "Lyon is a town.\n</think>\n\n```json\n%s\n```",
        "<thinking></thinking>%s",
    ],
)
@pytest.mark.parametrize("end", ["stop", "eos_token", "end_turn"])
def test_a_fence_around_the_answer_and_thoughts_before_it_are_forgiven(
    tmp_path: Path, around: str, end: str
) -> None:
    def wordy(request: Request) -> None:
        say(request, around % json.dumps(facts(entities=[entity("Lyon")])), end)

    with serving(wordy) as stub:
        assert ask(make(stub, tmp_path), "Lyon") == [[Entity(Span(0, 4), "LOC")]]


def test_a_mark_of_thoughts_inside_the_answer_is_left_alone(tmp_path: Path) -> None:
    with serving(lambda request: say(request, facts(entities=[entity("a</think>b")]))) as stub:
        (said,) = ask(make(stub, tmp_path), "Un a</think>b")
    assert said == [Entity(Span(3, 13), "LOC")]


@pytest.mark.parametrize("tokens", [None, -5, "many", 2.4, True, [1]])
def test_numbers_of_tokens_that_are_none_cost_no_article(tmp_path: Path, tokens: object) -> None:
    def counting(request: Request) -> None:
        choice = {"message": {"content": json.dumps(facts())}, "finish_reason": "stop"}
        counts = {"prompt_tokens": tokens, "completion_tokens": 7}
        request.answer(json.dumps({"choices": [choice], "usage": counts}))

    with serving(counting) as stub:
        assert ask(make(stub, tmp_path), "Lyon") == [[]]
    (line,) = usage(tmp_path)
    assert (line["input_tokens"], line["output_tokens"]) == (2 if tokens == 2.4 else 0, 7)


@pytest.mark.parametrize("account", [None, [], "none", 0, {}])
def test_nor_does_an_account_that_is_none(tmp_path: Path, account: object) -> None:
    def counting(request: Request) -> None:
        choice = {"message": {"content": json.dumps(facts())}, "finish_reason": "stop"}
        request.answer(json.dumps({"choices": [choice], "usage": account}))

    with serving(counting) as stub:
        assert ask(make(stub, tmp_path), "Lyon") == [[]]
    (line,) = usage(tmp_path)
    assert (line["input_tokens"], line["output_tokens"]) == (0, 0)


# --- from words to offsets ---------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from(
        ["Lyon", "Lyonnais", "l’ONU", "2024", "«\u00a0oui\u202f»", "a", "É", "😀", "\n\n"]
    ),
    max_size=25,
)


@given(
    words=WORDS,
    chosen=st.sets(st.sampled_from(["Lyon", "l’ONU", "2024", "É", "😀"])),
    plain=st.booleans(),
)
def test_every_mention_listed_in_order_is_found_where_it_stands(
    words: list[str], chosen: set[str], plain: bool
) -> None:
    text, wanted, at = " ".join(words), [], 0
    for word in words:
        if word in chosen:
            wanted.append(Span(at, at + len(word)))
        at += len(word) + 1
    said = [span.of(text).replace("’", "'" if plain else "’") for span in wanted]
    placed = place(
        ModelAnswer([EntityWords(one, "ORG") for one in said], [], []), Article("a", text), KINDS
    )
    assert [fact.span for fact in placed.facts if isinstance(fact, Entity)] == wanted
    assert placed.missing == []


@given(words=WORDS, said=st.lists(st.text(max_size=6), max_size=6))
def test_all_is_either_found_or_missing(words: list[str], said: list[str]) -> None:
    text = " ".join(words)
    quotes = [QuoteWords([one], "direct", one, None, one) for one in said if one]
    placed = place(
        ModelAnswer(
            [EntityWords(one, "PER") for one in said],
            [DateWords(one, "DATE", None) for one in said],
            quotes,
        ),
        Article("a", text),
        {"entity", "date"},
    )
    assert len(placed.facts) + len(placed.missing) == 2 * len(said)


TEXT = "« Rien\u00a0! », a-t-il dit à Lyon. Jean, de Lyon, l’a vu\nhier.\n\n« Oui », dit Jean, « oui »."


def placed(*, entities: Any = (), dates: Any = (), quotes: Any = ()) -> list[Fact]:
    found = place(ModelAnswer(list(entities), list(dates), list(quotes)), Article("a", TEXT), KINDS)
    assert found.missing == []
    return found.facts


def spans(*words: str) -> list[str]:
    found = placed(entities=[EntityWords(one, "LOC") for one in words])
    return [f"{f.span.start}:{f.span.of(TEXT)}" for f in found if isinstance(f, Entity)]


def test_repeated_words_take_one_place_each_and_order_is_only_a_hint() -> None:
    assert spans("Lyon", "Jean", "Lyon") == ["25:Lyon", "31:Jean", "40:Lyon"]
    assert spans("Jean", "Lyon", "Lyon") == ["31:Jean", "40:Lyon", "25:Lyon"]
    assert spans("Jean, de Lyon", "Lyon") == ["31:Jean, de Lyon", "40:Lyon"]
    assert spans("Lyon", "Lyon", "Lyon") == ["25:Lyon", "40:Lyon", "40:Lyon"]  # once too often


@pytest.mark.parametrize("said", ['"Rien !"', "« Rien ! »", "“Rien !”", '" Rien\u00a0! "'])
def test_typography_is_forgiven(said: str) -> None:
    (found,) = placed(quotes=[QuoteWords([said], "direct", "il", "Jean", "a-t-il dit")])
    assert found == Quote((Span(0, 10),), "direct", Span(16, 18), "Jean", Span(12, 22))


def test_a_line_end_is_a_space() -> None:
    assert [f.span.of(TEXT) for f in placed(dates=[DateWords("l'a vu hier", "DATE", None)])] == [
        "l’a vu\nhier"
    ]


def test_a_quote_in_pieces_takes_the_nearest_speaker() -> None:
    (found,) = placed(quotes=[QuoteWords(["« Oui »", "« oui »"], "direct", "Jean", None, "dit")])
    assert isinstance(found, Quote)
    assert [span.of(TEXT) for span in found.content] == ["« Oui »", "« oui »"]
    assert found.speaker == Span(TEXT.rindex("Jean"), TEXT.rindex("Jean") + 4)
    assert found.cue == Span(TEXT.rindex("dit"), TEXT.rindex("dit") + 3)


QUOTED = st.lists(st.sampled_from(["il", "dit", "Anne", "vrai", ","]), min_size=1, max_size=6).map(
    " ".join
)
AROUND = st.lists(st.sampled_from(["il", "dit", "Anne", "hier", "."]), max_size=4).map(" ".join)


@given(before=AROUND, pieces=st.lists(QUOTED, min_size=1, max_size=3), incise=AROUND, after=AROUND)
def test_speaker_and_cue_stand_inside_what_is_said_only_if_nowhere_else(
    before: str, pieces: list[str], incise: str, after: str
) -> None:
    said = [f"« {piece} »" for piece in pieces]
    text = f"{before} {f' {incise} '.join(said)} {after}"
    found = place(
        ModelAnswer([], [], [QuoteWords(said, "direct", "il", None, "dit")]),
        Article("a", text),
        KINDS,
    )
    (quote,) = found.facts
    assert isinstance(quote, Quote)
    outside = [before, incise, after] if len(said) > 1 else [before, after]
    for words, span in (("il", quote.speaker), ("dit", quote.cue)):
        inside = span is not None and any(span.overlaps(part) for part in quote.content)
        assert inside == (
            not any(words in each.split() for each in outside)
            and any(words in each.split() for each in pieces)
        )


@pytest.mark.parametrize(
    ("text", "speaker", "start"),
    [
        ("« Si le maire veut partir, il doit le dire », a-t-il dit mardi.", "il", 50),
        ("« Le maire dit vrai, et Anne Roux le sait », dit Anne Roux.", "Anne Roux", 49),
        ("Elle, puis elle : « Non, elle ment », crie-t-on ; elle aussi.", "elle", 11),
    ],
)
def test_the_nearest_speaker_outside_what_is_said_is_meant(
    text: str, speaker: str, start: int
) -> None:
    said = [text[text.index("«") : text.index("»") + 1]]
    found = place(
        ModelAnswer([], [], [QuoteWords(said, "direct", speaker, None, None)]),
        Article("a", text),
        KINDS,
    )
    (quote,) = found.facts
    assert isinstance(quote, Quote)
    assert quote.speaker == Span(start, start + len(speaker))


# --- options -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "model and url are needed"),
        ({"model": "m"}, "model and url are needed"),
        ({"model": "m", "url": "localhost"}, "is no URL"),
        ({"model": "m", "url": "http://x", "response_format": "json"}, "unknown response format"),
        ({"model": "m", "url": "http://x", "unfound": "skip"}, "known: drop, error"),
        ({"model": "m", "url": "http://x", "prices": {"in": 1}}, "prices"),
        ({"model": "m", "url": "http://x", "prices": 3}, "prices = 3 is not a table"),
        ({"model": "m", "url": "http://x", "prices": {"input": -1, "output": 1}}, "prices.input"),
        ({"model": "m", "url": "http://x", "prices": {"input": 1, "output": nan}}, "prices.output"),
        ({"model": "m", "url": "http://x", "prompt": "/no/such/file"}, "cannot be read"),
        ({"model": "m", "url": "http://x", "prompt": 3}, "prompt = 3"),
        ({"model": "m", "url": "http://x", "usage": False}, "usage = False"),
        ({"model": "m", "url": "http://x", "extra": []}, "extra = [] is not a table"),
        ({"model": "m", "url": "http://x", "key_env": 3}, "key_env = 3"),
        ({"model": "m", "url": "http://x", "repairs": -1}, "repairs = -1"),
        ({"model": "m", "url": "http://x", "extra": "seed"}, "extra = 'seed' is not a table"),
        ({"model": 3, "url": "http://x"}, "model = 3"),
        ({"model": "m", "url": 3}, "url = 3"),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any], said: str) -> None:
    with pytest.raises(BackendError, match=re.escape(said)):
        build(**options)


def test_a_missing_key_and_an_unwritable_record_are_said_before_the_first_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with serving(diligent) as stub:
        with pytest.raises(BackendUnavailable, match="NO_KEY is not set"):
            make(stub, tmp_path, key_env="NO_KEY").load()
        with pytest.raises(BackendError, match="record of usage cannot be written"):
            make(stub, tmp_path, usage=str(tmp_path / "file" / "u.jsonl")).load()
        monkeypatch.setenv("MY_KEY", "s3cret")
        keyed = make(stub, tmp_path, key_env="MY_KEY")
        keyed.load()
        ask(keyed, "Lyon")
        assert stub.headers[0]["Authorization"] == "Bearer s3cret"
    assert "s3cret" not in repr(keyed.fingerprint()) + (tmp_path / "usage.jsonl").read_text()


@pytest.mark.parametrize("how", ["label", "prose", "refusal", "model"])
def test_a_key_that_the_model_repeats_stands_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    key = 'sk-"12345'

    def echo(request: Request) -> None:
        if how == "label":
            say(request, facts(entities=[entity("Lyon", key)]))
        elif how == "prose":
            say(request, f"I was given {key}")
        elif how == "refusal":
            say(request, None, refusal=f"not with {key}")
        else:
            request.answer(json.dumps({"model": key, "choices": []}))

    monkeypatch.setenv("MY_KEY", key)
    with serving(echo) as stub:
        (said,) = ask(make(stub, tmp_path, key_env="MY_KEY"), "Lyon")
    told = f"{said!r} {said} {(tmp_path / 'usage.jsonl').read_text(encoding='utf-8')}"
    assert "***" in told
    assert "12345" not in told


def test_the_fingerprint_follows_all_that_is_asked(tmp_path: Path) -> None:
    own = tmp_path / "prompt.md"
    own.write_text("Find facts.", encoding="utf-8")
    base = {"model": "m", "url": "http://x"}
    more: list[dict[str, Any]] = [
        {},
        {"model": "n"},
        {"url": "http://y"},
        {"prompt": str(own)},
        {"extra": {"seed": 1}},
        {"kinds": ["date"]},
        {"unfound": "drop"},
        {"response_format": "none"},
    ]
    prints = [build(**(base | each)).fingerprint() for each in more]
    assert len({tuple(sorted(one.items())) for one in prints}) == len(more)
    assert build(**base, at_once=4, retries=0, usage="").fingerprint() == prints[0]
    own.write_text("\ufeffFind facts.", encoding="utf-8")
    assert build(**base, prompt=str(own)).fingerprint() == prints[3]
