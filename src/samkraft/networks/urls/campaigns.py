"""The addresses of campaigns."""

from django.urls import URLPattern, path

from ..views import campaigns, campaigns_tasks, campaigns_text

urlpatterns: list[URLPattern] = [
    path("campaigns/<int:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:pk>/work/", campaigns.work, name="campaign_work"),
    path("campaigns/<int:pk>/edit/", campaigns.edit, name="campaign_edit"),
    path("campaigns/<int:pk>/move/<slug:to>/", campaigns.move, name="campaign_move"),
    path("campaigns/<int:pk>/part/<int:actor_pk>/", campaigns.part, name="campaign_part"),
    path("campaigns/<int:pk>/result/", campaigns.result, name="campaign_result"),
    path("campaigns/<int:pk>/copy/", campaigns.copy, name="campaign_copy"),
    path("campaigns/<int:pk>/tasks/add/", campaigns_tasks.add, name="campaign_task_add"),
    path("campaigns/tasks/<int:pk>/", campaigns_tasks.task, name="campaign_task"),
    path("campaigns/tasks/<int:pk>/done/", campaigns_tasks.done, name="campaign_task_done"),
    path("campaigns/tasks/<int:pk>/remove/", campaigns_tasks.remove, name="campaign_task_remove"),
    path("campaigns/<int:pk>/text/", campaigns_text.text, name="campaign_text"),
    path("campaigns/<int:pk>/text/versions/", campaigns_text.versions, name="campaign_text_versions"),
    path("campaigns/<int:pk>/text/versions/<int:number>/", campaigns_text.version, name="campaign_text_version"),
    path("campaigns/<int:pk>/text/versions/<int:number>/restore/", campaigns_text.restore, name="campaign_restore"),
    path("campaigns/<int:pk>/text/paper/", campaigns_text.paper, name="campaign_text_paper"),
    path("campaigns/<int:pk>/text.txt", campaigns_text.plain, name="campaign_text_plain"),
    path("<slug:slug>/campaigns/", campaigns.board, name="campaigns"),
    path("<slug:slug>/campaigns/new/", campaigns.propose, name="campaign_propose"),
    path("<slug:slug>/campaigns/export.csv", campaigns.export, name="campaigns_export"),
]
