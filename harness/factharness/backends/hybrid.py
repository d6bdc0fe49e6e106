"""A back end made of parts of others, from their stored predictions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from factharness.facts import Kind, Prediction, kind_of


def hybrid_predictions(parts: Mapping[Kind, Sequence[Prediction]]) -> Iterator[Prediction]:
    """For each article, the facts of each kind from the predictions that provide that kind.

    The sequences run over the same articles in the same order. An error of a part is the whole's error.
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
