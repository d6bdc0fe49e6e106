"""Model directories: a folder of the user's, or a model of the Hugging Face hub.

Nothing is fetched unless the user says so: a hub name means the copy that is in the local cache.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from fact_extractors import digests
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
    if not name:
        raise BackendError(
            "no model is given", remedy='options = { model = "FOLDER" }, or a name of the hub'
        )
    folder = Path(name)
    if folder.is_dir():
        if not (folder / config).is_file():
            raise BackendError(f"no {config} in it", file=folder, remedy="name a model's folder")
        return Model(name, folder)
    if folder.is_absolute() or name.startswith("."):
        raise BackendUnavailable(f"there is no folder {name}", remedy="check the path")
    from huggingface_hub import hf_hub_download, snapshot_download

    try:
        found = Path(hf_hub_download(name, config, revision=revision, local_files_only=offline))
        if not offline:
            snapshot_download(name, revision=found.parent.name, allow_patterns=_WANTED)
    except Exception as error:
        text = str(error).strip().splitlines()
        raise BackendUnavailable(
            f"{name!r} is neither a folder nor in the hub's local cache"
            if offline
            else f"{name!r} cannot be fetched: {text[0] if text else type(error).__name__}",
            remedy=f"hf download {name}, or offline = false"
            if offline
            else "check name and network",
        ) from error
    return Model(name, found.parent, found.parent.name)


_WANTED = ["*.json", "*.txt", "*.model", "*.safetensors", "*.bin"]


def read_json(path: Path) -> dict[str, Any]:
    """A model's JSON file. Raises ``BackendError`` when it is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except (OSError, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BackendError(f"not a model's configuration: {error}", file=path) from error


def device(gpu: bool) -> str:
    """The torch device to use. Raises ``BackendUnavailable`` when a GPU is asked for and there is none."""
    import torch

    if gpu and not torch.cuda.is_available():
        raise BackendUnavailable("torch finds no GPU", remedy="leave out gpu = true")
    return "cuda" if gpu else "cpu"
