"""Names in docstrings: they are written as the module knows them, and Sphinx is told what they stand for.

``:class:`ScoreError``` in a module that imports ``ScoreError`` links to ``factharness.errors.ScoreError``. What
exists but has no place on the site is shown as code. What does not exist is left to Sphinx, which warns.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_MISSING = object()


def located(name: str) -> object:
    """What has a full name, such as ``factharness.errors.ScoreError``; else ``_MISSING``."""
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            found = getattr(found, part, _MISSING)
        return found
    return _MISSING


def named(name: str, module: str | None, owner: str | None) -> object:
    """What a name means in the docstring of ``owner``, something in ``module``; else ``_MISSING``."""
    candidates = [name]
    if module:
        inside = located(f"{module}.{owner}") if owner else _MISSING
        home = getattr(inside, "__module__", None) or module
        candidates += [f"{home}.{name}", f"{module}.{owner}.{name}"]
    return next((found for one in candidates if (found := located(one)) is not _MISSING), _MISSING)


def _resolve(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, shown: nodes.Element
) -> nodes.Element | None:
    if node.get("refdomain") != "py":
        return None
    found = named(node["reftarget"], node.get("py:module"), _owner(node))
    if found is _MISSING:
        return None
    full = f"{getattr(found, '__module__', '')}.{getattr(found, '__qualname__', '')}"
    domain = env.domains.python_domain
    matches = domain.find_obj(env, "", "", full, None, 0)
    if not matches:
        return shown
    page = node["refdoc"]
    return domain.resolve_xref(env, page, app.builder, "obj", full, node, shown) or shown


def _owner(node: pending_xref) -> str | None:
    """The class or function whose docstring has the node, such as ``Run.rows``."""
    parent: nodes.Node | None = node
    while parent is not None:
        if parent.tagname == "desc":
            name = parent[0].get("fullname")
            return str(name) if name else None
        parent = parent.parent
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    """Resolve what Sphinx does not find."""
    app.connect("missing-reference", _resolve)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
