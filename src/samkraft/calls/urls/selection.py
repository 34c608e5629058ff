from django.urls import path

from ..views import selection

urlpatterns = [
    path("<slug:slug>/selection/", selection.selection, name="selection"),
]
