"""Model directories: a folder of the user's, or a model of the Hugging Face hub.

Nothing is fetched unless the user says so: a hub name means the copy that is in the local cache.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fact_extractors import digests
from fact_extractors.options import text
from factharness.errors import BackendError, BackendUnavailable


class Model(NamedTuple):
    """Where a model's files are; ``commit`` is that of a hub model."""

    name: str
    folder: Path
    commit: str | None = None

    def identity(self) -> str:
        """What its output depends on: the commit, or the digest of all files of a folder."""
        return self.commit or digests.digest([self.folder])


def find(name: str, config: str, *, revision: str | None = None, offline: bool = True) -> Model:
    """The model called ``name``, which has a file ``config``.

    With ``offline = False`` a hub model that is not in the local cache is fetched. Raises
    ``BackendUnavailable`` when there is none.
    """
    if name == "":
        raise BackendError(
            "no model is given", remedy='options = { model = "FOLDER" }, or a name of the hub'
        )
    folder = Path(text(name, "model"))
    if revision is not None:
        text(revision, "revision")
    if folder.is_file():
        raise BackendError("a file, not a model's folder", file=folder, remedy="name the folder")
    if folder.is_dir():
        if not (folder / config).is_file():
            raise BackendError(f"no {config} in it", file=folder, remedy="name a model's folder")
        return Model(name, folder)
    if not _HUB_NAME.fullmatch(name):
        raise BackendUnavailable(
            f"there is no folder {folder.absolute()}",
            remedy="check the path, which is from the working directory",
        )
    from huggingface_hub import hf_hub_download, snapshot_download

    try:
        found = Path(hf_hub_download(name, config, revision=revision, local_files_only=offline))
        if not offline:
            snapshot_download(name, revision=found.parent.name, allow_patterns=_WANTED)
    except Exception as error:
        said = str(error).strip().splitlines()
        raise BackendUnavailable(
            f"{name!r} is neither a folder nor in the hub's local cache"
            if offline
            else f"{name!r} cannot be fetched: {said[0] if said else type(error).__name__}",
            remedy=f"hf download {name}, or offline = false"
            if offline
            else "check name and network",
        ) from error
    return Model(name, found.parent, found.parent.name)


_HUB_NAME = re.compile(r"(?:[\w-][\w.-]*/)?[\w-][\w.-]*")
"""A model, or its owner and it; any other name is a path."""

_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors", "*.bin"]


def read_json(path: Path) -> dict[str, Any]:
    """A model's JSON file. Raises ``BackendError`` when it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BackendError(f"not a model's configuration: {error}", file=path) from error
