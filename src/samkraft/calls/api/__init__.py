"""Calls and what came of them, as open data."""
