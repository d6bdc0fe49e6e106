"""``factharness extract``: facts of a corpus without gold, in parts that can be resumed."""
