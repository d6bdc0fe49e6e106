"""Finds, builds and runs back ends: the registry, hybrids, workers, the prediction cache."""
