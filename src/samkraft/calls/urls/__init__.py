"""The addresses of calls. What begins with a fixed word comes before what begins with a call's own."""

from . import applications, applications_organised, decisions, organise, public, reviews, selection

app_name = "calls"
urlpatterns = [
    *applications.urlpatterns,
    *reviews.urlpatterns,
    *decisions.urlpatterns,
    *selection.urlpatterns,
    *applications_organised.urlpatterns,
    *organise.urlpatterns,
    *public.urlpatterns,
]
