"""Writes and reads the facts of extracted articles: JSON lines, CSV or Parquet.

``article`` is what is written of an article, ``forms`` names the forms of files. ``columns`` makes rows of
articles, which ``csv_table`` and ``parquet_table`` write. ``reading`` reads a file or a folder of parts.
"""
