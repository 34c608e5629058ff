from django.urls import path

from . import views

app_name = "notices"
urlpatterns = [
    path("my/notices/", views.my_notices, name="mine"),
    path("my/notices/all-read/", views.read_all, name="read_all"),
    path("my/notices/mail/", views.mail_choices, name="choices"),
    path("my/notices/<int:pk>/", views.read_notice, name="read"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("steward/mail/", views.kept_mails, name="kept_mails"),
    path("steward/mail/<int:pk>/", views.kept_mail, name="kept_mail"),
]
