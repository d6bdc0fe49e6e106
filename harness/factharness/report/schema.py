"""JSON Schemas of what is printed as JSON, made from the types and their docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def dedented(schema: object) -> object:
    """A schema whose descriptions have no indentation, which docstrings have before Python 3.13 only."""
    if isinstance(schema, Mapping):
        return {
            key: inspect.cleandoc(value)
            if key == "description" and isinstance(value, str)
            else dedented(value)
            for key, value in schema.items()
        }
    return [dedented(value) for value in schema] if isinstance(schema, list | tuple) else schema
