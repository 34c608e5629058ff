"""Actors and the register, and the people of actors and networks."""

from django.urls import URLPattern, path

from ..views import actors, actors_import, actors_register, offers

ACTOR, NETWORK = {"circle": "actor"}, {"circle": "network"}

urlpatterns: list[URLPattern] = [
    path("actors/", actors_register.actors, name="actors"),
    path("actors/map/", actors_register.actors_on_map, name="actors_map"),
    path("actors/actors.csv", actors_register.actors_csv, name="actors_csv"),
    path("actors/actors.xlsx", actors_register.actors_xlsx, name="actors_xlsx"),
    path("actors/register/", actors.register, name="register_actor"),
    path("actors/import/", actors_import.upload, name="actors_import"),
    path("actors/import/template.xlsx", actors_import.template, name="actors_import_template"),
    path("actors/import/carry-out/", actors_import.carry_out, name="actors_import_carry_out"),
    path("actors/<slug:slug>/", actors.actor, name="actor"),
    path("actors/<slug:slug>/registered/", actors.registered, name="actor_registered"),
    path("actors/<slug:slug>/change/", actors.edit, name="actor_edit"),
    path("actors/<slug:slug>/close/", actors.close, name="actor_close"),
    path("actors/<slug:slug>/reopen/", actors.reopen, name="actor_reopen"),
    path("actors/<slug:slug>/history/", actors.history, name="actor_history"),
    path("actors/<slug:slug>/people/", offers.people, ACTOR, name="actor_people"),
    path("actors/<slug:slug>/people/invite/", offers.invite, ACTOR, name="invite_to_actor"),
    path("actors/<slug:slug>/people/<int:pk>/end/", offers.end_role, ACTOR, name="end_actor_role"),
    path("actors/<slug:slug>/people/<int:pk>/mine/", offers.own_role, ACTOR, name="own_actor_role"),
    path("actors/<slug:slug>/offers/<int:pk>/withdraw/", offers.withdraw, ACTOR, name="withdraw_actor_offer"),
    path("offers/actor/<int:pk>/accept/", offers.accept, ACTOR, name="accept_actor_offer"),
    path("offers/network/<int:pk>/accept/", offers.accept, NETWORK, name="accept_network_offer"),
    path("offers/<str:token>/", offers.offer, name="offer"),
    path("<slug:slug>/people/", offers.people, NETWORK, name="network_people"),
    path("<slug:slug>/people/invite/", offers.invite, NETWORK, name="invite_to_network"),
    path("<slug:slug>/people/<int:pk>/end/", offers.end_role, NETWORK, name="end_network_role"),
    path("<slug:slug>/people/<int:pk>/mine/", offers.own_role, NETWORK, name="own_network_role"),
    path("<slug:slug>/offers/<int:pk>/withdraw/", offers.withdraw, NETWORK, name="withdraw_network_offer"),
]
