"""What back ends find in an article: shown when a paragraph was labelled, or before, with ``--prelabel``."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from factharness.backends.execute import predict
from factharness.backends.printed import aside
from factharness.backends.registry import build
from factharness.errors import HarnessError
from factharness.escape import brief
from factharness.extractor import Extractor, label_scheme, load
from factharness.facts import Article, GoldArticle, GoldFact, Span
from factharness.gold.compose import compose, header_for
from factharness.gold.header import Labelling
from factharness.gold.new import proposals
from factharness.gold.parse import resolve
from factharness.label.operations import LabelledFact
from factharness.label.wire import Refused, Seen
from factharness.scheme import Scheme
from factharness.text import sha256


class ReviewBackends:
    """The back ends that the page shows; each reads an article at most once."""

    def __init__(self, names: Iterable[str]) -> None:
        """Build the back ends. Raises ``BackendError`` for one that is unknown or not installed."""
        with aside():
            self._extractors: dict[str, Extractor] = {name: build(name, {}) for name in names}
        self._loaded: set[str] = set()
        self._facts: dict[tuple[str, str, str], list[LabelledFact]] = {}
        self._lock = threading.Lock()

    def seen(
        self, article: Article, scheme: Scheme, names: Sequence[str], agree: int = 1
    ) -> list[Seen]:
        """What at least ``agree`` of the back ends ``names`` see, by place; they agree on label and place.

        The rest of a fact is as the first of them has it. Raises :class:`Refused` when one fails.
        """
        found: dict[tuple[str, str, tuple[Span, ...]], tuple[LabelledFact, list[str]]] = {}
        for name in names:
            for fact in self._of(name, article, scheme):
                _, by = found.setdefault((fact.kind, fact.label, fact.spans), (fact, []))
                if name not in by:
                    by.append(name)
        kept = [Seen(fact, tuple(by)) for fact, by in found.values() if len(by) >= agree]
        return sorted(kept, key=lambda seen: (seen.fact.spans[0].start, -seen.fact.spans[-1].end))

    def _of(self, name: str, article: Article, scheme: Scheme) -> list[LabelledFact]:
        """What one back end sees."""
        key = name, scheme.signature, sha256(article.text)
        with self._lock:
            if key not in self._facts:
                if name not in self._extractors:
                    known = ", ".join(self._extractors)
                    raise Refused(404, f"no back end {name[:80]!r} here", f"known: {known}")
                try:
                    self._facts[key] = self._read(name, article, scheme)
                except HarnessError as error:
                    raise Refused(
                        409, f"{name}: {brief(error.message)}", error.remedy or "leave it out"
                    ) from None
            return self._facts[key]

    def _read(self, name: str, article: Article, scheme: Scheme) -> list[LabelledFact]:
        extractor = self._extractors[name]
        with aside():
            if name not in self._loaded:
                load(extractor)
                self._loaded.add(name)
            (made,) = predict(extractor, [article])
        if made.facts is None:
            raise HarnessError(str(made.error), remedy="leave it out, or report it to its author")
        labels = scheme.map_from(label_scheme(extractor))
        facts, _ = proposals(made.facts, labels, article.text)
        return [_bare(fact) for fact in _written(article, facts)]


def unseen(seen: Iterable[Seen], draft: Sequence[LabelledFact]) -> list[Seen]:
    """The facts at places where the draft has none of the same kind: its labeller may have overlooked them."""
    return [
        one
        for one in seen
        if not any(
            fact.kind == one.fact.kind
            and any(mine.overlaps(theirs) for mine in fact.spans for theirs in one.fact.spans)
            for fact in draft
        )
    ]


def _written(article: Article, facts: Sequence[GoldFact]) -> list[GoldFact]:
    """The facts as they are read from a gold file: one whose speaker is in another paragraph has a name."""
    header = header_for(article, labels=Labelling())
    document, _ = compose(header, GoldArticle(article, tuple(facts)), in_words=False)
    return resolve(document)[0]


def _bare(fact: GoldFact) -> LabelledFact:
    """The fact without the note that marks it as proposed."""
    return LabelledFact.of(GoldFact(fact.fact, fact.ignore))
