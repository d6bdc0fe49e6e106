"""Reads suite files: which gold sets, back ends, regimes and gate a run has."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, cast

import msgspec
from msgspec import Struct, field

from factharness.backends.combination import Composition
from factharness.errors import ScoreError, SuiteError, unknown
from factharness.facts import Kind
from factharness.gold.header import toml_key, toml_value
from factharness.gold.toml_mistakes import syntax_line, wrong_type
from factharness.labels import MAPS
from factharness.names import REMEDY, name_problem
from factharness.runs import matrix
from factharness.runs.composites import PARTS, cycle, problems
from factharness.score.ensemble import HOWS, How, Source
from factharness.variants import VARIANTS

MOST_REPETITIONS = 100

VARIANT = "variant"
"""The key of the slices that hold the scores on variants: ``variant=capitals``."""

SEEN, UNSEEN = "seen", "unseen"
"""The slices of the articles that a back end has seen, and of the others.

For a back end that has seen none, they are what other back ends have seen, so that all can be compared on the
articles that are new to everybody.
"""


class BackendSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """One ``[[backend]]`` of a suite: a plug-in, or a back end that is made of others.

    ``use`` names a plug-in, or the way in which the back ends ``of`` are combined; ``kinds`` are the kinds of
    facts that are combined. ``entities``, ``dates`` and ``quotes`` name one back end from which that kind
    comes. ``map`` is the name of a label map, or the map itself; without it, that of the back end's label
    scheme. ``matrix`` has options with several values each: :func:`read` makes a back end of every combination.
    ``repeat`` says how often a back end that is not deterministic is run.
    """

    use: str | None = None
    name: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    map: str | dict[str, str] | None = None
    matrix: dict[str, list[Any]] = field(default_factory=dict)
    repeat: int = 1
    of: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    entities: str | dict[str, tuple[str, ...]] | None = None
    dates: str | dict[str, tuple[str, ...]] | None = None
    quotes: str | dict[str, tuple[str, ...]] | None = None

    @property
    def parts(self) -> dict[Kind, str]:
        """Kind to the name of the one back end that provides it; empty for a plug-in."""
        return {
            kind: part for key, kind in PARTS.items() if isinstance(part := getattr(self, key), str)
        }

    @property
    def apart(self) -> dict[Kind, Source]:
        """The kinds with a key of their own, each with the back end or those combined for it."""
        made: dict[Kind, Source] = {}
        for key, kind in PARTS.items():
            part = getattr(self, key)
            if isinstance(part, str):
                made[kind] = Source("vote", (part,))
            elif part:
                how, of = next(iter(part.items()))
                made[kind] = Source(cast(How, how), of)
        return made

    @property
    def combined(self) -> tuple[str, ...]:
        """The back ends that are combined for any kind."""
        more = (name for one in self.apart.values() if len(one.of) > 1 for name in one.of)
        return tuple(dict.fromkeys((*self.of, *more)))

    @property
    def how(self) -> How | None:
        """The way in which it combines others; None when it is a plug-in or a hybrid."""
        return self.use if self.use in HOWS else None

    @property
    def plugin(self) -> bool:
        """Whether it runs itself, and is not made of others."""
        return self.use is not None and self.how is None

    @property
    def composition(self) -> Composition:
        """What it takes from which other back ends."""
        kinds = cast(tuple[Kind, ...], self.kinds)
        return Composition(self.how or "vote", self.of, kinds, self.apart, self.map)

    @property
    def taken_from(self) -> tuple[str, ...]:
        """The names of the back ends that it is made of; empty for a plug-in."""
        return () if self.plugin else self.composition.names


class GateSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[gate]`` of a suite: a baseline file and the rules that must hold."""

    baseline: str | None = None
    rules: tuple[str, ...] = ()


def gate_problem(gate: GateSpec) -> str | None:
    """Why the path of a gate's baseline is refused; None when it is allowed.

    ``bless`` writes to the path that a stored run names, so it must be below the working directory.
    """
    baseline = PurePath(gate.baseline or "")
    if baseline.is_absolute() or ".." in baseline.parts or not (gate.baseline or "_").isprintable():
        return f"baseline {gate.baseline!r} is not a path below the working directory"
    return None


class SuiteSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """The ``[suite]`` table; ``variants`` are names of :data:`factharness.variants.VARIANTS`."""

    goldsets: tuple[str, ...]
    regimes: tuple[str, ...] = ("strict", "partial")
    slices: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()


class Suite(Struct, frozen=True):
    """A suite file: ``name`` is the name of the file without suffix, ``path`` the file."""

    name: str
    path: str
    suite: SuiteSpec
    backends: tuple[BackendSpec, ...]
    gate: GateSpec

    @property
    def folder(self) -> Path:
        """The folder of the suite file."""
        return Path(self.path).parent

    def on(self, goldsets: Sequence[str]) -> Suite:
        """The suite on other gold sets, without its gate, which is about its own; unchanged for none."""
        if not goldsets:
            return self
        spec = msgspec.structs.replace(self.suite, goldsets=tuple(goldsets))
        return msgspec.structs.replace(self, suite=spec, gate=GateSpec())

    def mistake(self, word: str, message: str, remedy: str) -> SuiteError:
        """An error about ``word``, with the first line of the suite file that has the word."""
        try:
            line = _line_of(_source(Path(self.path)), word)
        except OSError:
            line = None
        # What does not stand in the file came from the command line.
        return SuiteError(message, file=self.path if line else None, line=line, remedy=remedy)


def written(suite: Suite) -> str:
    """A suite as the text of a suite file: :func:`read` makes the same of it, with any matrix expanded."""
    lines = ["[suite]", *_fields(suite.suite, SuiteSpec(()))]
    for spec in suite.backends:
        lines += ["", "[[backend]]", *_fields(spec, BackendSpec())]
    if suite.gate != GateSpec():
        lines += ["", "[gate]", *_fields(suite.gate, GateSpec())]
    return "\n".join(lines) + "\n"


def _fields(values: Struct, plain: Struct) -> Iterator[str]:
    """The fields in which a struct differs from a plain one, as lines of TOML."""
    for key in values.__struct_fields__:
        value = getattr(values, key)
        if value != getattr(plain, key):
            yield f"{toml_key(key)} = {toml_value(value)}"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    suite: SuiteSpec
    backend: tuple[BackendSpec, ...]
    gate: GateSpec = GateSpec()


def read(path: Path) -> Suite:
    """The suite in a TOML file. Raises ``SuiteError`` with file, line and nearest known key."""
    problem = name_problem(path.stem)
    if problem:
        raise SuiteError(f"the file names the suite: {problem}", file=path, remedy=REMEDY)
    try:
        source = _source(path)
        raw = tomllib.loads(source)
    except (OSError, UnicodeDecodeError) as error:
        raise SuiteError(f"cannot be read: {error}", file=path) from error
    except tomllib.TOMLDecodeError as error:
        message, line = syntax_line(error)
        raise SuiteError(
            f"not TOML: {message}", file=path, line=line, remedy='a line reads key = "value"'
        ) from error
    _reject_unknown_keys(raw, source, path)
    if "backend" not in raw:
        raise _no_backend(path)
    try:
        parsed = msgspec.convert(raw, _File)
    except msgspec.ValidationError as error:
        message, remedy, line = wrong_type(error, source)
        raise SuiteError(message, file=path, line=line, remedy=remedy) from error
    backends = tuple(
        each for spec in parsed.backend for each in _expanded(_named(spec), source, path)
    )
    _check_backends(backends, source, path)
    _check_variants(parsed.suite, source, path)
    _check_regimes(parsed.suite, source, path)
    problem = gate_problem(parsed.gate)
    if problem:
        raise SuiteError(
            problem,
            file=path,
            line=_line_of(source, "baseline"),
            remedy="name another place with check --baseline and bless --to",
        )
    return Suite(path.stem, str(path), parsed.suite, backends, parsed.gate)


def _source(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig")


def _named(spec: BackendSpec) -> BackendSpec:
    """Name a plug-in that has no name, see :func:`plain_name`."""
    if spec.name or not spec.plugin:
        return spec
    return msgspec.structs.replace(spec, name=plain_name(spec.use or ""))


def plain_name(use: str) -> str:
    """The name of a back end that has none: its ``use``, or for a local file the file without suffix."""
    kind, _, rest = use.partition(":")
    return PurePath(rest.rpartition(":")[0] or rest).stem if kind == "file" else use


def _expanded(spec: BackendSpec, source: str, path: Path) -> Iterator[BackendSpec]:
    """A back end for every combination of the spec's matrix; the spec itself when it has none."""
    if not spec.matrix:
        yield spec
        return
    wrong = matrix.problem(spec.matrix, spec.options)
    if not spec.plugin:
        wrong = "a back end made of parts has no options", "give the matrix to its parts"
    if wrong:
        raise SuiteError(
            f"back end {spec.name}: {wrong[0]}",
            file=path,
            line=_line_of(source, "matrix"),
            remedy=wrong[1],
        )
    for name, options in matrix.combinations(spec.name, spec.matrix):
        yield msgspec.structs.replace(spec, name=name, options=spec.options | options, matrix={})


def _check_backends(backends: tuple[BackendSpec, ...], source: str, path: Path) -> None:
    seen: set[str] = set()
    known = {spec.name: spec for spec in backends}
    for spec in backends:
        what = f"back end {spec.name or '(without a name)'}"

        def wrong(message: str, remedy: str, spec: BackendSpec = spec) -> SuiteError:
            return SuiteError(message, file=path, line=_line_of(source, spec.name), remedy=remedy)

        if not spec.name and (spec.how or spec.apart):
            raise wrong("a back end made of parts needs a name", 'add name = "…"')
        problem = name_problem(spec.name)
        if problem:
            raise wrong(f"a back end's name: {problem}", REMEDY)
        # Each name is a file name, and some disks do not distinguish capitals from small letters.
        if spec.name.casefold() in seen:
            raise wrong(
                f"two back ends are called {spec.name!r}",
                'give one a name = "…" of its own',
            )
        seen.add(spec.name.casefold())
        for message, remedy in problems(spec, known):
            raise wrong(message, remedy)
        if isinstance(spec.map, str) and spec.map not in MAPS:
            raise wrong(*unknown("label map", spec.map, MAPS))
        if not 1 <= spec.repeat <= MOST_REPETITIONS:
            raise wrong(
                f"{what}: repeat = {spec.repeat}", f"write a number from 1 to {MOST_REPETITIONS}"
            )
    loop = cycle(backends)
    if loop:
        raise SuiteError(
            f"these back ends are parts of each other: {' of '.join(reversed(loop))}",
            file=path,
            line=_line_of(source, loop[0]),
            remedy="take one of them out of the `of` or the parts of another",
        )
    if not backends:
        raise _no_backend(path)


def _no_backend(path: Path) -> SuiteError:
    return SuiteError(
        "a suite needs at least one [[backend]]",
        file=path,
        remedy='add the lines [[backend]] and use = "rules"',
    )


def _check_variants(spec: SuiteSpec, source: str, path: Path) -> None:
    def wrong(word: str, message: str, remedy: str) -> SuiteError:
        return SuiteError(message, file=path, line=_line_of(source, word), remedy=remedy)

    for place, name in enumerate(spec.variants):
        if name not in VARIANTS:
            raise wrong(name, *unknown("variant", name, VARIANTS))
        if name in spec.variants[:place]:
            raise wrong(name, f"the variant {name!r} is named twice", "name each one once")
    if spec.variants and VARIANT in spec.slices:
        raise wrong(
            "slices",
            f"{VARIANT!r} cannot be a slice of a suite with variants, whose scores are slices of that name",
            "give the key of the articles' meta another name",
        )


def _check_regimes(spec: SuiteSpec, source: str, path: Path) -> None:
    from factharness.score.evaluation import regimes_of

    for name in spec.regimes:
        try:
            regimes_of("entity", [name])
        except ScoreError as error:
            raise SuiteError(
                error.message, file=path, line=_line_of(source, name), remedy=error.remedy
            ) from error


def _reject_unknown_keys(raw: Mapping[str, Any], source: str, path: Path) -> None:
    tables: list[tuple[str, Iterable[Any], type[Struct]]] = [
        ("the file", [raw], _File),
        ("[suite]", [raw.get("suite")], SuiteSpec),
        (
            "[[backend]]",
            raw["backend"] if isinstance(raw.get("backend"), list) else [],
            BackendSpec,
        ),
        ("[gate]", [raw.get("gate")], GateSpec),
    ]
    for where, values, struct in tables:
        known = struct.__struct_fields__
        for value in values:
            for key in value if isinstance(value, dict) else ():
                if key not in known:
                    message, remedy = unknown("key", key, known)
                    raise SuiteError(
                        f"{message} in {where}",
                        file=path,
                        line=_line_of(source, key),
                        remedy=remedy,
                    )


def line_with(suite: Suite, words: str) -> int | None:
    """The first line of a suite's file with these words outside a comment; None where no line has them."""
    return _line_of(_source(Path(suite.path)), words)


def _line_of(source: str, word: str) -> int | None:
    """The first line with ``word`` as a word outside a comment, because tomllib gives no positions."""
    if not word:
        return None
    pattern = re.compile(rf"(?<![\w-]){re.escape(word)}(?![\w-])")
    for number, line in enumerate(source.splitlines(), 1):
        if pattern.search(line.partition("#")[0]):
            return number
    return None
