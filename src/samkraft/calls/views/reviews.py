"""The review of a call's applications, for those who run it: sharing out, how far it has come, how well it agrees."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.reviews import AskForm
from ..models import Application, Call, Review
from ..operations import reviews as operations
from ..queries import agreement as agreement_queries
from ..queries import reviews as queries
from ..queries import reviews_blind
from .applications_organised import reviews_title, sent_in
from .fetching import organised, working_crumbs


@signed_in
@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """How far the reviewers have come, what the points are, and whether they agree."""
    call = organised(request, slug)
    progress = queries.progress(call)
    context = {
        "call": call,
        "progress": progress,
        "is_open": queries.is_open(call),
        "may_have_samples": queries.is_open(call, samples=True),
        "samples": Application.objects.in_call(call).filter(is_sample=True).count(),
        "points": queries.points_spread(call),
        "agreement": agreement_queries.in_all(call),
        "hides": reviews_blind.hides_anything(call),
        "crumbs": working_crumbs(call, _("Review")),
    }
    return render(request, "calls/reviews.html", context)


@signed_in
@require_POST
def share_out(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    try:
        made = operations.share_out(call=call, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("calls:reviews", slug=slug)
    if made:
        text = ngettext(
            "%(count)s review is shared out. We have told the reviewers by mail.",
            "%(count)s reviews are shared out. We have told the reviewers by mail.",
            made,
        )
        messages.success(request, text % {"count": made})
    else:
        messages.success(request, _("Every application has the reviewers that it can have already."))
    return redirect("calls:reviews", slug=slug)


@signed_in
@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    call = organised(request, slug)
    try:
        told = operations.remind(call=call, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = ngettext("We have reminded %(count)s reviewer.", "We have reminded %(count)s reviewers.", told)
        messages.success(request, text % {"count": told})
    return redirect("calls:reviews", slug=slug)


def below_reviews(call: Call, *titles: str) -> list[dict[str, str]]:
    way = working_crumbs(call, _("Review"), *titles)
    way[2]["url"] = reverse("calls:reviews", args=[call.slug])
    return way


@signed_in
@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """How well the reviewers agree, scale by scale, and the applications on which they differ most."""
    call = organised(request, slug)
    differing = agreement_queries.most_differing(call)
    rows = Application.objects.real().in_call(call).filter(pk__in=[row.application for row in differing])
    names = {application.pk: reviews_title(application) for application in rows}
    context = {
        "call": call,
        "rows": agreement_queries.rows_of(call),
        "differing": [{"row": row, "name": names.get(row.application, "")} for row in differing],
        "crumbs": below_reviews(call, _("How well the reviewers agree")),
    }
    return render(request, "calls/reviews_agreement.html", context)


@signed_in
def ask(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Ask one more reviewer about an application: those who can be asked are offered."""
    call = organised(request, slug)
    found = sent_in(call, pk)
    reviewers = queries.who_can_be_asked(found, call)
    form = AskForm(request.POST or None, reviewers=reviewers)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.assign(
                application=found, **form.cleaned_data, by=cast(User, request.user), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("%(name)s reads the application too, and has been told by mail.") % {"name": made.reviewer}
            )
            return redirect("calls:application_read", slug=slug, pk=pk)
    context = {
        "call": call,
        "application": found,
        "title": reviews_title(found),
        "form": form,
        "reviewers": reviewers,
        "crumbs": below_reviews(call, _("One more reviewer")),
    }
    return render(request, "calls/review_ask.html", context)


@signed_in
@require_POST
def take_away(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take away a review that nobody has done yet."""
    call = organised(request, slug)
    rows = Review.objects.filter(application__call=call, application__is_sample=False)
    review = get_object_or_404(rows.select_related("application__call", "reviewer"), pk=pk)
    try:
        operations.unassign(review=review, by=cast(User, request.user))
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        text = _("%(name)s no longer reads the application.")
        messages.success(request, text % {"name": review.reviewer})
    return redirect("calls:application_read", slug=slug, pk=review.application_id)
