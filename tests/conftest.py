"""What all tests share: the helpers beside them, and where the data that is not committed may stand."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# A test fails for what it finds, never for how long it took: these machines are shared.
settings.register_profile("factharness", deadline=None)
settings.load_profile("factharness")

sys.path.insert(0, str(Path(__file__).parent / "harness"))

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the data that may not be committed; a test that needs it is skipped without it."""
    place = Path(os.environ.get("FACTHARNESS_SHARED", ROOT.parent / "shared"))
    if not (place / "data").is_dir():
        pytest.skip(f"needs the labelling data, which is not at {place} (FACTHARNESS_SHARED)")
    return place
