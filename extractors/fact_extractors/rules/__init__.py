"""The rule back end: dates, quotes and entities by a small grammar over data files."""
