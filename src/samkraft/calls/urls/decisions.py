"""What comes after the draw. The link of a letter begins with a fixed word, so it comes first."""

from django.urls import path

from ..views import decisions, decisions_changes, decisions_letters, decisions_replacing, replies

CSV, XLSX = {"kind": "csv"}, {"kind": "xlsx"}
urlpatterns = [
    path("places/<str:token>/", replies.reply, name="reply"),
    path("places/<str:token>/give-back/", replies.give_back, name="give_back"),
    path("<slug:slug>/decisions/", decisions.decisions, name="decisions"),
    path("<slug:slug>/decisions/list.csv", decisions.export, CSV, name="decisions_csv"),
    path("<slug:slug>/decisions/list.xlsx", decisions.export, XLSX, name="decisions_xlsx"),
    path("<slug:slug>/decisions/those-who-come/", decisions.attendance, name="attendance"),
    path("<slug:slug>/decisions/those-who-come.csv", decisions.attendance_file, CSV, name="attendance_csv"),
    path("<slug:slug>/decisions/those-who-come.xlsx", decisions.attendance_file, XLSX, name="attendance_xlsx"),
    path("<slug:slug>/decisions/<int:pk>/change/", decisions_changes.change, name="decision_change"),
    path("<slug:slug>/decisions/right/", decisions_changes.right, name="decisions_right"),
    path("<slug:slug>/decisions/reopen/", decisions_changes.reopen, name="decisions_reopen"),
    path("<slug:slug>/decisions/announce/", decisions_changes.announce, name="announce"),
    path("<slug:slug>/decisions/replace/<int:pk>/", decisions_replacing.replace, name="replace"),
    path("<slug:slug>/decisions/letters/", decisions_letters.letters, name="letters"),
    path("<slug:slug>/decisions/letters/<slug:key>/", decisions_letters.letter, name="letter"),
]
