"""Finds the model of a pipeline, identifies it for fingerprints, and makes the errors of a missing one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from fact_extractors import digests
from factharness.errors import BackendError, BackendUnavailable, unknown

MODELS = Path(__file__).parents[1] / "models"
BUNDLED = "bundled:"
REINSTALL = "install factharness again: pip install --force-reinstall factharness"


def bundled(library: str, name: str) -> Path:
    """The folder of a model that comes with this package. Raises ``BackendError``."""
    prefix = f"{library.lower()}_"
    folder = MODELS / f"{prefix}{name}"
    if not folder.is_dir():
        known = [path.name.removeprefix(prefix) for path in MODELS.glob(f"{prefix}*")]
        message, remedy = unknown(f"bundled {library} model", name, known)
        raise BackendError(message, remedy=remedy)
    return folder


def bundled_index(file: Path) -> dict[str, Any]:
    """What a file of a bundled model says of it. Raises ``BackendError``."""
    try:
        index: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackendError(
            f"a bundled model is damaged: {cause(error)}", file=file, remedy=REINSTALL
        ) from error
    return index


def no_folder(folder: Path) -> BackendUnavailable:
    """The error to raise when a path that an option names is not there."""
    return BackendUnavailable(
        f"there is no folder {folder.absolute()}",
        remedy="check the path, which is from the working directory",
    )


def model_identity(
    library: str, packages: Iterable[str], model: str, files: Iterable[Path], options: object
) -> dict[str, str]:
    """The part of a fingerprint that stands for library, model and options.

    The versions of the ``packages`` that the library consists of, the model by its name and by the digest of
    its files or folders, and the options. Raises ``BackendUnavailable`` when the library is not installed.
    """
    try:
        versions = {package: metadata.version(package) for package in packages}
    except metadata.PackageNotFoundError as error:
        raise not_importable(library, error) from error
    return versions | {
        "model": model,
        "model_digest": digests.digest(files),
        "options": repr(options),
    }


def not_importable(library: str, error: ImportError) -> BackendUnavailable:
    """The error to raise when a library is not there."""
    return BackendUnavailable(
        f"{library} cannot be imported ({error})",
        remedy=f"pip install 'factharness[{library.lower()}]'",
    )


def cause(error: Exception) -> str:
    """What a library raised, in a line."""
    return f"{type(error).__name__}: {(str(error).strip().splitlines() or [''])[0]}"
