from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("feeds", "0003_decisions")]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("in_county_feed", True), ("kind", "event"), ("state", "published")),
                fields=["country", "event_starts_at"],
                name="post_events_of_country",
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("kind", "event"), ("state", "published")),
                fields=["actor", "event_starts_at"],
                name="post_events_of_actor",
            ),
        ),
    ]
