"""My account: name and language, what is held about me, and leaving."""

import time
from datetime import timedelta
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from samkraft.records.limits import allow
from samkraft.records.refusals import Refused
from samkraft.ui.access import public, signed_in

from .. import exports, queries
from ..adapters import CODE_USEFUL
from ..forms import AccountForm, ClosingCodeForm
from ..models import User
from ..operations import accounts

CLOSING_CODE = "people_closing_code"
MOST_TRIES = 3


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    form = AccountForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        accounts.change_account(user=user, **form.cleaned_data)
        messages.success(request, _("We have kept your changes."))
        return redirect("people:account")
    context = {
        "form": form,
        "memberships": queries.memberships_of(user),
        "second_factor": queries.has_second_factor(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "people/account.html", context)


@signed_in
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """A file with everything that is held about the reader."""
    response = JsonResponse(
        exports.everything_about(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="samkraft.json"'
    return response


@signed_in
@reauthentication_required
def close(request: HttpRequest) -> HttpResponse:
    """Close the account, after password or app, or a code by e-mail for those who have neither."""
    user = cast(User, request.user)
    needs_code = not get_adapter(request).get_reauthentication_methods(user)
    form = ClosingCodeForm()
    refusal = None
    if request.method == "POST" and needs_code and "send_code" in request.POST:
        return _send_closing_code(request, user)
    if request.method == "POST":
        form = ClosingCodeForm(request.POST)
        if not needs_code or (form.is_valid() and _is_right_code(request, user, form)):
            try:
                accounts.close_account(user=user, now=timezone.now())
            except Refused as refused:
                refusal = refused.sentence
            else:
                logout(request)
                return redirect("people:closed")
    context = {
        "form": form,
        "needs_code": needs_code,
        "code_sent": CLOSING_CODE in request.session,
        "refusal": refusal,
    }
    return render(request, "people/close.html", context)


@public
@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """The receipt of a closed account."""
    return render(request, "people/closed.html")


def _hashed(user: User, code: str) -> str:
    return salted_hmac("samkraft.people.closing", f"{user.pk} {code}", algorithm="sha256").hexdigest()


def _send_closing_code(request: HttpRequest, user: User) -> HttpResponse:
    allowed = allow(action="people.closing_code", account=user, limit=5, period=timedelta(hours=1), now=timezone.now())
    if not allowed:
        return render(request, "429.html", status=429)
    code = get_random_string(6, "0123456789")
    request.session[CLOSING_CODE] = {
        "hash": _hashed(user, code),
        "until": time.time() + CODE_USEFUL.total_seconds(),
        "tries": 0,
    }
    get_adapter(request).send_mail("people/mail/closing_code", user.email, {"code": code})
    return redirect("people:close")


def _is_right_code(request: HttpRequest, user: User, form: ClosingCodeForm) -> bool:
    """Whether the code is the one that was sent; if not, the form says so. Three tries a code."""
    sent = request.session.get(CLOSING_CODE)
    if sent is None or sent["until"] < time.time() or sent["tries"] >= MOST_TRIES:
        request.session.pop(CLOSING_CODE, None)
        form.add_error("code", _("The code no longer holds. Ask for a new one."))
        return False
    if constant_time_compare(sent["hash"], _hashed(user, form.cleaned_data["code"].strip())):
        return True
    request.session[CLOSING_CODE] = {**sent, "tries": sent["tries"] + 1}
    form.add_error("code", _("This is not the right code. Look at the latest e-mail from us."))
    return False
