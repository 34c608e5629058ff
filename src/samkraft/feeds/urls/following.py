from django.urls import URLPattern, path

from ..views import following

urlpatterns: list[URLPattern] = [
    path("places/<slug:country>/<slug:slug>/feed/follow/", following.follow_area, name="follow_area"),
    path("networks/<slug:slug>/feed/follow/", following.follow_network, name="follow_network"),
    path("following/asked/", following.asked, name="follow_asked"),
    path("following/confirm/<str:token>/", following.confirm, name="follow_confirm"),
    path("following/<str:token>/", following.manage, name="follow_manage"),
    path("following/<str:token>/stop/", following.stop, name="follow_stop"),
]
