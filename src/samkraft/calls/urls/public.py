from django.urls import path

from ..views import public

urlpatterns = [
    path("", public.index, name="index"),
    path("calendar.ics", public.calendar, name="calendar"),
    path("export.csv", public.export, name="export"),
    path("<slug:slug>/", public.call, name="call"),
    path("<slug:slug>/calendar.ics", public.call_calendar, name="call_calendar"),
]
