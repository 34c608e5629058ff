"""The people of an area, for those who coordinate it; and leaving a role of one's own."""

from datetime import timedelta
from typing import cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.places.models import Area
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from .. import queries
from ..forms import InvitationForm
from ..models import Invitation, Membership, User
from ..operations import memberships
from ..rules import Standing, standing


def _coordinated(request: HttpRequest, country: str, slug: str) -> Area:
    """The area, if the reader may invite to it; to everybody else this page does not exist."""
    areas = Area.objects.in_country(country).select_related("parent__parent")
    area = get_object_or_404(areas, slug=slug)
    if not rules.test_rule("people.may_invite", request.user, area):
        raise Http404("The reader does not coordinate this area.")
    return area


def _to_people_of(area: Area) -> HttpResponse:
    return redirect("people:area", country=area.country.lower(), slug=area.slug)


@signed_in
@require_safe
def people_of_area(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    area = _coordinated(request, country, slug)
    now = timezone.now()
    invitations = [
        {"invitation": invitation, "expired": standing(invitation, now) == Standing.EXPIRED}
        for invitation in queries.invitations_of(area)
    ]
    context = {"area": area, "members": queries.members_of(area), "invitations": invitations}
    return render(request, "people/area.html", context)


@signed_in
def invite(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    area = _coordinated(request, country, slug)
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = cast(User, request.user)
        # Each is a mail to somebody who has not asked for it, with the sender's name in it.
        if not allow(action="people.invite", account=user, limit=60, period=timedelta(hours=1), now=timezone.now()):
            return render(request, "429.html", status=429)
        try:
            invitation = memberships.invite(**form.cleaned_data, area=area, by=user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("We have sent the invitation to %(email)s.") % {"email": invitation.email})
            return _to_people_of(area)
    return render(request, "people/invite.html", {"area": area, "form": form})


@signed_in
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation.objects.select_related("area__parent__parent"), pk=pk)
    if not rules.test_rule("people.may_invite", request.user, invitation.area):
        raise Http404("The reader does not coordinate this area.")
    try:
        memberships.withdraw_invitation(invitation=invitation, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return _to_people_of(invitation.area)


@signed_in
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a role: one's own, or somebody's in an area that one coordinates. Asks before it does."""
    rows = Membership.objects.active().select_related("user", "area__parent__parent")
    membership = get_object_or_404(rows, pk=pk)
    own = membership.user_id == request.user.pk
    if not own and not rules.test_rule("people.may_invite", request.user, membership.area):
        raise Http404("The reader has no say in this role.")
    if request.method == "POST":
        user = cast(User, request.user)
        try:
            memberships.end_membership(membership=membership, by=user, now=timezone.now())
            messages.success(request, _("The role has ended."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("people:account") if own else _to_people_of(membership.area)
    return render(request, "people/end.html", {"membership": membership, "own": own})
