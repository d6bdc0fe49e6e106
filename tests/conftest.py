"""What all tests share: the helpers beside them, and where the data that is not committed may stand."""

import atexit
import gc
import importlib.util
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

# A test fails for what it finds, never for how long it took: these machines are shared.
settings.register_profile("factharness", deadline=None)
settings.load_profile("factharness")

for package in ("harness", "extractors"):
    sys.path.insert(0, str(Path(__file__).parent / package))

# A shell starts what it puts into the background with SIGINT ignored, and programs that tests start and
# interrupt would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Gold that was read is kept in the user's cache: not that of these tests.
CACHE = tempfile.mkdtemp(prefix="factharness-tests-")
atexit.register(shutil.rmtree, CACHE, ignore_errors=True)
os.environ["XDG_CACHE_HOME"] = CACHE


def _flushed(descriptor: int) -> None:
    """Of ``os.fsync`` what a test can see: an error where nothing is open."""
    os.fstat(descriptor)


# No test can see what a disk has kept, and to wait for it is a tenth of the time of all tests. That files are
# flushed, and in which order, is for tests that put a function of their own in this place.
os.fsync = _flushed

ROOT = Path(__file__).resolve().parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip a test that is marked ``needs`` where what it needs is not installed.

    ``needs("spacy")`` names modules that are no core dependencies; ``needs(name={"xmi": "cassis"})`` those of
    single cases: where the parameter ``name`` is ``"xmi"``, cassis. A file that imports such a module at its
    top begins with ``pytest.importorskip``, since a mark is read after the imports.
    """
    for item in items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        for mark in item.iter_markers("needs"):
            cases = [modules.get(params.get(name)) for name, modules in mark.kwargs.items()]
            needed = [*mark.args, *filter(None, cases)]
            missing = [name for name in needed if importlib.util.find_spec(name) is None]
            if missing:
                item.add_marker(pytest.mark.skip(f"needs {', '.join(missing)}, not installed"))


def pytest_collection_finish() -> None:
    """Keep the garbage collector away from what was imported and collected.

    None of it is ever garbage, and to go through it takes a sixth of the time of all tests, more in processes
    that are forked.
    """
    gc.freeze()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the data that may not be committed; a test that needs it is skipped without it."""
    place = Path(os.environ.get("FACTHARNESS_SHARED", ROOT.parent / "shared"))
    if not (place / "data").is_dir():
        pytest.skip(f"needs the labelling data, which is not at {place} (FACTHARNESS_SHARED)")
    return place
