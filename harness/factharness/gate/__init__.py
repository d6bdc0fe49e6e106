"""Gates: rules, baselines, and the verdict on a run.

Of files, it only reads runs and baselines, and writes baselines.
"""
