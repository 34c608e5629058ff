from django.urls import path

from . import views

app_name = "statistics"
urlpatterns = [
    path("<slug:country>/emissions.csv", views.country_csv, name="country_csv"),
    path("<slug:country>/<slug:slug>/emissions.csv", views.area_csv, name="area_csv"),
    path("<slug:country>/<slug:slug>/compare/", views.compare, name="compare"),
]
