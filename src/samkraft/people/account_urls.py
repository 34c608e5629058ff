"""The entrance: allauth's pages and our page for passwords. Include with a prefix and without a namespace."""

from django.urls import include, path

from .views import signin

urlpatterns = [
    path("login/password/", signin.password_login, name="account_login_password"),
    path("second-factor/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
    path("", include("allauth.account.urls")),
]
