"""Lets a package give names of modules that it imports on their first use only (PEP 562)."""

from __future__ import annotations

import importlib
import sys

TYPE_CHECKING = False  # importing typing for it would take longer than the rest of this module
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def on_first_use(package: str, places: Mapping[str, tuple[str, ...]]) -> Callable[[str], object]:
    """The function for a package to have as ``__getattr__``.

    ``places`` holds what the package gives of each of its modules, by their names in the package. The function
    raises ``AttributeError`` for any other name.
    """
    modules = {name: f"{package}.{module}" for module, names in places.items() for name in names}

    def imported(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(modules[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return imported
