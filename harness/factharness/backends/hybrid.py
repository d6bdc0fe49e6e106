"""Puts the predictions of a hybrid together: each kind of fact comes from the predictions of another back end.

This module joins predictions only. :mod:`factharness.runs.suite` reads from the suite which back end provides
which kind; :mod:`factharness.runs.predict` decides whether the hybrid can be used, and gives it its languages,
label map, fingerprint and times.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from factharness.facts import Kind, Prediction, kind_of


def hybrid_predictions(parts: Mapping[Kind, Sequence[Prediction]]) -> Iterator[Prediction]:
    """Yield one prediction per article, with the facts of each kind from that kind's predictions.

    ``parts`` maps a kind to the predictions of the back end that provides it. All sequences are of the same
    articles in the same order. When a part has an error for an article, the hybrid has that error.
    """
    for together in zip(*parts.values(), strict=True):
        article = together[0].article_id
        errors = sorted({prediction.error for prediction in together if prediction.error})
        if errors:
            yield Prediction(article, error="; ".join(errors))
        else:
            yield Prediction(
                article,
                facts=tuple(
                    fact
                    for kind, prediction in zip(parts, together, strict=True)
                    for fact in prediction.facts or ()
                    if kind_of(fact) == kind
                ),
            )
