from django.urls import path

from ..views import applications_organised as views
from ..views import group_mail

urlpatterns = [
    path("<slug:slug>/applications/", views.applications, name="applications"),
    path("<slug:slug>/applications.csv", views.export, {"kind": "csv"}, name="applications_csv"),
    path("<slug:slug>/applications.xlsx", views.export, {"kind": "xlsx"}, name="applications_xlsx"),
    path("<slug:slug>/applications/mail/", group_mail.write, name="group_mail"),
    path("<slug:slug>/applications/mails/", group_mail.mails, name="group_mails"),
    path("<slug:slug>/applications/mails/<int:pk>/", group_mail.mail, name="group_mail_sent"),
    path("<slug:slug>/applications/<int:pk>/", views.application, name="application_read"),
    path("<slug:slug>/applications/<int:pk>/exclude/", views.exclude, name="application_exclude"),
    path("<slug:slug>/applications/<int:pk>/take-up/", views.take_up, name="application_take_up"),
]
