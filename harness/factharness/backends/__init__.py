"""Finding, building and running back ends: the registry, hybrids, workers, the prediction cache."""
