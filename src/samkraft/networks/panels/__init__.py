"""What networks show on pages of the apps below, and on "my page"."""

from . import campaigns, meetings, memberships, networks, offers, sections

__all__ = ["campaigns", "meetings", "memberships", "networks", "offers", "sections"]
