from django.urls import path

from ..views import organise, people

urlpatterns = [
    path("<slug:slug>/organise/", organise.organise, name="organise"),
    path("<slug:slug>/people/", people.people, name="people"),
]
