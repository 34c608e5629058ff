"""The signed link by which somebody who is invited answers without signing in."""

from django.core import signing
from django.urls import reverse

from .models import Attendance

SALT = "samkraft.meetings.answer"


def token_of(attendance: Attendance) -> str:
    return signing.dumps(attendance.pk, salt=SALT)


def attendance_of(token: str) -> int | None:
    """The number of the invitation that a token of ours is for, or None for one that somebody made up."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return number if isinstance(number, int) else None


def answer_path(token: str) -> str:
    return reverse("meetings:answer", args=[token])
