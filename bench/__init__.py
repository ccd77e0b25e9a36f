"""Measures the matcher against others, and its growth; run with `python -m bench`."""
