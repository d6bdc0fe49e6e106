"""What another process needs to build the same back end: a plug-in, or one that is made of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from factharness.backends.combination import Combined, Composition
from factharness.backends.registry import build, identity
from factharness.errors import BackendError
from factharness.extractor import Extractor

Runnable: TypeAlias = Extractor | Combined


class Recipe(Struct, frozen=True, tag=True):
    """A plug-in, and how it is built. ``timeout`` is in seconds per article."""

    use: str
    options: dict[str, Any]
    folder: str
    timeout: float | None = None

    def build(self) -> Extractor:
        """Build it, unloaded. Raises ``BackendError``."""
        return build(self.use, self.options, folder=Path(self.folder))

    def identity(self, extractor: Extractor) -> dict[str, str]:
        """The part of a cache key that stands for this back end.

        See :func:`factharness.backends.registry.identity`.

        Raises ``BackendError``.
        """
        return identity(extractor, self.use, self.options, folder=Path(self.folder))


class ComposedRecipe(Struct, frozen=True, tag=True):
    """A back end that is made of others.

    ``plugins`` are those that run. ``compositions`` are made of them and of each other, each after its parts;
    the last is the back end itself. ``timeout`` is in seconds per article and plug-in.
    """

    plugins: dict[str, Recipe]
    compositions: dict[str, Composition]
    timeout: float | None = None

    @property
    def name(self) -> str:
        """The name of the back end itself."""
        return [*self.compositions][-1]

    def build(self) -> Combined:
        """Build all plug-ins, unloaded. Raises ``BackendError`` when it cannot do without a missing one."""
        built, missing = {}, {}
        for name, recipe in self.plugins.items():
            try:
                built[name] = recipe.build()
            except BackendError as error:
                missing[name] = str(error)
        return Combined(self.compositions, built, missing)

    def identity(self, combined: Combined) -> dict[str, str]:
        """All that can change the output. Raises ``BackendError``."""
        return combined.fingerprint(
            {
                name: self.plugins[name].identity(extractor)
                for name, extractor in combined.extractors.items()
            }
        )


AnyRecipe: TypeAlias = Recipe | ComposedRecipe


def identity_of(recipe: AnyRecipe, built: Runnable) -> dict[str, str]:
    """What identifies a back end that its recipe has built. Raises ``BackendError``."""
    if isinstance(recipe, ComposedRecipe):
        assert isinstance(built, Combined)
        return recipe.identity(built)
    assert not isinstance(built, Combined)
    return recipe.identity(built)
