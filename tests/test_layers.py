"""The layers of the engine: an import never goes up, few rooms touch the disk, and only cli prints or exits."""

import ast
from pathlib import Path, PurePath

import pytest

ROOT = Path(__file__).resolve().parents[1]
ENGINE = ROOT / "harness" / "factharness"
BACKENDS = ROOT / "extractors" / "fact_extractors"

# From the bottom up; what stands together may import each other.
LAYERS = [
    {
        "covered",
        "errors",
        "escape",
        "exits",
        "facts",
        "files",
        "kept",
        "lazy",
        "text",
        "labels",
        "names",
    },
    {"extracted"},
    {"extractor", "signature", "resources", "scheme"},
    {"gold"},
    {"score"},
    {"agreement", "convert", "variants"},
    {"backends"},
    {"runs", "corpus"},
    {"gate", "report", "testing", "ci", "label", "starter"},
    {"progress"},
    {"api"},
    {"__init__"},
    {"cli", "__main__", "pytest_plugin"},
]
# The rooms, and modules of other rooms, that may touch the disk or a server. All others are data in, data out.
ON_DISK = {
    "files",
    "kept",
    "extracted.reading",
    "resources",
    "gold",
    "agreement.adjudicate",  # the texts of two passes lie where those of gold do
    "convert.mapping",  # a map of labels may be a file
    "variants.data",  # lists that come with the package
    "backends",
    "runs",
    "corpus",
    "gate.baseline",
    "report.html.page",  # its templates, styles and scripts lie beside it
    "ci.comments",  # talks to a server
    "api",  # finds suites and gold sets, as the command line does
    "cli",
    "label",
    "starter",
    "pytest_plugin",  # as cli
}
HEIGHT = {name: height for height, layer in enumerate(LAYERS) for name in layer}
MODULES = sorted(ENGINE.rglob("*.py"))


def imports(path, package="factharness"):
    """The first names below ``package`` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.split(".")[0] == package
        ):
            parts = node.module.split(".")[1:]
            yield from parts[:1] or [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == package:
                    yield from alias.name.split(".")[1:2]


def layer(path):
    return path.relative_to(ENGINE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_an_import_never_goes_up(path):
    here = HEIGHT[layer(path)]
    higher = {name for name in imports(path) if name in HEIGHT and HEIGHT[name] > here}
    assert not higher


# Modules whose use is a use of the disk, each with the names in it that are not.
DISK_MODULES = {
    **dict.fromkeys(["fcntl", "glob", "mmap", "platformdirs", "shutil", "sqlite3"], ()),
    **dict.fromkeys(["tarfile", "tempfile", "zipfile", "importlib.resources"], ()),
    "io": ("BytesIO", "StringIO"),
    "os": (
        "_exit",
        "environ",
        "fsdecode",
        "fsencode",
        "fspath",
        "getpid",
        "linesep",
        "path",
        "sep",
    ),
    "os.path": ("basename", "dirname", "isabs", "join", "normpath", "relpath", "splitext"),
    "factharness.files": ("MAX_BYTES", "decode", "unify"),
    "factharness.resources": (),
    "factharness.gold.sets": ("GoldSet", "Origin", "SET_FILE", "SetInfo", "Skipped"),
}
# What a Path has and a PurePath has not, but for names that other things have too; replace of a path is told
# from that of a text by its one argument.
DISK_METHODS = {name for name in dir(Path) if not hasattr(PurePath, name)} - {
    *("copy", "group", "info", "move", "owner", "replace", "walk")
}


def disk_uses(source):
    """What in a module's source touches the disk, by itself or through a module that does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in DISK_MODULES:
            harmless = DISK_MODULES[node.module]
            yield from (a.name for a in node.names if a.name not in harmless)
        elif isinstance(node, ast.ImportFrom):
            wholes = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (whole for whole in wholes if DISK_MODULES.get(whole) == ())
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if DISK_MODULES.get(a.name) == ())
        elif isinstance(node, ast.Attribute):
            whole = ast.unparse(node.value)
            if whole in DISK_MODULES and node.attr not in DISK_MODULES[whole]:
                yield f"{whole}.{node.attr}"
            elif node.attr in DISK_METHODS:
                yield node.attr
        elif isinstance(node, ast.Name) and node.id == "open":
            yield "open"
        elif isinstance(node, ast.Call) and not node.keywords and len(node.args) == 1:
            yield from ["replace"] * (getattr(node.func, "attr", "") == "replace")


def room(path):
    """The entry of ``ON_DISK`` that a module falls under, or None."""
    parts = path.relative_to(ENGINE).with_suffix("").parts
    return next((name for name in (parts[0], ".".join(parts)) if name in ON_DISK), None)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_only_some_rooms_touch_the_disk(path):
    if room(path) is None:
        assert not set(disk_uses(path.read_text(encoding="utf-8")))


def test_no_room_may_touch_the_disk_that_does_not():
    uses = {room(path) for path in MODULES if any(disk_uses(path.read_text(encoding="utf-8")))}
    assert uses - {None} == ON_DISK


@pytest.mark.parametrize(
    "source",
    [
        "open('x')",
        "opened = open",
        "any(map(Path.exists, paths))",
        "import os\nos.listdir('.')",
        "import os\nos.path.exists('.')",
        "from os import unlink",
        "from os.path import exists",
        "import shutil",
        "def f():\n    import tempfile",
        "from sqlite3 import connect",
        "from importlib import resources",
        "import io\nio.open('x')",
        "from pathlib import Path\nPath('x').read_text()",
        "from pathlib import Path\n(Path('x') / 'y').open()",
        "path.replace(other)",
        "from factharness.files import read_text",
        "from factharness import files\nfiles.read_text('x')",
        "from factharness.resources import find",
        "from factharness.gold.sets import load_set",
    ],
)
def test_what_touches_the_disk_is_seen(source):
    assert list(disk_uses(source))


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.path.relpath('x', 'y'), os.environ",
        "import io\nio.StringIO()",
        "from pathlib import PurePath\nPurePath('x').stem",
        "'a'.replace('a', 'b'); structs.replace(x, y=1); resolve(x)",
        "from factharness.files import unify",
        "from factharness.gold.sets import GoldSet",
    ],
)
def test_what_is_only_about_paths_and_texts_is_not_taken_for_it(source):
    assert not list(disk_uses(source))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ENGINE)))
def test_only_the_command_line_prints_or_exits(path):
    if layer(path) in ("cli", "pytest_plugin"):
        return
    calls = {
        ast.unparse(node.func)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert calls.isdisjoint({"print", "sys.exit", "exit", "click.echo"})


@pytest.mark.parametrize(
    "path", sorted(BACKENDS.rglob("*.py")), ids=lambda path: str(path.relative_to(BACKENDS))
)
def test_back_ends_know_six_modules_of_the_engine(path):
    known = {"facts", "text", "extractor", "labels", "errors", "extracted"}
    assert set(imports(path)) <= known
