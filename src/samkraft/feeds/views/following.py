"""Following a feed by mail: with an address that its holder confirms, or with the reader's own in one click."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from samkraft.networks.models import Network
from samkraft.places.models import Area
from samkraft.records.addresses import client_address
from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public
from samkraft.ui.context import viewer

from ..forms.following import ChoicesForm, FollowForm
from ..models import Frequency, Subscription
from ..operations import following
from ..queries.reading import Feed
from .reading import feed_of_area, feed_of_network

ASKED_AN_HOUR = 10


@public
def follow_area(request: HttpRequest, country: str, slug: str) -> HttpResponse:
    return _follow(request, feed_of_area(request, country, slug))


@public
def follow_network(request: HttpRequest, slug: str) -> HttpResponse:
    return _follow(request, feed_of_network(slug))


@public
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The receipt: what happens next. It says the same whoever follows already."""
    return render(request, "feeds/follow_asked.html")


@public
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail's link leads. Programs that look at links in mails open it too, so opening changes nothing."""
    subscription = following.subscription_of(token, following.CONFIRM, max_age=following.UNCONFIRMED_KEPT)
    if subscription is None:
        raise Http404("The link is not one of ours, or what it was for is erased.")
    if request.method == "POST":
        following.confirm(subscription=subscription, now=timezone.now())
        name = following.name_of(subscription)
        messages.success(
            request, _("You follow %(name)s now. The first mail comes when there is news.") % {"name": name}
        )
        return redirect("feeds:follow_manage", following.token_of(subscription, following.MANAGE))
    return render(request, "feeds/follow_confirm.html", _context(subscription))


@public
@never_cache
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """How often and in which language, and the way to stop; by a link that only the follower has."""
    subscription = _managed(token)
    initial = {"frequency": subscription.frequency, "language": subscription.language}
    form = ChoicesForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        following.change(subscription=subscription, **form.cleaned_data, now=timezone.now())
        messages.success(request, _("We have kept how you want to be told."))
        return redirect("feeds:follow_manage", token)
    return render(request, "feeds/follow_manage.html", {**_context(subscription), "form": form, "token": token})


@public
@never_cache
@csrf_exempt
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop following. Reading it changes nothing; mail programs POST, without a cookie of ours (RFC 8058)."""
    subscription = following.subscription_of(token, following.MANAGE)
    if subscription is None:
        if following.is_ours(token, following.MANAGE):
            return render(request, "feeds/follow_stop.html", {"done": True})
        raise Http404("The link is not one of ours.")
    done = request.method == "POST"
    if done:
        following.stop(subscription=subscription)
    return render(request, "feeds/follow_stop.html", {**_context(subscription), "done": done})


def _managed(token: str) -> Subscription:
    subscription = following.subscription_of(token, following.MANAGE)
    if subscription is None or subscription.confirmed_at is None:
        raise Http404("The link is not one of ours, or the follower has stopped.")
    return subscription


def _context(subscription: Subscription) -> dict[str, object]:
    return {"subscription": subscription, "name": following.name_of(subscription)}


def _subject(feed: Feed) -> dict[str, Area | Network]:
    """What is followed, as operations take it."""
    if isinstance(feed.subject, Network):
        return {"network": feed.subject}
    assert isinstance(feed.subject, Area)
    return {"area": feed.subject}


def _follow(request: HttpRequest, feed: Feed) -> HttpResponse:
    reader = viewer(request)
    if request.method == "POST" and reader is not None and request.POST.get("own") == "1":
        return _follow_as_reader(request, feed)
    initial = {"frequency": Frequency.WEEKLY, "language": get_language(), "email": reader.email if reader else ""}
    form = FollowForm(request.POST or None, initial=initial)
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = dict(form.cleaned_data)
        # People do not see this field: what fills it in is a program, which is told nothing.
        if answers.pop("website"):
            return redirect("feeds:follow_asked")
        now = timezone.now()
        try:
            _limit_by_address(request)
            following.ask(**answers, **_subject(feed), now=now)  # type: ignore[arg-type]
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 429
        else:
            return redirect("feeds:follow_asked")
    context = {"feed": feed, "form": form, "page_url": feed.address(), "crumbs": _crumbs(feed)}
    return render(request, "feeds/follow.html", context, status=status)


def _limit_by_address(request: HttpRequest) -> None:
    """Each asking is a mail to somebody who may not have asked for it. Raises Refused."""
    address, hour = client_address(request), timedelta(hours=1)
    if not allow(action="feeds.follow", address=address, limit=ASKED_AN_HOUR, period=hour, now=timezone.now()):
        raise Refused(_("You have asked for many mails in a short time. Wait an hour and try again."))


def _follow_as_reader(request: HttpRequest, feed: Feed) -> HttpResponse:
    try:
        new = following.follow_as_reader(user=request.user, **_subject(feed), now=timezone.now())  # type: ignore[arg-type]
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = _("You follow %(name)s now.") if new else _("You follow %(name)s already.")
        messages.success(request, said % {"name": feed.name} + " " + _("What you follow stands on your own page."))
    return redirect(feed.address())


def _crumbs(feed: Feed) -> list[dict[str, str]]:
    return [
        {"title": feed.name, "url": feed.address()},
        {"title": _("Follow by e-mail"), "url": feed.follow_address()},
    ]
