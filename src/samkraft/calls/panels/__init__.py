"""What calls show on pages of the apps below, each in a file of its own."""

from . import applications, decisions, mine, places, reviews

__all__ = ["applications", "decisions", "mine", "places", "reviews"]
