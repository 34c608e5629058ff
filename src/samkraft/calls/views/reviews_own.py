"""What a reviewer sees: what to read now, one application as it may be seen, and how others judged a sample."""

from typing import Any, cast

import rules
from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.files import path_of
from samkraft.records.refusals import Refused
from samkraft.records.views import POLICY
from samkraft.ui.access import signed_in

from ..forms.reviews import ConflictForm, ReviewForm
from ..models import ApplicationState, Call, Review, ReviewState
from ..operations import reviews_judging as operations
from ..queries import agreement, merit, reviews_blind
from ..queries import reviews as queries


def _reviewed(request: HttpRequest, slug: str) -> Call:
    """The call, if the reader reviews it; to everybody else these pages do not exist."""
    call = get_object_or_404(Call, slug=slug)
    if not rules.test_rule("calls.reviews", request.user, call):
        raise Http404("The reader does not review this call.")
    return call


def _own(request: HttpRequest, pk: int) -> Review:
    """A review that is the reader's. One that was given back is theirs no longer."""
    rows = Review.objects.exclude(state=ReviewState.CONFLICT).select_related(
        "application__call", "application__place__parent", "application__actor"
    )
    outlines = ("application__place__outline", "application__place__parent__outline")
    review = get_object_or_404(rows.defer("application__working", *outlines), pk=pk)
    if not rules.test_rule("calls.judges", request.user, review):
        raise Http404("The reader was not asked to review this.")
    return review


def _crumbs(call: Call, *titles: str) -> list[dict[str, str]]:
    way = [(_("Your reviews"), reverse("calls:review_list", args=[call.slug])), *((title, "") for title in titles)]
    return [{"title": title, "url": url} for title, url in way]


@signed_in
@require_safe
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """What the reader has to read, what is next, and what they have judged."""
    call = _reviewed(request, slug)
    samples = queries.own_reviews(request.user, call, samples=True)
    real = queries.own_reviews(request.user, call)
    points = merit.points_by_review(call)
    context = {
        "call": call,
        "samples": samples,
        "reviews": [
            {
                "review": review,
                "title": reviews_blind.title_of(review.application),
                "points": points.get(review.application_id, {}).get(review.reviewer_id),
            }
            for review in real
        ],
        "left": sum(review.state == ReviewState.ASSIGNED for review in real),
        "samples_left": sum(review.state == ReviewState.ASSIGNED for review in samples),
        "next": queries.next_review(request.user, call),
        "is_open": queries.is_open(call),
        "crumbs": [{"title": call.title, "url": call.get_absolute_url()}, {"title": _("Your reviews"), "url": ""}],
    }
    return render(request, "calls/review_list.html", context)


@signed_in
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one application and judge it. Saved on the way or as done, and then on to the next."""
    found = _own(request, pk)
    application, call = found.application, found.application.call
    scales = merit.scales_of(call)
    form = ReviewForm(request.POST or None, scales=scales, initial=ReviewForm.kept(found))
    if request.method == "POST" and form.is_valid():
        try:
            _save(request, found, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _onward(request, found, is_done=form.is_done)
    takes_part = application.is_sample or application.state == ApplicationState.SUBMITTED
    context = {
        "call": call,
        "review": found,
        "title": reviews_blind.title_of(application),
        "rows": reviews_blind.rows_for_reviewer(application) if takes_part else [],
        "takes_part": takes_part,
        "is_open": queries.is_open(call, samples=application.is_sample),
        "samples_left": not application.is_sample and _samples_left(request, call),
        "hides": reviews_blind.hides_anything(call),
        "form": form,
        "scores": found.scores.select_related("scale"),
        "crumbs": _crumbs(call, reviews_blind.title_of(application)),
    }
    return render(request, "calls/review.html", context)


def _samples_left(request: HttpRequest, call: Call) -> bool:
    own = queries.own_reviews(request.user, call, samples=True)
    return queries.is_open(call) and any(review.state == ReviewState.ASSIGNED for review in own)


def _save(request: HttpRequest, found: Review, form: ReviewForm) -> Review:
    return operations.save_review(
        review=found,
        points=form.points(),
        comment=form.cleaned_data["comment"],
        done=form.is_done,
        by=cast(User, request.user),
        now=timezone.now(),
    )


def _onward(request: HttpRequest, found: Review, *, is_done: bool) -> HttpResponse:
    call = found.application.call
    if not is_done:
        messages.success(request, _("Saved. You can go on whenever you like."))
        return redirect("calls:review", pk=found.pk)
    following = queries.next_review(request.user, call, after=found.pk)
    if found.application.is_sample and (following is None or not following.application.is_sample):
        messages.success(request, _("Thank you. Here you see how the others have judged the samples."))
        return redirect("calls:review_samples", slug=call.slug)
    if following is None or not queries.is_open(call, samples=following.application.is_sample):
        messages.success(request, _("Thank you. You have nothing left to read now."))
        return redirect("calls:review_list", slug=call.slug)
    messages.success(request, _("Saved as done. Here is the next one."))
    return redirect("calls:review", pk=following.pk)


@signed_in
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what stands in the form while somebody is still at it; answers with one line that says so."""
    found = _own(request, pk)
    form = ReviewForm(request.POST, scales=merit.scales_of(found.application.call))
    context: dict[str, Any] = {"problem": ""}
    if form.is_valid():
        try:
            _save(request, found, form)
        except Refused as refused:
            context["problem"] = str(refused)
    else:
        context["problem"] = _("Not saved: something in the form needs another look.")
    return render(request, "calls/_review_saved.html", {**context, "at": timezone.now()})


@signed_in
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Give back what one is too close to judge. Asks why."""
    found = _own(request, pk)
    application = found.application
    if application.is_sample:
        raise Http404("Nobody is too close to a sample.")
    form = ConflictForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.declare_conflict(
                review=found, **form.cleaned_data, by=cast(User, request.user), now=timezone.now()
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Thank you for saying so. You no longer read this application."))
            return redirect("calls:review_list", slug=application.call.slug)
    title = reviews_blind.title_of(application)
    context = {
        "call": application.call,
        "review": found,
        "title": title,
        "form": form,
        "crumbs": _crumbs(application.call, title),
    }
    return render(request, "calls/review_conflict.html", context)


@signed_in
@require_safe
def attachment(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An attachment under a name that tells nothing; what a file is called often holds who sent it."""
    found = _own(request, pk)
    application = found.application
    takes_part = application.is_sample or application.state == ApplicationState.SUBMITTED
    file = reviews_blind.attachment(application, number) if takes_part else None
    if file is None:
        raise Http404("There is no such attachment.")
    path = path_of(file)
    try:
        with default_storage.open(path) as content:
            response = HttpResponse(content.read(), content_type=file.content_type)
    except FileNotFoundError as error:
        raise Http404("The file is no longer in the storage.") from error
    suffix = path.rpartition(".")[2]
    response["Content-Disposition"] = content_disposition_header(True, f"attachment-{application.pk}-{number}.{suffix}")
    response["Cache-Control"] = "private, no-cache"
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    return response


@signed_in
@require_safe
def samples(request: HttpRequest, slug: str) -> HttpResponse:
    """How all reviewers judged the samples, for a reviewer who has judged each of them."""
    call = _reviewed(request, slug)
    own = queries.own_reviews(request.user, call, samples=True)
    if not own or any(row.state == ReviewState.ASSIGNED for row in own):
        raise Http404("The reader judges the samples first.")
    context = {
        "call": call,
        "samples": agreement.samples_compared(call),
        "next": queries.next_review(request.user, call),
        "crumbs": _crumbs(call, _("How the samples were judged")),
    }
    return render(request, "calls/review_samples.html", context)
