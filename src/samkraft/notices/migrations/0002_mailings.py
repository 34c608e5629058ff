from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="outboxmessage",
            name="html",
            field=models.TextField(
                blank=True,
                default="",
                help_text="A body of our own making; without it, the text is shown as HTML",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="outboxmessage",
            name="unsubscribe_url",
            field=models.URLField(
                blank=True,
                default="",
                help_text="Stops this very mailing, instead of the whole kind",
                max_length=1000,
            ),
            preserve_default=False,
        ),
    ]
