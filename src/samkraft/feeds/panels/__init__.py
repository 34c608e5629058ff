"""What feeds show on pages of the apps below, and on "my page"."""

from . import inflow, reading, sections, writing

__all__ = ["inflow", "reading", "sections", "writing"]
