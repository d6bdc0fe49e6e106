"""Back end ``llm``: a language model behind any endpoint that speaks OpenAI's chat completions.

The model gets the guidelines in short (``prompt.md``), answers by a JSON schema, and copies words instead of
counting characters; :mod:`fact_extractors.services.llm.answer` turns them into offsets. What it took is
recorded by :mod:`fact_extractors.services.llm.usage`.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from fact_extractors import digests
from fact_extractors.options import fields, kinds_named, named, text, whole
from fact_extractors.records import shown
from fact_extractors.services.llm import answer
from fact_extractors.services.llm.usage import Log, Prices, Usage, prices_of
from fact_extractors.services.service import Service, in_order
from factharness.errors import BackendError, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import KINDS, Article, Kind
from factharness.labels import SCHEME

FORMATS = ("json_schema", "json_object", "none")
UNFOUND = ("error", "drop")

_PROMPT = Path(__file__).parent / "prompt.md"
_LISTS: Mapping[Kind, str] = {"entity": "entities", "date": "dates", "quote": "quotes"}


def build(
    model: str = "",
    url: str = "",
    *,
    key_env: str = "",
    kinds: Sequence[str] = KINDS,
    prompt: str = "",
    response_format: str = "json_schema",
    unfound: str = "error",
    repairs: int = 1,
    timeout: float = 120,
    retries: int = 3,
    at_once: int = 1,
    prices: Mapping[str, float] | None = None,
    usage: str = "reports/llm-usage.jsonl",
    extra: Mapping[str, Any] | None = None,
) -> LlmExtractor:
    """A language model as a back end.

    ``model``, ``url``
        its name, and the endpoint up to ``/v1``: ``http://127.0.0.1:8080/v1``.
    ``key_env``
        the environment variable that holds the key, if one is needed.
    ``kinds``
        the kinds to ask for.
    ``prompt``
        a file with other instructions than ours.
    ``response_format``
        ``json_schema``; ``json_object`` or ``none`` for endpoints that know no schemas.
    ``unfound``
        what an answer costs that still names words which are not in the text: ``error``, the article; ``drop``,
        what the words stand for (a fact, or the speaker or cue of a quote), counted in the record of usage.
    ``repairs``
        how often the model is told what was wrong with its answer and asked again.
    ``timeout``, ``retries``, ``at_once``
        as for ``http``; the seconds are for each answer.
    ``prices``
        of a million tokens, ``{ input = …, output = … }``, for the cost in the record.
    ``usage``
        the file that gets a JSON line per request: tokens, seconds, cost; ``""``: none.
    ``extra``
        further fields of the request (``max_tokens``, ``seed``); one that is ``"none"`` is left out
        (``temperature``, which is 0, where a model refuses it).

    Raises ``BackendError`` for options that make no sense; ``load`` raises ``BackendUnavailable`` when nobody
    listens at ``url`` or the key is missing.
    """
    if not model or not url:
        raise BackendError(
            "model and url are needed",
            remedy='options = { model = "NAME", url = "http://127.0.0.1:8080/v1" }',
        )
    named(unfound, "way with words that are not there", UNFOUND)
    return LlmExtractor(
        Service(
            f"{text(url, 'url').rstrip('/')}/chat/completions",
            timeout=timeout,
            retries=retries,
            key_env=key_env,
        ),
        _Request(
            text(model, "model"),
            _instructions(prompt),
            named(response_format, "response format", FORMATS),
            {} if extra is None else fields(extra, "extra"),
        ),
        kinds_named(kinds),
        drop=unfound == "drop",
        repairs=whole(repairs, "repairs", 0),
        at_once=whole(at_once, "at_once", 1),
        prices=prices_of(prices),
        log=Log(text(usage, "usage", empty=True)),
    )


def _instructions(path: str) -> str:
    file = Path(path) if text(path, "prompt", empty=True) else _PROMPT
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BackendError(f"the prompt cannot be read: {error}", file=file) from error


class _Request(Struct, frozen=True):
    """All of a request but the article."""

    model: str
    instructions: str
    response_format: str
    extra: dict[str, Any]

    def body(self, messages: Sequence[Mapping[str, str]]) -> bytes:
        """The request of a conversation. Raises ``ExtractionError`` for a text that is not Unicode."""
        fields: dict[str, Any] = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": self.instructions}, *messages],
        }
        if self.response_format == "json_object":
            fields["response_format"] = {"type": "json_object"}
        elif self.response_format == "json_schema":
            named = {"name": "facts", "strict": True, "schema": answer.schema()}
            fields["response_format"] = {"type": "json_schema", "json_schema": named}
        kept = {key: value for key, value in (fields | self.extra).items() if value != "none"}
        try:
            return msgspec.json.encode(kept)
        except UnicodeError as error:
            raise ExtractionError(f"the article cannot be sent: {error}") from error


class _Message(Struct):
    content: str | None = None
    refusal: str | None = None


class _Choice(Struct):
    message: _Message
    finish_reason: str | None = None


class _Completion(Struct):
    """What is needed of a chat completion.

    ``usage`` is the service's account, which may be anything: services have sent fractions, texts and nothing.
    """

    choices: list[_Choice]
    model: str | None = None
    usage: Any = None


_BAD_ENDS = {"content_filter", "tool_calls", "function_call"}
"""Beside ``length``, which has a remedy."""


class _Wrong(Exception):
    """A wrong answer that the model can correct when it is asked again."""


class LlmExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    label_scheme = SCHEME

    def __init__(
        self,
        service: Service,
        request: _Request,
        kinds: frozenset[Kind],
        *,
        drop: bool,
        repairs: int,
        at_once: int,
        prices: Prices | None,
        log: Log,
    ) -> None:
        self.kinds = kinds
        self._service, self._request = service, request
        self._drop, self._repairs, self._at_once = drop, repairs, at_once
        self._prices, self._log = prices, log
        self._used = {"tokens in": 0.0, "tokens out": 0.0, **({"money": 0.0} if prices else {})}
        self._adding = threading.Lock()  # several articles may be asked at once

    def fingerprint(self) -> Mapping[str, str]:
        """Code, prompt, model, address and options. What the provider changes behind a name, nobody sees."""
        return {
            "code": digests.code("services/llm"),
            "request": msgspec.json.encode(self._request, order="deterministic").decode(),
            "url": self._service.url,
            "kinds": " ".join(sorted(self.kinds)),
            "options": f"drop={self._drop} repairs={self._repairs}",
        }

    def load(self) -> None:
        """Make sure that somebody listens, and that the usage can be recorded."""
        self._service.reach()
        self._log.open()

    def usage(self) -> Mapping[str, float]:
        """Tokens, and with prices money, since this was built."""
        with self._adding:
            return dict(self._used)

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What the model says of each article; see the protocol."""
        yield from in_order(self._ask, articles, self._at_once)

    def _ask(self, article: Article) -> Outcome:
        try:
            return self._converse(article)
        except (ExtractionError, OSError) as error:
            return ExtractionError(f"{self._request.model}: {error}")

    def _converse(self, article: Article) -> Outcome:
        messages = [{"role": "user", "content": self._question(article)}]
        for left in range(self._repairs, -1, -1):
            start = time.perf_counter()
            said = self._service.post(self._request.body(messages))
            seconds = time.perf_counter() - start
            completion = _completion(said)
            content, problem, placed = "", "", answer.Placed([], [])
            try:
                content = _content(completion)
                placed = self._placed(content, article, last=not left)
                return placed.facts
            except (_Wrong, ExtractionError) as error:
                problem = str(error)
                if not left or isinstance(error, ExtractionError):
                    raise ExtractionError(problem) from error
            finally:
                self._record(article, completion, seconds, len(placed.missing), problem)
            messages += [
                {"role": "assistant", "content": content},
                {
                    "role": "user",
                    "content": f"{problem}\nAnswer again, with the whole JSON object.",
                },
            ]
        raise AssertionError("unreachable")

    def _question(self, article: Article) -> str:
        left_out = [name for kind, name in _LISTS.items() if kind not in self.kinds]
        only = f"Leave these lists empty: {', '.join(left_out)}.\n" if left_out else ""
        day = "unknown" if article.published is None else article.published.isoformat()
        return f"{only}Date of publication: {day}\n\n{article.text}"

    def _placed(self, content: str, article: Article, *, last: bool) -> answer.Placed:
        """The facts of a message. Raises ``_Wrong`` for one that says what cannot be."""
        try:
            placed = answer.place(answer.decode(content), article, self.kinds)
        except ValueError as error:
            raise _Wrong(f"{error}: {shown(content.encode('utf-8', 'replace'))}") from error
        if placed.missing and not (last and self._drop):
            words = ", ".join(f"“{words[:80]}”" for words in placed.missing[:5])
            more = f" and {len(placed.missing) - 5} more" if len(placed.missing) > 5 else ""
            raise _Wrong(f"not in the text, word for word: {words}{more}")
        return placed

    def _record(
        self, article: Article, completion: _Completion, seconds: float, dropped: int, error: str
    ) -> None:
        counts = (
            _count(completion.usage, "prompt_tokens"),
            _count(completion.usage, "completion_tokens"),
        )
        cost = None if self._prices is None else self._prices.cost(*counts)
        with self._adding:
            for name, number in zip(
                ("tokens in", "tokens out", "money"), (*counts, cost or 0), strict=True
            ):
                if name in self._used:
                    self._used[name] += number
        self._log.add(
            Usage(
                article.id,
                completion.model or self._request.model,
                *counts,
                seconds=round(seconds, 3),
                cost=cost,
                dropped=dropped,
                error=error or None,
            )
        )


def _count(usage: Any, name: str) -> int:
    """A number of tokens in the service's account; 0 when it is no number."""
    tokens = usage.get(name) if isinstance(usage, dict) else None
    if not isinstance(tokens, int | float) or isinstance(tokens, bool) or tokens < 0:
        return 0
    return round(tokens)


def _completion(said: bytes) -> _Completion:
    try:
        return msgspec.json.decode(said, type=_Completion)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise ExtractionError(f"not a chat completion: {error}: {shown(said)}") from error


def _content(completion: _Completion) -> str:
    """The message of a completion that came to its end. Raises ``ExtractionError``.

    Services have names of their own for a good end (``stop``, ``eos_token``), so only the known bad ones count.
    """
    if not completion.choices:
        raise ExtractionError("a chat completion without a choice")
    choice = completion.choices[0]
    if choice.message.refusal:
        raise ExtractionError(f"the model refused: {choice.message.refusal[:200]}")
    if choice.finish_reason == "length":
        raise ExtractionError(
            "the answer was cut off; raise the limit: extra = { max_tokens = 8192 }"
        )
    if choice.finish_reason in _BAD_ENDS or not choice.message.content:
        raise ExtractionError(f"no answer: it ended with {choice.finish_reason!r}")
    return choice.message.content
