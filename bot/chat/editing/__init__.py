"""Changing the FAQ from inside Discord: for the editors' roles, in the home server only."""
