"""Says how a back end of a suite is built outside a run: with its options, or with all that it is made of."""

from __future__ import annotations

from factharness.backends.combination import Composition
from factharness.backends.recipe import AnyRecipe, ComposedRecipe, Recipe
from factharness.errors import SuiteError, unknown
from factharness.runs.suite import BackendSpec, Suite


def recipe(suite: Suite, name: str, timeout: float | None = None) -> AnyRecipe:
    """The recipe of the back end called ``name``. Raises ``SuiteError`` when the suite has none."""
    known = {spec.name: spec for spec in suite.backends}
    if name not in known:
        message, remedy = unknown("back end", name, known)
        raise SuiteError(f"{message} in suite {suite.name!r}", remedy=remedy)
    folder = str(suite.folder)
    plugins: dict[str, Recipe] = {}
    compositions: dict[str, Composition] = {}

    def add(spec: BackendSpec) -> None:
        if spec.plugin:
            plugins[spec.name] = Recipe(spec.use or "", spec.options, folder, timeout)
            return
        for part in spec.taken_from:
            add(known[part])
        compositions.setdefault(spec.name, spec.composition)

    add(known[name])
    if not compositions:
        return plugins[name]
    return ComposedRecipe(plugins, compositions, timeout)
