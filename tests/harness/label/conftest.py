import pytest


@pytest.fixture(autouse=True)
def _folders_of_the_user(tmp_path_factory, monkeypatch):
    """Journals, settings and texts of these tests are in folders of their own."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("FACTHARNESS_TEXTS", raising=False)
