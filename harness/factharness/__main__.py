"""``python -m factharness``: the command line."""

from factharness.cli import main

main()
