from django.urls import path

from ..views import reviews as views

urlpatterns = [
    path("<slug:slug>/reviews/", views.reviews, name="reviews"),
]
