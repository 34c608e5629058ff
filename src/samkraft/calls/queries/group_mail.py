"""Mails that organisers wrote to groups of applicants: who gets one, and what was sent."""

from django.db.models import QuerySet

from ..models import Application, Call, GroupMail
from . import filters
from .filters import Wanted

NAME = "{name}"


def receivers(call: Call, wanted: Wanted) -> list[Application]:
    """The applicants that the filter finds, without those who have had their data erased."""
    return [
        application for application in filters.in_order(filters.matching(call, wanted)) if not application.erased_at
    ]


def addressed(text: str, application: Application) -> str:
    """The text with the applicant's name where it says so."""
    return text.replace(NAME, application.name or application.actor_name)


def sent(call: Call) -> QuerySet[GroupMail]:
    """The mails of a call, the last first."""
    return GroupMail.objects.filter(call=call).select_related("by")
