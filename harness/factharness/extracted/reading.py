"""Reads what an extraction wrote: a file of any form, or a folder of parts, as JSON lines of articles.

A file whose name has another ending is read as JSON lines, and one that ends with ``.gz`` is unpacked.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from factharness.errors import HarnessError
from factharness.extracted.columns import RowError
from factharness.extracted.forms import FORMS, JSON_LINES, OutputForm
from factharness.files import listed

DONE = ".done"
"""The ending of the marker beside each part, which is written when the part is complete."""

_PART = re.compile(r"part-(\d+)\..").match


class StoredLine(NamedTuple):
    """A JSON line of an article, and where it stands; of a table, where the first row of the article stands."""

    data: bytes
    file: Path
    number: int


def stored(path: Path) -> Iterator[StoredLine]:
    """The lines of a file or of a folder of parts, in order.

    Raises ``HarnessError`` when they cannot be read.
    """
    for file in parts(path) if path.is_dir() else [path]:
        form = _form(file)
        form.need(file)
        try:
            with file.open("rb") as stream:
                for number, data in form.read(stream):
                    yield StoredLine(data, file, number)
        except RowError as error:
            raise HarnessError(
                f"not what an extraction writes: {error.reason}",
                file=file,
                line=error.number,
                remedy="make it again",
            ) from error
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or error
            raise HarnessError(
                f"cannot be read: {reason}", file=file, remedy="check the path and its permissions"
            ) from error


def parts(folder: Path) -> list[Path]:
    """The parts in a folder, by number. Raises ``HarnessError`` when there is none, or one is not complete."""
    files = [(int(match[1]), file) for file in listed(folder) if (match := _PART(file.name))]
    found = {number: file for number, file in files if file.suffix != DONE}
    if not found:
        raise HarnessError(
            "holds no part of an extraction", file=folder, remedy="name a file, or such a folder"
        )
    for number in range(1, max(files)[0] + 1):
        if number not in found or not marker(found[number]).exists():
            raise HarnessError(
                f"part {number} is missing or not complete",
                file=folder,
                remedy="let the extraction end first: the same command goes on with it",
            )
    return [file for _, file in sorted(found.items())]


def marker(part: Path) -> Path:
    """The marker of a part: ``part-00001.done`` of ``part-00001.jsonl.gz``."""
    return part.with_name(part.name.partition(".")[0] + DONE)


def _form(file: Path) -> OutputForm:
    packed = {form.ending: form for form in FORMS}[".jsonl.gz"]
    known = (form for form in FORMS if file.name.endswith(form.ending))
    return next(known, packed if file.suffix == ".gz" else JSON_LINES)
