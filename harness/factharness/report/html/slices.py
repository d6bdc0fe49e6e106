from __future__ import annotations
def context(run): return {}
