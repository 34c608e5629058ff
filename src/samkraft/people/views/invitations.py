"""Answering an invitation, by the link in the mail or from "my page"."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samkraft.records.refusals import Refused
from samkraft.ui.access import public, signed_in
from samkraft.ui.context import viewer

from .. import queries
from ..models import Invitation, User
from ..operations import memberships
from ..rules import Standing, standing, token_hash


@public
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Its holder is told of area and role, and never to which address it was sent."""
    found = get_object_or_404(Invitation.objects.select_related("area"), token_hash=token_hash(token))
    now = timezone.now()
    user = viewer(request)
    if user is None:
        here = {"next": request.get_full_path()}
        context = {
            "invitation": found,
            "open": standing(found, now) == Standing.OPEN,
            "login_url": f"{reverse('account_login')}?{urlencode(here)}",
            "signup_url": f"{reverse('account_signup')}?{urlencode(here)}",
        }
        return render(request, "people/invitation_signed_out.html", context)
    if found.email not in queries.verified_addresses(user):
        return render(request, "people/invitation_for_another.html", status=404)
    if request.method == "POST":
        return _accept(request, found, user)
    context = {"invitation": found, "why_not": memberships.WHY_NOT.get(standing(found, now))}
    return render(request, "people/invitation.html", context)


@signed_in
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept from "my page", where only invitations to one's own addresses are shown."""
    user = cast(User, request.user)
    own = Invitation.objects.to_addresses(queries.verified_addresses(user)).select_related("area")
    return _accept(request, get_object_or_404(own, pk=pk), user)


def _accept(request: HttpRequest, found: Invitation, user: User) -> HttpResponse:
    try:
        membership = memberships.accept_invitation(invitation=found, by=user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:my")
    text = _("You are now %(role)s in %(area)s.")
    messages.success(request, text % {"role": membership.get_role_display(), "area": membership.area.full_name})
    return redirect("portal:my")
