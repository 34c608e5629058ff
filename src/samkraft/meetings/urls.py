from django.urls import path

from .views import agenda, answers, attendance, calendars, minutes, pages, planning

app_name = "meetings"
urlpatterns = [
    path("calendar/", calendars.address, name="calendar_address"),
    path("calendar/make/", calendars.make, name="make_calendar_address"),
    path("calendar/end/", calendars.end, name="end_calendar_address"),
    path("calendar/<str:key>.ics", calendars.personal, name="personal_calendar"),
    path("answer/<str:token>/", answers.answer, name="answer"),
    path("answer/<str:token>/minutes.pdf", answers.approved_minutes, name="answer_minutes"),
    path("agenda/<int:pk>/", agenda.change, name="item"),
    path("agenda/<int:pk>/accept/", agenda.accept, name="accept_item"),
    path("agenda/<int:pk>/decline/", agenda.decline, name="decline_item"),
    path("agenda/<int:pk>/move/", agenda.move, name="move_item"),
    path("agenda/<int:pk>/notes/", minutes.notes, name="notes"),
    path("decisions/<int:pk>/done/", minutes.finish, name="finish_decision"),
    path("decisions/<int:pk>/remove/", minutes.remove_decision, name="remove_decision"),
    path("files/<int:pk>/remove/", minutes.remove_file, name="remove_file"),
    path("<int:pk>/", pages.meeting, name="meeting"),
    path("<int:pk>/calendar.ics", pages.calendar_file, name="calendar_file"),
    path("<int:pk>/change/", planning.change, name="change"),
    path("<int:pk>/call/", planning.call, name="call"),
    path("<int:pk>/invite/", planning.invite, name="invite"),
    path("<int:pk>/cancel/", planning.cancel, name="cancel"),
    path("<int:pk>/held/", planning.hold, name="hold"),
    path("<int:pk>/answer/", answers.answer_signed_in, name="answer_signed_in"),
    path("<int:pk>/agenda/", agenda.propose, name="propose"),
    path("<int:pk>/people/", attendance.people, name="people"),
    path("<int:pk>/people/add/", attendance.add, name="add_present"),
    path("<int:pk>/people.csv", attendance.as_csv, name="people_csv"),
    path("<int:pk>/people.xlsx", attendance.as_xlsx, name="people_xlsx"),
    path("<int:pk>/minutes/", minutes.write, name="write"),
    path("<int:pk>/minutes/approve/", minutes.approve, name="approve"),
    path("<int:pk>/minutes.pdf", minutes.pdf, name="pdf"),
    path("<int:pk>/decisions/", minutes.add_decision, name="add_decision"),
    path("<int:pk>/files/", minutes.add_file, name="add_file"),
]
