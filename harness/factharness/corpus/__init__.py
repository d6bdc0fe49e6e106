"""``factharness extract``: facts of a corpus without gold; an extraction that was interrupted goes on."""
