"""Writing posts: as whom, the words, and what one has written."""

from datetime import timedelta
from typing import Any, cast
from urllib.parse import urlencode

import rules
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.people.models import User
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import signed_in

from ..forms.posts import BeginForm, PostForm
from ..models import InflowItem, Post, PostKind, PostState
from ..operations import posts
from ..operations.shares import look_at
from ..queries import posts as queries
from ..queries.inflow import item_for
from ..queries.posts import Author

A_PAGE = 30
LOOKS_AN_HOUR = 60
# The states by which "my posts" is sorted, in the order of its tabs.
SHOWN = {
    "drafts": (PostState.DRAFT, PostState.SCHEDULED),
    "published": (PostState.PUBLISHED,),
    "unpublished": (PostState.UNPUBLISHED, PostState.WITHDRAWN),
}


def own_post(request: HttpRequest, pk: int) -> Post:
    """The post, for those who may write it; to everybody else it does not exist."""
    post = get_object_or_404(queries.whole(Post.objects.all()), pk=pk)
    if not rules.test_rule("feeds.may_edit_post", request.user, post):
        raise Http404("The reader does not write for this author.")
    return post


def one_page(request: HttpRequest, rows: QuerySet[Any], size: int = A_PAGE) -> tuple[list[Any], str | None]:
    """One page of rows whose newest come first, and the address of the next; `?before=` the last one's key."""
    parameters = request.GET.copy()
    before = parameters.pop("before", [""])[-1]
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return found, None
    parameters["before"] = str(found[size - 1].pk)
    return found[:size], f"?{parameters.urlencode()}"


@signed_in
@require_safe
def write(request: HttpRequest) -> HttpResponse:
    """As whom, and what kind: then the form that fits. `?share=` names an item of the tray to be shared."""
    authors = queries.authors_of(request.user)
    item = _item(request)
    if item is not None and len(authors) == 1:
        return redirect(_form_address(authors[0].key, PostKind.SHARE, item))
    data = request.GET if "author" in request.GET else None
    form = BeginForm(data, authors=authors, kind=PostKind.SHARE if item is not None else None)
    if form.is_valid():
        return redirect(_form_address(form.cleaned_data["author"], form.cleaned_data.get("kind", "share"), item))
    return render(request, "feeds/write.html", {"form": form, "authors": authors, "item": item})


def _item(request: HttpRequest) -> InflowItem | None:
    """The item of the tray that is to be shared, if the reader may."""
    wanted = request.GET.get("share", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):
        return None
    return item_for(request.user, int(wanted))


def _form_address(author: str, kind: str, item: InflowItem | None) -> str:
    wanted = {"kind": kind} if item is None else {"kind": kind, "share": item.pk}
    return f"{reverse('feeds:write_as', args=[author])}?{urlencode(wanted)}"


@signed_in
def write_as(request: HttpRequest, slug: str) -> HttpResponse:
    """A new post by one author."""
    author = queries.author_with_key(request.user, slug)
    if author is None:
        raise Http404("The reader does not write for this author.")
    kind = request.GET.get("kind", PostKind.NEWS)
    if kind not in PostKind.values:
        kind = PostKind.NEWS
    form = PostForm(request.POST or None, author=author, kind=kind, initial=_asked_for(request, author, kind))
    context = {"form": form, "author": author, "kind": PostKind(kind)}
    if request.method != "POST":
        return render(request, "feeds/write_form.html", context)
    if request.POST.get("step") == "look" and kind == PostKind.SHARE:
        filled, why_not = _looked_at(request, form)
        form = PostForm(author=author, kind=kind, initial=filled)
        return render(request, "feeds/write_form.html", {**context, "form": form, "why_not": why_not, "looked": True})
    if form.is_valid():
        try:
            by = cast(User, request.user)
            post = posts.create_draft(author=author, kind=kind, content=form.content, by=by, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after_saving(request, post)
    return render(request, "feeds/write_form.html", context)


def _asked_for(request: HttpRequest, author: Author, kind: str) -> dict[str, Any]:
    """What the page that led here has filled in: the municipality, or what came in and is to be shared."""
    wanted = request.GET.get("municipality", "")
    filled = {"municipality": wanted} if wanted in {str(place.pk) for place in author.municipalities} else {}
    item = _item(request) if kind == PostKind.SHARE else None
    if item is not None:
        filled |= {"link_url": item.url, "title": item.title[:160], "link_title": item.title}
        filled |= {"link_site": item.source.title[:120], "link_text": item.summary}
    return filled


def _looked_at(request: HttpRequest, form: PostForm) -> tuple[dict[str, Any], str]:
    """What the form holds, filled in with what the pasted link says about itself; and why not, where it does not."""
    given = {name: field.widget.value_from_datadict(request.POST, {}, name) for name, field in form.fields.items()}
    by_hand = _("Fill in the title and the rest by hand.")
    now = timezone.now()
    if not allow(action="feeds.look", account=request.user, limit=LOOKS_AN_HOUR, period=timedelta(hours=1), now=now):
        return given, " ".join((_("You have looked up many links in a short time."), by_hand))
    try:
        url = form.fields["link_url"].clean(given["link_url"])
        preview = look_at(url)
    except ValidationError as error:
        return given, error.messages[0]
    except Refused as refused:
        return given, f"{refused} {by_hand}"
    found = {"link_title": preview.title, "link_site": preview.site, "link_text": preview.text}
    title = given["title"] or preview.title
    return {**given, **found, "title": title, "link_url": url}, "" if preview.title else by_hand


def _after_saving(request: HttpRequest, post: Post) -> HttpResponse:
    """On to what was asked for: the pictures, the look of it, or to go on writing."""
    step = request.POST.get("step", "preview")
    if step == "pictures":
        return redirect("feeds:post_pictures", pk=post.pk)
    if step == "keep":
        messages.success(request, _("The draft is saved. Only those who write for its author can read it."))
        return redirect("feeds:edit_post", pk=post.pk)
    return redirect("feeds:preview_post", pk=post.pk)


@signed_in
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a draft, or what is published already. Of two who save at once the second is told, and loses nothing."""
    post = own_post(request, pk)
    if post.state not in posts.EDITABLE:
        messages.error(request, _("This post can no longer be edited. Copy it to a new draft instead."))
        return redirect("feeds:post_history", pk=post.pk)
    author = Author(post.author)
    form = PostForm(request.POST or None, author=author, kind=post.kind, post=post)
    context = {"form": form, "author": author, "kind": PostKind(post.kind), "post": post}
    if request.method != "POST":
        return render(request, "feeds/post_edit.html", context)
    if request.POST.get("step") == "look" and post.kind == PostKind.SHARE:
        filled, why_not = _looked_at(request, form)
        form = PostForm(author=author, kind=post.kind, post=post, initial=filled)
        return render(request, "feeds/post_edit.html", {**context, "form": form, "why_not": why_not, "looked": True})
    if not form.is_valid():
        return render(request, "feeds/post_edit.html", context)
    return _save(request, post, form, context)


def _save(request: HttpRequest, post: Post, form: PostForm, context: dict[str, Any]) -> HttpResponse:
    version = form.cleaned_data["version"] or 0
    try:
        by = cast(User, request.user)
        saved = posts.save_post(post=post, content=form.content, version=version, by=by, now=timezone.now())
    except posts.ChangedMeanwhile as meanwhile:
        # The second one's words stay in the form; saving it once more, having seen the other's, puts them in place.
        form.data = form.data.copy()
        form.data["version"] = post.version
        form.add_error(None, str(meanwhile))
        return render(request, "feeds/post_edit.html", {**context, "theirs": post, "form": form}, status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "feeds/post_edit.html", context)
    if saved.state == PostState.PUBLISHED and request.POST.get("step") != "pictures":
        messages.success(request, _("The changes are published. Readers see that the post has been edited, and when."))
        return redirect(saved)
    return _after_saving(request, saved)


@signed_in
@require_safe
def my_posts(request: HttpRequest) -> HttpResponse:
    """What those as whom the reader may write have told, or are about to."""
    show = request.GET.get("show", "drafts")
    states = SHOWN.get(show, SHOWN["drafts"])
    rows = queries.whole(queries.written_by(request.user).filter(state__in=states))
    found, next_url = one_page(request, rows)
    context = {
        "found": found,
        "next_url": next_url,
        "show": show if show in SHOWN else "drafts",
        "may_write": bool(found) or bool(queries.authors_of(request.user)),
    }
    return render(request, "feeds/my_posts.html", context)
