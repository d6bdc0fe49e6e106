"""Gates: rules, baselines, and the verdict on a run. Pure but for reading and writing baselines."""
