"""Django's administration for stewards: through our own sign-in, and in production with a second factor."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import queries


def signed_in_with_second_factor(request: HttpRequest) -> bool:
    """Whether the reader has an authenticator app and has used it, or a recovery code, in this session."""
    if not queries.has_second_factor(request.user):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


class StewardAdminSite(AdminSite):
    site_header = gettext_lazy("Administration of Samkraft")
    site_title = gettext_lazy("Administration of Samkraft")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return not settings.ADMIN_NEEDS_SECOND_FACTOR or signed_in_with_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """No second entrance: who lacks a second factor is led to it, everybody else to our sign-in."""
        wanted = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
            wanted = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return redirect(wanted)
        if not super().has_permission(request):
            return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")
        if not queries.has_second_factor(request.user):
            messages.warning(request, _("The administration needs a second factor. Set it up here first."))
            return redirect("mfa_activate_totp")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}")

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")
