"""Gold files as a corpus: their texts alone, whether anything is labelled in them or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from factharness.corpus.entries import Entry
from factharness.errors import GoldError, writable
from factharness.facts import Article, Prediction
from factharness.gold.parse import read_document, text_of
from factharness.gold.sets import with_text


def read(file: Path, name: str) -> Iterator[Entry]:
    """The one entry of a gold file. When its text is not here, or it cannot be read, that is the error of an
    article with the ``name`` of the file, without ``.gold``."""
    try:
        document, _ = with_text(read_document(file))
        header = document.header
        yield Article(
            header.id, text_of(document), header.published, header.lang, dict(header.meta)
        )
    except GoldError as error:
        yield Prediction(writable(name.removesuffix(".gold")), error=str(error))
