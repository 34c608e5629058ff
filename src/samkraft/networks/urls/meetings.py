from django.urls import path

from ..views import meetings

urlpatterns = [
    path("<slug:slug>/meetings/", meetings.index, name="meetings"),
    path("<slug:slug>/meetings/new/", meetings.new, name="new_meeting"),
    path("<slug:slug>/meetings/calendar.ics", meetings.calendar, name="meetings_calendar"),
]
