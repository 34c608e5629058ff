"""Panels of this part of feeds."""
