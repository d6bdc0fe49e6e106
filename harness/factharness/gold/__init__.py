"""Gold files and gold sets: the format, its checks, withholding and attaching texts."""
