"""My notices, what I want by mail, leaving a mailing, and the mails that a demo keeps."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from samkraft.ui.access import allowed, public, signed_in

from . import kinds, mails, operations, queries
from .forms import MailChoiceForm
from .models import Notice, OutboxMessage

A_PAGE = 30
MOST_OF_AN_ADDRESS = 254
NOT_SHOWN = {"Content-Type", "MIME-Version"}


def _before(request: HttpRequest) -> int | None:
    """The key below which a page of a list begins, from the address; anything else is the first page."""
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@signed_in
@require_safe
def my_notices(request: HttpRequest) -> HttpResponse:
    rows = Notice.objects.visible_to(request.user)
    before = _before(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    notices = list(rows[: A_PAGE + 1])
    more = len(notices) > A_PAGE
    notices = notices[:A_PAGE]
    context = {
        "notices": notices,
        "unread": queries.unread_count(request.user),
        "next_url": f"?before={notices[-1].pk}" if more else None,
    }
    return render(request, "notices/my_notices.html", context)


@signed_in
@require_POST
def read_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go on to what it tells of."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    operations.mark_read(notice=notice, now=timezone.now())
    return redirect(notice.url or "notices:mine")


@signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    operations.mark_all_read(user=request.user, now=timezone.now())
    return redirect("notices:mine")


@signed_in
def mail_choices(request: HttpRequest) -> HttpResponse:
    address = request.user.email  # type: ignore[union-attr]
    form = MailChoiceForm(request.POST or None, initial={"wanted": sorted(queries.kinds_wanted(address))})
    if request.method == "POST":
        form = MailChoiceForm(request.POST)
        if form.is_valid():
            operations.choose_kinds(address=address, wanted=form.cleaned_data["wanted"], now=timezone.now())
            messages.success(request, _("We have kept what you want by e-mail."))
            return redirect("notices:choices")
    return render(request, "notices/mail_choices.html", {"form": form})


@public
@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Leave a mailing by the link in a mail. Reading it changes nothing; mail programs POST (RFC 8058)."""
    signed = mails.read_unsubscribe_token(token)
    if signed is None or not kinds.known(signed[1]):
        raise Http404("The link is not one of ours.")
    address, kind = signed
    done = request.method == "POST"
    if done:
        operations.unsubscribe(address=address, kind=kind, now=timezone.now())
    context = {"title": kinds.named(kind).title, "address": address, "done": done}
    return render(request, "notices/unsubscribe.html", context)


@allowed("people.is_steward")
@require_safe
def kept_mails(request: HttpRequest) -> HttpResponse:
    """The mails that this site keeps instead of sending, the newest first; `?to=` keeps those to an address."""
    _only_where_mails_are_kept()
    rows = OutboxMessage.objects.visible_to(request.user)
    to = request.GET.get("to", "").replace("\0", "").strip()[:MOST_OF_AN_ADDRESS]
    if to:
        rows = rows.filter(to_address__icontains=to)
    before = _before(request)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    mails_shown = list(rows[: A_PAGE + 1])
    more = len(mails_shown) > A_PAGE
    mails_shown = mails_shown[:A_PAGE]
    next_url = "?" + urlencode({"before": mails_shown[-1].pk} | ({"to": to} if to else {})) if more else None
    return render(request, "notices/kept_mails.html", {"mails": mails_shown, "to": to, "next_url": next_url})


@allowed("people.is_steward")
@require_safe
def kept_mail(request: HttpRequest, pk: int) -> HttpResponse:
    _only_where_mails_are_kept()
    message = get_object_or_404(OutboxMessage.objects.visible_to(request.user), pk=pk)
    mail = mails.composed(message)
    headers = [(name, value) for name, value in mail.message().items() if name not in NOT_SHOWN]
    context = {"message": message, "headers": headers, "body": mail.body}
    return render(request, "notices/kept_mail.html", context)


def _only_where_mails_are_kept() -> None:
    if settings.MAIL_DELIVERY != "keep":
        raise Http404("Mails are sent here, not kept.")
