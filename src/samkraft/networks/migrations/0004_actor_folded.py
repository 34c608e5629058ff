from typing import Any

from django.db import migrations, models

import samkraft.networks.models.actors
from samkraft.places.rules import fold


def fold_names(apps: Any, schema_editor: Any) -> None:
    actors = apps.get_model("networks", "Actor").objects
    for pk, name in actors.values_list("pk", "name").iterator(1000):
        actors.filter(pk=pk).update(folded=fold(name)[:160])


class Migration(migrations.Migration):
    dependencies = [
        ("networks", "0003_what_a_draft_knows_of_its_people"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="actor",
            options={"ordering": ["folded", "pk"]},
        ),
        migrations.RemoveIndex(
            model_name="actor",
            name="actor_open_by_name",
        ),
        migrations.AddField(
            model_name="actor",
            name="folded",
            field=samkraft.networks.models.actors.FoldedNameField(default="", editable=False, max_length=160),
        ),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="actor",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["folded", "id"], name="actor_open_by_folded"
            ),
        ),
    ]
