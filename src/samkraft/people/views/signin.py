"""Signing in with a password. All other pages of the entrance are allauth's own, in our templates."""

from allauth.account.views import LoginView
from django.forms import Form

from samkraft.ui.access import public

from ..signin_forms import PasswordLoginForm


class PasswordLoginView(LoginView):
    form_class = PasswordLoginForm
    template_name = "account/login_password.html"

    def get_form_class(self) -> type[Form]:
        """The form with a password, whatever form the entrance itself has."""
        return PasswordLoginForm


password_login = public(PasswordLoginView.as_view())
