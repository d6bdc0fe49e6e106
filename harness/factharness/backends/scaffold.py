"""Writes the start of a new back end: a module that works, and the test of its contract."""

from __future__ import annotations

import importlib.util
import keyword
import os
from pathlib import Path

from factharness.backends.registry import targets
from factharness.errors import BackendError, OutputError
from factharness.files import writing

MODULE = '''\
"""Back end {name}: every acronym is an organisation. Put your own extractor in its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from factharness.extractor import Outcome
from factharness.facts import Article, Entity, Kind, Span


def build(pattern: str = r"\\b[A-Z]{{2,}}\\b") -> {type}:
    """Make the extractor; its options are these arguments.

    ``pattern``
        what an acronym looks like.
    """
    return {type}(pattern)


class {type}:
    """See factharness.extractor.Extractor."""

    # What it finds, of "entity", "date", "quote": what it does not claim is not scored.
    kinds: frozenset[Kind] = frozenset({{"entity"}})
    # Whose labels its entities have, by a name of factharness.labels.
    label_scheme = "fr-news-1"

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)

    def fingerprint(self) -> Mapping[str, str]:
        """Everything that can change what it finds: predictions are cached under this."""
        return {{
            "code": hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12],
            "pattern": self._pattern.pattern,
        }}

    def load(self) -> None:
        """Load a model here, not in build(): it is not needed when all predictions are in the cache."""

    def extract(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        """One list of facts per article, in order. An exception is recorded as that article's error."""
        for article in articles:
            yield [
                Entity(Span(*found.span()), "ORG") for found in self._pattern.finditer(article.text)
            ]
'''

TEST = '''\
"""Back end {name}: it keeps the contract, and finds what it is for."""

from {name} import build

from factharness.facts import Article, Entity, Span
from factharness.testing import check_extractor


def test_it_keeps_the_contract():
    check_extractor(build)


def test_it_finds_an_acronym():
    (facts,) = build().extract([Article("a", "L’ONU se réunit.")])
    assert facts == [Entity(Span(2, 5), "ORG")]
'''


def scaffold(name: str, folder: Path) -> tuple[Path, Path]:
    """Write ``NAME.py`` and ``test_NAME.py`` into a folder, both or none; existing files are not replaced.

    Returns their paths. Raises ``BackendError`` for a name that no module can have, ``OutputError`` when the
    files exist or cannot be written.
    """
    if not name.isidentifier() or not name.isascii() or keyword.iskeyword(name):
        raise BackendError(
            f"{name!r} cannot be a module's name",
            remedy="use letters, digits and _, not a digit first",
        )
    module, test = folder / f"{name}.py", folder / f"test_{name}.py"
    for path in (module, test):
        if path.exists():
            raise OutputError("exists already", file=path, remedy="choose another name or folder")
    if name in targets() or importlib.util.find_spec(name) is not None:
        raise BackendError(
            f"{name!r} is taken by a back end or a library", remedy="choose another name"
        )
    type_ = "".join(part.capitalize() for part in name.split("_")) + "Extractor"
    written: list[Path] = []
    try:
        for path, template in ((module, MODULE), (test, TEST)):
            with (
                writing(path, "choose a folder with -o"),
                path.open("x", encoding="utf-8") as file,
            ):
                written.append(path)
                file.write(template.format(name=name, type=type_))
                file.flush()
                os.fsync(file.fileno())
    except OutputError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return module, test
