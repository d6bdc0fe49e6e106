"""Says for which gold sets, back ends and kinds a run has numbers, and why it lacks the others."""

from __future__ import annotations

from factharness.errors import HarnessError, Incomparable, Inconclusive
from factharness.facts import Kind
from factharness.runs.record import Run


def not_whole(run: Run) -> HarnessError | None:
    """The error why a run can be neither checked nor blessed; None when it can.

    It cannot when nothing was scored, or when only a part of its suite was run.
    """
    manifest = run.manifest
    if not any(on_set.articles for on_set in run.scores.backends):
        return Inconclusive(
            "nothing was scored in this run", file=run.path, remedy="see its errors"
        )
    if manifest.narrowed:
        return Incomparable(
            f"the run was narrowed by {' '.join(manifest.narrowed)}",
            file=run.path,
            remedy="run the suite without it",
        )
    if manifest.shard is not None:
        part, parts = manifest.shard
        return Incomparable(
            f"the run was narrowed by --shard {part}/{parts}",
            file=run.path,
            remedy="put all shards together with `factharness combine`",
        )
    return None


class Coverage:
    """Which back end of a run has numbers of which kind on which gold set."""

    def __init__(self, run: Run) -> None:
        self.backends = {backend.name: backend for backend in run.manifest.backends}
        self.goldsets = {goldset.name: goldset for goldset in run.manifest.goldsets}
        self.on_sets = {(one.goldset, one.backend): one for one in run.scores.backends}

    def missing(self, goldset: str, backend: str, kind: Kind) -> str | None:
        """Why a back end has no number of ``kind`` on a gold set; None when it has."""
        if goldset not in self.goldsets:
            return f"{goldset} is not in this run"
        if backend not in self.backends:
            return f"{backend} is not in this run"
        record = self.backends[backend]
        if record.unavailable:
            return f"{backend} is unavailable: {record.unavailable}"
        if kind not in record.kinds:
            return f"{backend} does not claim to find the kind {kind!r}"
        return self.unscored(goldset, backend)

    def unscored(self, goldset: str, backend: str) -> str | None:
        """Why a back end that ran has no number at all on a gold set; None when it has."""
        on_set = self.on_sets[goldset, backend]
        if on_set.articles:
            return None
        if on_set.errors:
            return f"{backend} failed on every article of {goldset} ({len(on_set.errors)})"
        skipped = self.goldsets[goldset].skipped
        why = (
            f": {len(skipped)} are skipped, {skipped[0].reason}; {skipped[0].remedy}"
            if skipped
            else ""
        )
        return f"no article of {goldset} was scored{why}"

    def failed_everywhere(self, backend: str) -> bool:
        """Whether a back end was scored on no article of any gold set."""
        return not any(one.articles for one in self.on_sets.values() if one.backend == backend)
