"""Networks and actors in the administration of stewards."""

from . import actors

__all__ = ["actors"]
