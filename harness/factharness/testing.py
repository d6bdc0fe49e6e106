"""The contract of a back end, as one function that its author calls in a test.

::

    from factharness.testing import check_extractor
    def test_contract():
        check_extractor(my_backend.build)
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from factharness.backends.registry import Factory
from factharness.errors import ExtractionError
from factharness.extractor import Extractor, load, usage
from factharness.facts import KINDS, Article, Fact, kind_of, places_of
from factharness.labels import MAPS, SCHEME

_BODY = (
    "La ministre Jeanne Aubry-Faure a présenté mardi 5 mars 2024 à Lyon un plan de 300 millions d’euros.\n\n"
    "« Nous ne laisserons aucun territoire de côté », a-t-elle promis devant la presse.\n\n"
    "Selon l’association Les Amis du fleuve, « rien n’est prêt » avant l’été."
)

_DIGEST = re.compile("[0-9a-f]{64}")

AWKWARD: tuple[Article, ...] = tuple(
    Article(f"awkward-{number}", text, datetime(2024, 3, 5, 18, tzinfo=UTC))
    for number, text in enumerate(
        (
            _BODY,
            "",
            " ",
            "\n\n",
            "«",
            '« « » » " “',
            "Mot",
            "A\u00a0: «\u202foui\u202f»\u00a0!",
            "\u200b\ufeff\u202e\x00",
            "😀 Élodie Brémond 😀 a dit « 𝔬𝔲𝔦 » à Genève.",
            "Ligne un\nligne deux\n\n\nParagraphe",
            _BODY.upper(),
            _BODY.replace("’", "'").replace("« ", "«").replace(" »", "»"),
        )
    )
)
"""Articles that no back end may fail on: an ordinary one, empty ones, quotation marks alone, odd characters."""


def check_extractor(factory: Factory, **options: object) -> None:
    """Assert that ``factory(**options)`` makes an extractor that keeps the contract.

    It yields one outcome per article, in order, without reading all articles first. Its facts are of the kinds
    that it claims, and their spans are within the text. An article gets the same outcome on a second call, and
    whatever articles are beside it. Its fingerprint is a mapping from strings to strings, and two extractors
    built with the same options have equal ones. What it may say of itself besides (``label_scheme``,
    ``languages``, ``seen``, ``borrows``) is well formed. Raises ``AssertionError`` with a message that says
    which of these does not hold.
    """
    extractor = factory(**options)
    assert isinstance(extractor, Extractor), f"{extractor!r} lacks a member of Extractor"
    assert extractor.kinds, "it claims no kind"
    assert extractor.kinds <= set(KINDS), f"unknown kinds {set(extractor.kinds) - set(KINDS)}"
    scheme = getattr(extractor, "label_scheme", SCHEME)
    assert scheme in MAPS, f"unknown label scheme {scheme!r}"
    named = getattr(extractor, "languages", ())
    assert not isinstance(named, str), f"languages is a set of codes, not {named!r}"
    assert all(isinstance(name, str) for name in named), f"languages are strings, not {named!r}"
    _check_origins(extractor)
    _check_fingerprint(extractor, factory(**options))
    load(extractor)
    assert list(extractor.extract([])) == [], "it yields an outcome although there is no article"
    together = _outcomes(extractor, AWKWARD)
    for article, facts in zip(AWKWARD, together, strict=True):
        _check_facts(extractor, article, facts)
        assert _outcomes(extractor, (article,)) == [facts], (
            f"{article.id}: alone it gets another outcome than among others"
        )
    assert _outcomes(extractor, AWKWARD) == together, "a second call yields other outcomes"
    assert _outcomes(extractor, AWKWARD[::-1]) == together[::-1], (
        "an outcome depends on the articles beside it"
    )
    _check_laziness(extractor)
    _check_usage(extractor)


def _check_usage(extractor: Extractor) -> None:
    before = usage(extractor)
    _outcomes(extractor, AWKWARD[:1])
    after = usage(extractor)
    for name, total in before.items():
        assert after.get(name, 0) >= total, f"usage: {name} is a total and went down"


def _check_origins(extractor: Extractor) -> None:
    seen = getattr(extractor, "seen", ())
    assert not isinstance(seen, str), f"seen is a set of digests, not {seen!r}"
    for digest in seen:
        assert isinstance(digest, str), f"seen are digests, not {digest!r}"
        assert _DIGEST.fullmatch(digest), (
            f"seen are digests by factharness.text.sha256, not {digest!r}"
        )
    borrows = getattr(extractor, "borrows", {})
    assert isinstance(borrows, Mapping), f"borrows maps kinds to back ends, not {borrows!r}"
    for kind, lender in borrows.items():
        assert kind in extractor.kinds, f"it borrows a kind that it does not claim: {kind!r}"
        assert isinstance(lender, str), f"it borrows {kind!r} from {lender!r}, which is no name"
        assert lender, f"it borrows {kind!r} from a back end without a name"


def _check_fingerprint(extractor: Extractor, twin: Extractor) -> None:
    fingerprint = dict(extractor.fingerprint())
    assert fingerprint, "the fingerprint is empty"
    assert all(isinstance(part, str) for item in fingerprint.items() for part in item), (
        "the fingerprint must map strings to strings"
    )
    assert fingerprint == dict(twin.fingerprint()), "two equal builds have different fingerprints"


def _outcomes(extractor: Extractor, articles: tuple[Article, ...]) -> list[list[Fact]]:
    outcomes = list(itertools.islice(extractor.extract(iter(articles)), len(articles) + 1))
    assert len(outcomes) == len(articles), (
        f"{len(outcomes)} outcomes for {len(articles)} articles, {articles[0].id} the first"
    )
    for article, outcome in zip(articles, outcomes, strict=True):
        assert not isinstance(outcome, ExtractionError), f"{article.id}: {outcome}"
    return [list(outcome) for outcome in outcomes if not isinstance(outcome, ExtractionError)]


def _check_facts(extractor: Extractor, article: Article, facts: list[Fact]) -> None:
    for fact in facts:
        assert kind_of(fact) in extractor.kinds, f"{article.id}: a kind it does not claim: {fact}"
        for span in places_of(fact):
            assert span.end <= len(article.text), f"{article.id}: past the end of the text: {fact}"
            assert span.of(article.text).strip(), f"{article.id}: nothing but white space: {fact}"
        assert msgspec.json.decode(msgspec.json.encode(fact), type=Fact) == fact, (
            f"changed by writing it as JSON and reading it back: {fact}"
        )


def _check_laziness(extractor: Extractor) -> None:
    taken = 0

    def endless() -> Iterator[Article]:
        nonlocal taken
        while True:
            taken += 1
            assert taken < 100_000, (
                "it reads all articles before it yields the outcome of the first"
            )
            yield AWKWARD[0]

    next(iter(extractor.extract(endless())))
