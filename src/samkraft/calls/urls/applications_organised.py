from django.urls import path

from ..views import applications_organised as views

urlpatterns = [
    path("<slug:slug>/applications/", views.applications, name="applications"),
]
