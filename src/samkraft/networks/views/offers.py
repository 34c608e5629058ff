"""The people of an actor or a network: who they are, inviting, accepting, ending, and how one's own role is shown."""

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
from samkraft.people.rules import Standing, standing
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public, signed_in
from samkraft.ui.context import viewer

from ..forms.offers import OfferForm, OwnRoleForm
from ..operations import offers as operations
from ..queries import offers as queries
from ..queries.offers import ACTOR, NETWORK, Circle

_CIRCLES = {ACTOR.subject: ACTOR, NETWORK.subject: NETWORK}
_SUBJECT = {"actor": "networks:actor", "network": "networks:network"}


def _seen(request: HttpRequest, circle: Circle, slug: str) -> tuple[Any, bool]:
    """The actor or network, and whether the reader decides about its people; 404 for who is not of it."""
    subject = get_object_or_404(circle.model._default_manager.all(), slug=slug)
    decides = not queries.is_over(subject) and rules.test_rule(circle.rule, request.user, subject)
    if queries.is_over(subject) or not (decides or rules.test_rule(circle.sees, request.user, subject)):
        raise Http404("The reader has nothing to do with its people.")
    return subject, decides


def _decided(request: HttpRequest, circle: Circle, slug: str) -> Any:
    subject, decides = _seen(request, circle, slug)
    if not decides:
        raise Http404("The reader does not decide about its people.")
    return subject


def _to_people(subject: Any) -> HttpResponse:
    return redirect(str(operations.address_of_people(subject)))


def _context(circle: Circle, subject: Any, title: str = "") -> dict[str, Any]:
    """What all these pages know of whose people they are about."""
    name = operations.name_of(subject)
    way = [(name, reverse(_SUBJECT[circle.subject], args=[subject.slug]))]
    way += [(_("People"), str(operations.address_of_people(subject)))] + ([(title, "")] if title else [])
    return {
        "subject": subject,
        "name": name,
        "is_actor": circle is ACTOR,
        "people_url": operations.address_of_people(subject),
        "invite_url": reverse(f"networks:invite_to_{circle.subject}", args=[subject.slug]),
        "crumbs": [{"title": title, "url": url} for title, url in way],
    }


@signed_in
@require_safe
def people(request: HttpRequest, circle: str, slug: str) -> HttpResponse:
    """Who is what, and whom an answer is awaited from."""
    kind = _CIRCLES[circle]
    subject, decides = _seen(request, kind, slug)
    now = timezone.now()
    context = {
        **_context(kind, subject),
        "decides": decides,
        "people": [
            {"person": person, "own": person.user_id == request.user.pk, **_addresses(kind, subject, person)}
            for person in kind.people_of(subject)
        ],
        "offers": [
            {
                "offer": offer,
                "expired": standing(offer, now) == Standing.EXPIRED,
                "withdraw_url": reverse(f"networks:withdraw_{circle}_offer", args=[subject.slug, offer.pk]),
            }
            for offer in (kind.offers_of(subject) if decides else ())
        ],
    }
    return render(request, "networks/offers_people.html", context)


def _addresses(circle: Circle, subject: Any, person: Any) -> dict[str, str]:
    return {
        "end_url": reverse(f"networks:end_{circle.subject}_role", args=[subject.slug, person.pk]),
        "own_url": reverse(f"networks:own_{circle.subject}_role", args=[subject.slug, person.pk]),
    }


@signed_in
def invite(request: HttpRequest, circle: str, slug: str) -> HttpResponse:
    kind = _CIRCLES[circle]
    subject = _decided(request, kind, slug)
    form = OfferForm(request.POST or None, circle=kind)
    if request.method == "POST" and form.is_valid():
        user, now = cast(User, request.user), timezone.now()
        # Counted together with invitations to areas: each is a mail to somebody who has not asked for it.
        if not allow(action="people.invite", account=user, limit=60, period=timedelta(hours=1), now=now):
            return render(request, "429.html", status=429)
        try:
            offer = operations.invite(**form.cleaned_data, subject=subject, by=user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request,
                _("We have sent the invitation to %(email)s. You are told when it is accepted.")
                % {"email": offer.email},
            )
            return _to_people(subject)
    context = {**_context(kind, subject, _("Invite somebody")), "form": form}
    return render(request, "networks/offers_invite.html", context)


@signed_in
@require_POST
def withdraw(request: HttpRequest, circle: str, slug: str, pk: int) -> HttpResponse:
    kind = _CIRCLES[circle]
    subject = _decided(request, kind, slug)
    offer = get_object_or_404(kind.offers.objects.filter(**{kind.subject: subject}), pk=pk)
    try:
        operations.withdraw(offer=offer, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    return _to_people(subject)


def _way_back(request: HttpRequest, circle: Circle, subject: Any) -> str:
    """The page of the people, for who may see it: a network's editors have their roles without seeing it."""
    sees = any(rules.test_rule(rule, request.user, subject) for rule in (circle.sees, circle.rule))
    return str(operations.address_of_people(subject)) if sees else reverse("portal:my")


def _show_way_back(context: dict[str, Any], url: str) -> None:
    context["back_url"] = url
    if url != str(context["people_url"]):
        context["crumbs"] = []


def _role(circle: Circle, subject: Any, pk: int) -> Any:
    rows = circle.persons.objects.active().filter(**{circle.subject: subject}).select_related("user")
    return get_object_or_404(rows, pk=pk)


@signed_in
def end_role(request: HttpRequest, circle: str, slug: str, pk: int) -> HttpResponse:
    """End a role: one's own, or somebody's whom one decides about. Asks before it does."""
    kind = _CIRCLES[circle]
    subject = get_object_or_404(kind.model._default_manager.all(), slug=slug)
    person = _role(kind, subject, pk)
    own = person.user_id == request.user.pk
    if not own and not rules.test_rule(kind.rule, request.user, subject):
        raise Http404("The reader has no say in this role.")
    if request.method == "POST":
        try:
            operations.end_role(person=person, by=cast(User, request.user), now=timezone.now())
        except Refused as refused:
            messages.error(request, str(refused))
            return redirect(request.path)
        messages.success(request, _("The role has ended."))
        return redirect("portal:my") if own else _to_people(subject)
    context = {**_context(kind, subject, _("End a role")), "person": person, "own": own}
    _show_way_back(context, _way_back(request, kind, subject))
    return render(request, "networks/offers_end.html", context)


@signed_in
def own_role(request: HttpRequest, circle: str, slug: str, pk: int) -> HttpResponse:
    """How one's own role is shown; somebody else's does not exist here."""
    kind = _CIRCLES[circle]
    subject = get_object_or_404(kind.model._default_manager.all(), slug=slug)
    person = _role(kind, subject, pk)
    if person.user_id != request.user.pk:
        raise Http404("This role is somebody else's.")
    form = OwnRoleForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        operations.set_own_role(person=person, **form.cleaned_data, by=cast(User, request.user))
        messages.success(request, _("Your choices are saved."))
        return redirect(_way_back(request, kind, subject))
    context = {**_context(kind, subject, _("Your role")), "form": form, "person": person}
    _show_way_back(context, _way_back(request, kind, subject))
    return render(request, "networks/offers_own_role.html", context)


@public
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Its holder is told of what and as what, and never to which address it was sent."""
    found = queries.offer_by_token(token)
    if found is None:
        raise Http404("No such invitation.")
    subject = queries.circle_of(found).subject_of(found)
    now = timezone.now()
    why_not = WHY_NOT.get(standing(found, now))
    if why_not is None and queries.is_over(subject):
        why_not = WHY_NOT[Standing.WITHDRAWN]
    context = {"offer": found, "name": operations.name_of(subject), "why_not": why_not}
    user = viewer(request)
    if user is None:
        here = {"next": request.get_full_path()}
        context["login_url"] = f"{reverse('account_login')}?{urlencode(here)}"
        context["signup_url"] = f"{reverse('account_signup')}?{urlencode(here)}"
        return render(request, "networks/offers_signed_out.html", context)
    if found.email not in verified_addresses(user):
        return render(request, "people/invitation_for_another.html", status=404)
    if request.method == "POST":
        return _accept(request, found, user)
    return render(request, "networks/offers_offer.html", context)


@signed_in
@require_POST
def accept(request: HttpRequest, circle: str, pk: int) -> HttpResponse:
    """Accept from "my page", where only invitations to one's own addresses are shown."""
    kind = _CIRCLES[circle]
    user = cast(User, request.user)
    own = kind.offers.objects.to_addresses(verified_addresses(user)).select_related(kind.subject)
    return _accept(request, get_object_or_404(own, pk=pk), user)


def _accept(request: HttpRequest, found: Any, user: User) -> HttpResponse:
    try:
        person = operations.accept(offer=found, by=user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("portal:my")
    circle = queries.circle_of(found)
    subject = circle.subject_of(found)
    text = _("You are now %(role)s for %(name)s. Choose here whether your name is shown to everyone.")
    messages.success(request, text % {"role": person.get_role_display(), "name": operations.name_of(subject)})
    return redirect(f"networks:own_{circle.subject}_role", slug=subject.slug, pk=person.pk)
