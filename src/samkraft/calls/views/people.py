"""Who organises and who reviews a call: inviting, accepting, ending."""

from datetime import timedelta
from typing import Any, cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.people.operations.offers import WHY_NOT
from samkraft.people.queries import verified_addresses
from samkraft.people.rules import Standing, standing, token_hash
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public, signed_in
from samkraft.ui.context import viewer

from ..forms.people import InviteForm
from ..models import CallOffer, CallPerson, CallRole
from ..operations import people as operations
from ..queries import calls as queries
from ..rules.changing import FINISHED
from .fetching import by_link, organised, working_crumbs


@signed_in
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is what in the call, and whom an answer is awaited from."""
    call = organised(request, slug)
    now = timezone.now()
    offers = CallOffer.objects.unanswered().filter(call=call).select_related("invited_by")
    context = {
        "call": call,
        "people": [(person, person.user_id == request.user.pk) for person in queries.people_of(call)],
        "offers": [(offer, standing(offer, now) == Standing.EXPIRED) for offer in offers],
        "is_over": call.state in FINISHED,
        "crumbs": working_crumbs(call, _("People")),
    }
    return render(request, "calls/people.html", context)


@signed_in
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    form = InviteForm(request.POST or None, initial={"role": CallRole.REVIEWER})
    if request.method == "POST" and form.is_valid():
        user, now = cast(User, request.user), timezone.now()
        # Counted together with other invitations: each is a mail to somebody who has not asked for it.
        if not allow(action="people.invite", account=user, limit=60, period=timedelta(hours=1), now=now):
            return render(request, "429.html", status=429)
        try:
            offer = operations.invite(call=call, **form.cleaned_data, by=user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            said = _("We have sent the invitation to %(email)s. You are told when it is accepted.")
            messages.success(request, said % {"email": offer.email})
            return redirect("calls:people", slug=slug)
    context = {"call": call, "form": form, "crumbs": working_crumbs(call, _("Invite somebody"))}
    return render(request, "calls/people_invite.html", context)


@signed_in
@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    call = organised(request, slug)
    offer = get_object_or_404(CallOffer.objects.filter(call=call).select_related("call"), pk=pk)
    try:
        operations.withdraw(offer=offer, by=cast(User, request.user), now=timezone.now())
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("calls:people", slug=slug)


@signed_in
def end_role(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """End a role: one's own, or somebody's in a call that one runs. Asks before it does."""
    rows = CallPerson.objects.active().select_related("user", "call__area", "call__actor").defer("call__area__outline")
    person = get_object_or_404(rows, call__slug=slug, pk=pk)
    own = person.user_id == request.user.pk
    organises = rules.test_rule("calls.organises", request.user, person.call)
    if not own and not organises:
        raise Http404("The reader has no say in this role.")
    way_back = reverse("calls:people", args=[slug]) if organises else reverse("portal:my")
    if request.method == "POST":
        try:
            operations.end_role(person=person, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(way_back)
        messages.success(request, _("The role has ended."))
        return redirect("portal:my") if own else redirect(way_back)
    crumbs = working_crumbs(person.call, _("End a role")) if organises else []
    context = {"call": person.call, "person": person, "own": own, "back_url": way_back, "crumbs": crumbs}
    return render(request, "calls/people_end.html", context)


@public
@by_link
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Its holder is told of what and as what, and never to which address it was sent."""
    rows = CallOffer.objects.select_related("call__area", "call__actor").defer("call__area__outline")
    found = rows.filter(token_hash=token_hash(token)).first()
    if found is None:
        raise Http404("No such invitation.")
    why_not = WHY_NOT.get(standing(found, timezone.now()))
    if why_not is None and found.call.state in FINISHED:
        why_not = WHY_NOT[Standing.WITHDRAWN]
    context: dict[str, Any] = {"offer": found, "call": found.call, "why_not": why_not}
    user = viewer(request)
    if user is None:
        here = {"next": request.get_full_path()}
        context["login_url"] = f"{reverse('account_login')}?{urlencode(here)}"
        context["signup_url"] = f"{reverse('account_signup')}?{urlencode(here)}"
        return render(request, "calls/offer_signed_out.html", context)
    if found.email not in verified_addresses(user):
        return render(request, "people/invitation_for_another.html", status=404)
    if request.method == "POST":
        return _accept(request, found, user)
    return render(request, "calls/offer.html", context)


@signed_in
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept from "my page", where only invitations to one's own addresses are shown."""
    user = cast(User, request.user)
    own = CallOffer.objects.to_addresses(verified_addresses(user)).select_related("call")
    return _accept(request, get_object_or_404(own, pk=pk), user)


def _accept(request: HttpRequest, found: CallOffer, user: User) -> HttpResponse:
    try:
        person = operations.accept(offer=found, by=user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:my")
    if person.role == CallRole.ORGANISER:
        messages.success(request, _("You now organise the call. Here you see where it stands."))
        return redirect("calls:organise", slug=found.call.slug)
    messages.success(request, _("You now review the call. You get a mail when there is something to read."))
    return redirect("calls:review_list", slug=found.call.slug)
