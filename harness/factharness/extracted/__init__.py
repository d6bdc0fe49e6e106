"""The facts of extracted articles in files: JSON lines, CSV or Parquet, written and read."""
