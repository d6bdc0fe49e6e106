"""Back end ``http``: any service that answers an article with its facts, one POST each.

The records are those of :mod:`fact_extractors.records`, as bodies of request and answer.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fact_extractors import digests
from fact_extractors.options import kinds_named, scheme_named, text, whole
from fact_extractors.records import outcome, request
from fact_extractors.services.service import Service, in_order
from factharness.errors import BackendError, ExtractionError
from factharness.extractor import Outcome
from factharness.facts import KINDS, Article
from factharness.labels import SCHEME


def build(
    url: str = "",
    *,
    kinds: Sequence[str] = KINDS,
    label_scheme: str = SCHEME,
    timeout: float = 60,
    retries: int = 3,
    at_once: int = 1,
    headers: Mapping[str, str] | None = None,
    key_env: str = "",
    version: str = "",
) -> HttpExtractor:
    """A service as a back end.

    ``url``
        where articles are posted to.
    ``kinds``
        the kinds the service finds.
    ``label_scheme``
        the label set of its entities.
    ``timeout``
        seconds for one article, all tries included.
    ``retries``
        how often a failure that may pass (no connection, statuses 408, 425, 429, 5xx but 501 and 505) is tried
        again, after 0.5 s, 1 s, 2 s …, or what ``Retry-After`` says.
    ``at_once``
        requests under way at a time.
    ``headers``, ``key_env``
        further headers, which stand in the records of a run; the environment variable that holds a bearer
        token, which stands in none: the place for a secret.
    ``version``
        anything; change it when the service changes, since nothing else shows that its answers may differ.

    Raises ``BackendError`` for options that make no sense; ``load`` raises ``BackendUnavailable`` when nobody
    listens at ``url``.
    """
    if not url:
        raise BackendError(
            "no url is given", remedy='options = { url = "http://127.0.0.1:8000/facts" }'
        )
    return HttpExtractor(
        Service(
            text(url, "url"), timeout=timeout, retries=retries, headers=headers, key_env=key_env
        ),
        kinds=kinds,
        label_scheme=label_scheme,
        at_once=whole(at_once, "at_once", 1),
        version=version,
    )


class HttpExtractor:
    """See :class:`factharness.extractor.Extractor`; made by :func:`build`."""

    def __init__(
        self,
        service: Service,
        *,
        kinds: Iterable[str],
        label_scheme: str,
        at_once: int,
        version: str,
    ) -> None:
        self.kinds = kinds_named(kinds)
        self.label_scheme = scheme_named(label_scheme)
        self._service, self._at_once, self._version = service, at_once, str(version)

    def fingerprint(self) -> Mapping[str, str]:
        """The address and the options; the service itself is known by ``version`` alone."""
        return {
            "code": digests.code("services/http.py", "records.py"),
            "url": self._service.url,
            "version": self._version,
            # Shows that headers differ, and hides none well: one with few possible values can be guessed.
            "headers": digests.text(json.dumps(self._service.headers, sort_keys=True)),
            "kinds": " ".join(sorted(self.kinds)),
            "labels": self.label_scheme,
        }

    def load(self) -> None:
        """Make sure that somebody listens."""
        self._service.reach()

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """What the service says of each article; see the protocol."""
        yield from in_order(self._ask, articles, self._at_once)

    def _ask(self, article: Article) -> Outcome:
        try:
            return outcome(self._service.post(request(article)), article)
        except ExtractionError as error:
            return ExtractionError(f"{self._service.url}: {error}")
