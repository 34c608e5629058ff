"""Panels of this part of networks."""
