from django.urls import path

from . import views

app_name = "places"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:country>/", views.country, name="country"),
    path("<slug:country>/<slug:slug>/", views.area, name="area"),
]
