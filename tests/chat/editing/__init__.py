"""Editing the FAQ from inside Discord."""
