"""Addresses of stored files. They carry no language, since a file is the same in all."""

from django.urls import path

from . import views

app_name = "records"
urlpatterns = [path("<slug:token>/<str:part>", views.file, name="file")]
