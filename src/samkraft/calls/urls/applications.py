"""The applicant's way: applying without an account, and the pages behind the link in the mail."""

from django.urls import path

from ..views import applications, applications_form, applications_own

_OWN = "applications/<str:token>/"
urlpatterns = [
    path("applications/erased/", applications_own.erased, name="application_erased"),
    path("applications/link/", applications.link_again, name="link_again"),
    path(_OWN, applications_own.overview, name="application"),
    path(f"{_OWN}form/", applications_form.form, name="application_form"),
    path(f"{_OWN}form/save/", applications_form.autosave, name="application_autosave"),
    path(f"{_OWN}form/check/", applications_form.check, name="application_check"),
    path(f"{_OWN}send/", applications_form.preview, name="application_preview"),
    path(f"{_OWN}files/<int:pk>/", applications_form.attachment, name="application_file"),
    path(f"{_OWN}withdraw/", applications_own.withdraw, name="application_withdraw"),
    path(f"{_OWN}restore/", applications_own.restore, name="application_restore"),
    path(f"{_OWN}data.zip", applications_own.data, name="application_data"),
    path(f"{_OWN}erase/", applications_own.erase, name="application_erase"),
    path("<slug:slug>/apply/", applications.apply, name="apply"),
    path("<slug:slug>/apply/asked/", applications.asked, name="apply_asked"),
    path("<slug:slug>/apply/link/", applications.link, name="apply_link"),
]
