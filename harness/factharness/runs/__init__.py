"""Suites, and running them: plan, execute, record."""
