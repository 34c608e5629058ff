"""Reporting a post, and the queue of those who look after its place."""

from typing import cast

import rules
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.models import VisitorMessage
from samkraft.records.refusals import Refused
from samkraft.ui.access import allowed, public

from ..forms.moderation import DecisionForm, ReportForm, RestoreForm, UnreportedForm
from ..models import Decision, ModerationDecision, Post, PostState
from ..operations import moderation
from ..queries import moderation as queries
from ..queries.posts import whole
from .posts import one_page


@public
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Report a published post. Needs no account."""
    post = get_object_or_404(whole(Post.objects.published()), pk=pk)
    form = ReportForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "feeds/report.html", {"post": post, "form": form})
    answers = dict(form.cleaned_data)
    # People do not see this field: what fills it in is a program, which is told nothing.
    if answers.pop("website"):
        return redirect("feeds:reported")
    now = timezone.now()
    if not allow(
        action="feeds.report",
        address=client_address(request),
        limit=moderation.MOST_REPORTS,
        period=moderation.REPORTS_PERIOD,
        now=now,
    ):
        form.add_error(None, _("You have sent many reports in a short time. Wait an hour and send this again."))
        return render(request, "feeds/report.html", {"post": post, "form": form}, status=429)
    moderation.receive_report(post=post, **answers, language=get_language() or "sv", now=now)
    return redirect("feeds:reported")


@public
@require_safe
def reported(request: HttpRequest) -> HttpResponse:
    """The receipt: what happens next."""
    return render(request, "feeds/reported.html")


@allowed("feeds.looks_after_posts")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Reported posts that await a decision; unpublished ones; what has been decided."""
    show = request.GET.get("show", "")
    if show == "decisions":
        found, next_url = one_page(request, queries.decisions(request.user))
    elif show == "unpublished":
        found, next_url = one_page(request, whole(queries.unpublished(request.user)))
    else:
        show = ""
        found, next_url = one_page(request, whole(queries.reported(request.user)))
        queries.add_reports(found)
    return render(request, "feeds/moderation.html", {"found": found, "next_url": next_url, "show": show})


@allowed("feeds.looks_after_posts")
def moderate(request: HttpRequest, pk: int) -> HttpResponse:
    """One post with its open reports: does it stay?"""
    post = get_object_or_404(whole(Post.objects.all()), pk=pk)
    is_told = post.state in {PostState.PUBLISHED, PostState.UNPUBLISHED}
    if not is_told or not rules.test_rule("feeds.moderates", request.user, post):
        raise Http404("The reader does not look after this post.")
    reports = list(queries.open_reports(post))
    form = _form(request, post, reports)
    if request.method == "POST" and request.POST.get("step") != form.step:
        # What was offered is not what can be decided now: never take one decision for another.
        messages.error(request, _("Somebody else has just handled this matter. Look at it again."))
        return redirect("feeds:moderate_post", pk=post.pk)
    if request.method == "POST" and form.is_valid():
        try:
            _decide(request, post, form)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("feeds:moderate_post", pk=post.pk)
    context = {
        "post": post,
        "reports": reports,
        "form": form,
        "decided": ModerationDecision.objects.filter(post=post).select_related("by"),
        "is_unpublished": post.state == PostState.UNPUBLISHED,
    }
    return render(request, "feeds/moderation_post.html", context)


def _form(request: HttpRequest, post: Post, reports: list[VisitorMessage]) -> DecisionForm | RestoreForm:
    """What can be decided now."""
    data = request.POST or None
    seen = {"seen": reports[-1].pk if reports else 0}
    if reports:
        form = DecisionForm(data, initial=seen)
        if post.state == PostState.UNPUBLISHED:
            form.fields["decision"].choices = [(Decision.KEPT, _("Nothing more: it has been unpublished already"))]
        return form
    if post.state == PostState.UNPUBLISHED:
        return RestoreForm(data)
    return UnreportedForm(data, initial=seen)


def _decide(request: HttpRequest, post: Post, form: DecisionForm | RestoreForm) -> None:
    given = form.cleaned_data
    who = {"by": cast(User, request.user), "now": timezone.now(), "why": given["why"]}
    answer, seen = given.get("answer", ""), given.get("seen") or 0
    if form.step == RestoreForm.step:
        moderation.restore_post(post=post, **who)
        messages.success(request, _("The post is published again, and those who wrote it are told."))
    elif given.get("decision") == Decision.KEPT:
        moderation.keep_post(post=post, answer=answer, seen=seen, **who)
        messages.success(request, _("The decision is kept. Those who left an address are answered."))
    else:
        moderation.unpublish_post(post=post, answer=answer, seen=seen, **who)
        messages.success(request, _("The post is unpublished, and those who wrote it are told why."))
