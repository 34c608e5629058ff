from django.urls import path

from ..views import decisions

urlpatterns = [
    path("<slug:slug>/decisions/", decisions.decisions, name="decisions"),
]
