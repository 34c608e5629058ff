"""From a draft to a published post, and back: looking at it, publishing, the receipt, unpublishing, the history."""

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from samkraft.people.models import User
from samkraft.records.refusals import Refused
from samkraft.ui import rich_text
from samkraft.ui.access import signed_in

from ..forms.posts import ReasonForm, ScheduleForm
from ..models import Post, PostState
from ..operations import posts
from ..operations.posts_copied import copy_post
from ..queries import posts as queries
from ..queries.posts_history import history_of
from .posts import own_post

LONGEST_TO_SHARE = 400


@signed_in
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft as readers will see it, with the ways to publish it."""
    post = own_post(request, pk)
    if post.state not in {PostState.DRAFT, PostState.SCHEDULED}:
        return redirect(post) if post.state == PostState.PUBLISHED else redirect("feeds:post_history", pk=post.pk)
    form = ScheduleForm(request.POST or None, country=post.country)
    if request.method == "POST" and form.is_valid():
        try:
            _schedule(request, post, form)
        except Refused as refused:
            form.add_error("at", str(refused))
        else:
            return redirect("feeds:preview_post", pk=post.pk)
    context = {"post": post, "form": form, "lacks": posts.lacks(post), "kind": post.kind}
    return render(request, "feeds/post_edit_preview.html", context)


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0


def _schedule(request: HttpRequest, post: Post, form: ScheduleForm) -> None:
    at = form.cleaned_data["at"]
    by, now = cast(User, request.user), timezone.now()
    posts.schedule_post(post=post, version=_version(request), at=at, by=by, now=now)
    messages.success(request, _("The post is published at the time that you chose. Until then you can edit it."))


@signed_in
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    post = own_post(request, pk)
    try:
        by = cast(User, request.user)
        posts.publish_post(post=post, version=_version(request), by=by, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("feeds:preview_post", pk=post.pk)
    return redirect("feeds:post_receipt", pk=post.pk)


@signed_in
@require_POST
def unschedule(request: HttpRequest, pk: int) -> HttpResponse:
    post = own_post(request, pk)
    try:
        posts.unschedule_post(post=post, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The post is a draft again and is not published by itself."))
    return redirect("feeds:preview_post", pk=post.pk)


@signed_in
@require_safe
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the post is read, and a text to share on Facebook."""
    post = own_post(request, pk)
    if post.state != PostState.PUBLISHED:
        raise Http404("The post is not published.")
    url = settings.SITE_URL + post.get_absolute_url()
    pages = [(page.title, page.url) for page in queries.facebook_pages(post)]
    if post.network is not None and post.network.facebook_url:
        pages.append((post.network.name, post.network.facebook_url))
    if post.actor is not None and post.actor.facebook_url:
        pages.append((post.actor.name, post.actor.facebook_url))
    context = {"post": post, "url": url, "share_text": share_text(post, url), "facebook_pages": pages}
    return render(request, "feeds/post_edit_receipt.html", context)


def share_text(post: Post, url: str) -> str:
    """The title, the beginning of the text, the link: what one pastes elsewhere."""
    words = rich_text.to_plain(post.text).strip()
    if len(words) > LONGEST_TO_SHARE:
        words = words[:LONGEST_TO_SHARE].rsplit(" ", 1)[0].rstrip(" .,;:") + " …"
    return "\n\n".join(part for part in (post.title, words, url) if part)


@signed_in
def unpublish(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what one's own author has told, with a reason that is kept."""
    post = own_post(request, pk)
    if post.state != PostState.PUBLISHED:
        messages.error(request, _("This post is not published."))
        return redirect("feeds:post_history", pk=post.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        return _done(
            request,
            post,
            lambda **who: posts.unpublish_own(post=post, why=why, **who),
            _("The post is unpublished. Nobody can read it any more; it is kept here with the reason."),
        )
    return render(request, "feeds/post_edit_unpublish.html", {"post": post, "form": form})


@signed_in
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft away. Asks before it does."""
    post = own_post(request, pk)
    if post.state != PostState.DRAFT:
        messages.error(request, _("Only a draft can be put away."))
        return redirect("feeds:post_history", pk=post.pk)
    if request.method != "POST":
        return render(request, "feeds/post_edit_withdraw.html", {"post": post})
    told = _("The draft is put away. Copy it to a new draft if you want it back.")
    return _done(request, post, lambda **who: posts.withdraw_draft(post=post, **who), told)


def _done(request: HttpRequest, post: Post, act: Any, told: str) -> HttpResponse:
    try:
        act(by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, told)
    return redirect("feeds:post_history", pk=post.pk)


@signed_in
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    post = own_post(request, pk)
    try:
        draft = copy_post(post=post, by=cast(User, request.user), now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("feeds:post_history", pk=post.pk)
    messages.success(request, _("This is a new draft with the same words and pictures."))
    return redirect("feeds:edit_post", pk=draft.pk)


@signed_in
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Who did what with the post when, and what can be done with it now."""
    post = own_post(request, pk)
    return render(request, "feeds/post_edit_history.html", {"post": post, "entries": history_of(post)})
