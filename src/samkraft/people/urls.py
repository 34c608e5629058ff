"""Pages of people. All stand directly under the language: include this with an empty prefix."""

from django.urls import path

from .views import account, areas, invitations, visitors

app_name = "people"
urlpatterns = [
    path("my/account/", account.account, name="account"),
    path("my/account/export/", account.export, name="export"),
    path("my/account/close/", account.close, name="close"),
    path("account-closed/", account.closed, name="closed"),
    path("my/areas/<slug:country>/<slug:slug>/people/", areas.people_of_area, name="area"),
    path("my/areas/<slug:country>/<slug:slug>/people/invite/", areas.invite, name="invite"),
    path("my/invitations/<int:pk>/accept/", invitations.accept, name="accept"),
    path("my/invitations/<int:pk>/withdraw/", areas.withdraw, name="withdraw"),
    path("my/roles/<int:pk>/end/", areas.end, name="end"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("accessibility/report/", visitors.report_fault, name="report_fault"),
    path("report/", visitors.report_content, name="report_content"),
    path("received/", visitors.received, name="received"),
    path("steward/messages/", visitors.message_list, name="messages"),
    path("steward/messages/<int:pk>/", visitors.message, name="message"),
]
