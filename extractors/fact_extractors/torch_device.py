"""Where torch computes: on the processor, or on a GPU when one is asked for."""

from __future__ import annotations

from factharness.errors import BackendUnavailable


def device(gpu: bool) -> str:
    """The torch device to use. Raises ``BackendUnavailable`` when a GPU is asked for and there is none."""
    import torch

    if not gpu:
        return "cpu"
    if not torch.cuda.is_available():
        raise no_gpu("torch", _reason())
    return "cuda"


def no_gpu(library: str, reason: object) -> BackendUnavailable:
    """The error to raise when a GPU is asked for and a library finds none."""
    why = " ".join(str(reason).split())
    return BackendUnavailable(
        f"{library} finds no GPU" + (f": {why}" if why else ""), remedy="leave out gpu = true"
    )


def _reason() -> str:
    """Why torch finds no GPU: it says so only when it is told to use one."""
    import torch

    try:
        torch.cuda.init()
    except Exception as error:
        return str(error)
    return ""
