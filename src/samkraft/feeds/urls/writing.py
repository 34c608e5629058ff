from django.urls import URLPattern, path

from ..views import pictures, posts, posts_published

PICTURE = "posts/<int:pk>/pictures/<int:id>/"

urlpatterns: list[URLPattern] = [
    path("write/", posts.write, name="write"),
    path("write/<slug:slug>/", posts.write_as, name="write_as"),
    path("my/posts/", posts.my_posts, name="my_posts"),
    path("posts/<int:pk>/edit/", posts.edit, name="edit_post"),
    path("posts/<int:pk>/pictures/", pictures.post_pictures, name="post_pictures"),
    path(PICTURE, pictures.describe, name="describe_picture"),
    path(f"{PICTURE}move/", pictures.move, name="move_picture"),
    path(f"{PICTURE}remove/", pictures.remove, name="remove_picture"),
    path("posts/<int:pk>/mailed-pictures/<int:id>/", pictures.use_mailed, name="use_mailed_picture"),
    path("posts/<int:pk>/preview/", posts_published.preview, name="preview_post"),
    path("posts/<int:pk>/publish/", posts_published.publish, name="publish_post"),
    path("posts/<int:pk>/unschedule/", posts_published.unschedule, name="unschedule_post"),
    path("posts/<int:pk>/published/", posts_published.receipt, name="post_receipt"),
    path("posts/<int:pk>/unpublish/", posts_published.unpublish, name="unpublish_post"),
    path("posts/<int:pk>/withdraw/", posts_published.withdraw, name="withdraw_post"),
    path("posts/<int:pk>/copy/", posts_published.copy, name="copy_post"),
    path("posts/<int:pk>/history/", posts_published.history, name="post_history"),
]
