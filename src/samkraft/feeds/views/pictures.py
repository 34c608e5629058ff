"""The pictures of a post: added, described, moved and removed on a page of their own."""

from datetime import timedelta
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.pictures import PermissionForm, PictureForm, WordsForm
from ..models import MailedPicture, Post, PostPicture
from ..operations import pictures
from ..operations.posts import EDITABLE
from .posts import own_post

PICTURES_AN_HOUR = 100


def _editable(request: HttpRequest, pk: int) -> Post | None:
    """The post, or None with a message when it can no longer be edited."""
    post = own_post(request, pk)
    if post.state in EDITABLE:
        return post
    messages.error(request, _("This post can no longer be edited. Copy it to a new draft instead."))
    return None


def _to_pictures(post: Post) -> HttpResponse:
    return redirect("feeds:post_pictures", pk=post.pk)


@signed_in
def post_pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """All pictures of a post, and the form to add one."""
    post = _editable(request, pk)
    if post is None:
        return redirect("feeds:post_history", pk=pk)
    form = PictureForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        hour = timedelta(hours=1)
        if not allow(action="feeds.picture", account=request.user, limit=PICTURES_AN_HOUR, period=hour, now=now):
            return render(request, "429.html", status=429)
        try:
            pictures.add_picture(post=post, **form.cleaned_data, by=cast(User, request.user), now=now)
        except Refused as refused:
            form.add_error("upload", str(refused))
        else:
            messages.success(request, _("The picture is added."))
            return _to_pictures(post)
    found = list(post.pictures.select_related("file"))
    context = {
        "post": post,
        "pictures": found,
        "form": form,
        "mailed": MailedPicture.objects.filter(mailed__post=post).select_related("file"),
        "is_full": len(found) >= pictures.MOST_PICTURES,
    }
    return render(request, "feeds/post_edit_pictures.html", context)


def _picture(post: Post, id: int) -> PostPicture:
    return get_object_or_404(post.pictures.select_related("file"), pk=id)


@signed_in
def describe(request: HttpRequest, pk: int, id: int) -> HttpResponse:
    """Change the words about a picture."""
    post = _editable(request, pk)
    if post is None:
        return redirect("feeds:post_history", pk=pk)
    picture = _picture(post, id)
    picture.post = post
    form = WordsForm(request.POST or None, initial={"alt": picture.alt, "photographer": picture.photographer})
    if request.method == "POST" and form.is_valid():
        done = _act(request, pictures.describe_picture, picture=picture, **form.cleaned_data)
        if done:
            messages.success(request, _("The words about the picture are saved."))
        return _to_pictures(post)
    return render(request, "feeds/post_edit_picture.html", {"post": post, "item": picture, "form": form})


@signed_in
@require_POST
def move(request: HttpRequest, pk: int, id: int) -> HttpResponse:
    post = own_post(request, pk)
    picture = _picture(post, id)
    picture.post = post
    _act(request, pictures.move_picture, picture=picture, earlier=request.POST.get("way") == "earlier")
    return _to_pictures(post)


@signed_in
def remove(request: HttpRequest, pk: int, id: int) -> HttpResponse:
    """Remove a picture for good. Asks before it does."""
    post = own_post(request, pk)
    picture = _picture(post, id)
    picture.post = post
    if request.method == "POST":
        if _act(request, pictures.remove_picture, picture=picture):
            messages.success(request, _("The picture is removed."))
        return _to_pictures(post)
    return render(request, "feeds/post_edit_picture_remove.html", {"post": post, "item": picture})


@signed_in
def use_mailed(request: HttpRequest, pk: int, id: int) -> HttpResponse:
    """Describe a picture that was mailed in, and use it."""
    post = _editable(request, pk)
    if post is None:
        return redirect("feeds:post_history", pk=pk)
    rows = MailedPicture.objects.select_related("file", "mailed__post")
    picture = get_object_or_404(rows, pk=id, mailed__post=post)
    form = PermissionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if _act(request, pictures.take_mailed_picture, picture=picture, **form.cleaned_data):
            messages.success(request, _("The picture is added."))
        return _to_pictures(post)
    return render(request, "feeds/post_edit_picture.html", {"post": post, "item": picture, "form": form})


def _act(request: HttpRequest, operation: Any, **arguments: Any) -> bool:
    """Do it; when it is refused, say why."""
    try:
        operation(by=cast(User, request.user), now=timezone.now(), **arguments)
    except Refused as refused:
        messages.error(request, str(refused))
        return False
    return True
