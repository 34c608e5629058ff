from django.urls import URLPattern, path

from ..views import mailed, moderation

urlpatterns: list[URLPattern] = [
    path("posts/<int:pk>/report/", moderation.report, name="report"),
    path("posts/reported/", moderation.reported, name="reported"),
    path("moderation/", moderation.queue, name="moderation"),
    path("moderation/<int:pk>/", moderation.moderate, name="moderate_post"),
    path("moderation/mailed/", mailed.mailed_posts, name="mailed"),
    path("moderation/mailed/<int:pk>/", mailed.mailed_post, name="mailed_post"),
]
