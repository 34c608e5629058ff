"""The signed link by which an applicant comes back to an application, without an account."""

from django.core import signing
from django.urls import reverse

from .models import Application

SALT = "samkraft.calls.application"


def token_of(application: Application) -> str:
    """Always the same for one application, until it is erased and its key made anew."""
    return signing.Signer(salt=SALT).sign(application.key)


def key_in(token: str) -> str | None:
    """The key of an application in a token that we made, or None for one that somebody made up."""
    try:
        return signing.Signer(salt=SALT).unsign(token)
    except signing.BadSignature:
        return None


def application_path(application: Application) -> str:
    """The applicant's page of the application, in the language that is spoken now."""
    return reverse("calls:application", args=[token_of(application)])


def form_path(application: Application) -> str:
    return reverse("calls:application_form", args=[token_of(application)])
