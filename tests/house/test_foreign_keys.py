"""Nobody reads upwards through a reverse relation: what points at a model from another app is unknown to it."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field, Model


def relations() -> Iterator[tuple[type[Model], Field]]:
    """Every foreign key, one-to-one and many-to-many field of our own models that points at one of ours."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("samkraft.") and not _of_ours(model):
            continue
        for field in model._meta.get_fields():
            if field.is_relation and field.concrete and field.related_model and _of_ours(field.related_model):
                yield model, field


def _of_ours(model: type[Model]) -> bool:
    return apps.get_app_config(model._meta.app_label).name.startswith("samkraft.")


def test_no_model_can_be_asked_for_what_points_at_it_from_another_app() -> None:
    readable = [
        f"{field.remote_field.get_accessor_name()} of {field.related_model.__name__}, from {model.__name__}"
        for model, field in relations()
        if not field.remote_field.hidden and field.related_model._meta.app_label != model._meta.app_label
    ]

    assert readable == []


def test_the_walk_sees_relations_across_and_within_apps() -> None:
    seen = {(model._meta.label, field.name) for model, field in relations()}

    assert {
        ("places.Area", "parent"),
        ("statistics.Emission", "area"),
        ("people.Membership", "user"),
        ("notices.Notice", "user"),
        ("people.HistoricalMembership", "history_user"),
    } <= seen


def test_no_app_of_ours_points_at_one_above_it() -> None:
    order = ["ui", "places", "statistics", "records", "notices", "search", "people"]
    order += ["meetings", "networks", "feeds", "calls", "portal"]
    # Users stand above the apps that write to them; these know them by the setting AUTH_USER_MODEL alone.
    upwards = [
        f"{model._meta.label}.{field.name}"
        for model, field in relations()
        if order.index(field.related_model._meta.app_label) > order.index(model._meta.app_label)
        and field.related_model._meta.label != "people.User"
    ]

    assert upwards == []
