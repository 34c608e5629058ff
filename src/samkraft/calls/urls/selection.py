from django.urls import path

from ..views import report, selection, selection_draws

urlpatterns = [
    path("<slug:slug>/selection/", selection.selection, name="selection"),
    path("<slug:slug>/selection/what-if/", selection.what_if, name="what_if"),
    path("<slug:slug>/selection/suggest/", selection.suggest, name="suggest_limits"),
    path("<slug:slug>/selection/change/", selection.change, name="change_limits"),
    path("<slug:slug>/selection/try/", selection_draws.try_out, name="try_draw"),
    path("<slug:slug>/selection/prepare/", selection_draws.begin, name="begin_draw"),
    path("<slug:slug>/selection/draws/<int:pk>/", selection_draws.draw, name="draw"),
    path("<slug:slug>/selection/draws/<int:pk>/stop/", selection_draws.stop, name="stop_draw"),
    path("<slug:slug>/selection/take-back/", selection_draws.take_back, name="take_draw_back"),
    path("<slug:slug>/selection/number/", selection_draws.number, name="draw_number"),
    path("<slug:slug>/report/", report.report, name="report"),
    path("<slug:slug>/report/check/", report.check, name="check"),
    path("<slug:slug>/report/draw.zip", report.everything, name="report_zip"),
    path("<slug:slug>/report/files/<slug:key>.<slug:to>", report.file, name="report_file"),
]
