import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('people', '__first__'),
        ('records', '0002_files_checklists_and_reports'),
    ]

    operations = [
        migrations.CreateModel(
            name='MeetingSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host_id', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('rhythm', models.CharField(choices=[('weekly', 'every week'), ('fortnightly', 'every second week'), ('monthly', 'every month'), ('quarterly', 'every third month')], max_length=12, verbose_name='how often')),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['host_type', 'host_id'], name='meeting_series_of_host')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalMeeting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('host_id', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('description', models.TextField(blank=True, max_length=5000, verbose_name='what it is about')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('video_url', models.URLField(blank=True, max_length=500, verbose_name='video link')),
                ('state', models.CharField(choices=[('planned', 'being planned'), ('called', 'called'), ('held', 'held'), ('cancelled', 'cancelled')], default='planned', max_length=12, verbose_name='state')),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_why', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('minutes', models.TextField(blank=True, help_text='Sanitised HTML', verbose_name='minutes')),
                ('minutes_version', models.PositiveIntegerField(default=0, help_text='Grows with each saving')),
                ('minutes_approved_at', models.DateTimeField(blank=True, null=True, verbose_name='minutes approved')),
                ('sequence', models.PositiveIntegerField(default=0, help_text='Grows when time or place changes, for calendars')),
                ('uid', models.CharField(db_index=True, max_length=80)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host_type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='contenttypes.contenttype')),
                ('minutes_approved_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('minutes_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='meetings.meetingseries')),
            ],
            options={
                'verbose_name': 'historical meeting',
                'verbose_name_plural': 'historical meetings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host_id', models.PositiveBigIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('description', models.TextField(blank=True, max_length=5000, verbose_name='what it is about')),
                ('starts_at', models.DateTimeField(verbose_name='begins')),
                ('ends_at', models.DateTimeField(verbose_name='ends')),
                ('place', models.CharField(blank=True, max_length=200, verbose_name='place')),
                ('video_url', models.URLField(blank=True, max_length=500, verbose_name='video link')),
                ('state', models.CharField(choices=[('planned', 'being planned'), ('called', 'called'), ('held', 'held'), ('cancelled', 'cancelled')], default='planned', max_length=12, verbose_name='state')),
                ('called_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_why', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('minutes', models.TextField(blank=True, help_text='Sanitised HTML', verbose_name='minutes')),
                ('minutes_version', models.PositiveIntegerField(default=0, help_text='Grows with each saving')),
                ('minutes_approved_at', models.DateTimeField(blank=True, null=True, verbose_name='minutes approved')),
                ('sequence', models.PositiveIntegerField(default=0, help_text='Grows when time or place changes, for calendars')),
                ('uid', models.CharField(max_length=80, unique=True)),
                ('created_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('host_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('minutes_approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('minutes_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='meetings', to='meetings.meetingseries')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(fields=['host_type', 'host_id', 'starts_at'], name='meeting_of_host_by_time'), models.Index(fields=['state', 'starts_at'], name='meeting_by_state_and_time')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='meeting_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=160, verbose_name='point')),
                ('text', models.TextField(blank=True, max_length=3000, verbose_name='background')),
                ('minutes_long', models.PositiveSmallIntegerField(default=10, verbose_name='how many minutes')),
                ('state', models.CharField(choices=[('proposed', 'proposed'), ('accepted', 'on the agenda'), ('declined', 'not this time')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField()),
                ('declined_why', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('notes', models.TextField(blank=True, help_text='Sanitised HTML', verbose_name='what was said')),
                ('notes_version', models.PositiveIntegerField(default=0, help_text='Grows with each saving')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='meetings.meeting')),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=120, verbose_name='name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('language', models.CharField(blank=True, help_text='Of somebody without an account', max_length=2)),
                ('party_id', models.PositiveBigIntegerField(blank=True, null=True)),
                ('party_name', models.CharField(blank=True, max_length=160, verbose_name='for')),
                ('is_decision_maker', models.BooleanField(default=False, verbose_name='can decide for it')),
                ('answer', models.CharField(choices=[('none', 'no answer yet'), ('yes', 'coming'), ('maybe', 'perhaps coming'), ('no', 'not coming')], default='none', max_length=6)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('was_present', models.BooleanField(default=False, verbose_name='was there')),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('instead_of', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meetings.attendance')),
                ('party_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendances', to='meetings.meeting')),
            ],
            options={
                'ordering': ['party_name', 'name', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('meeting', 'user', 'party_type', 'party_id'), name='attendance_once_for_a_party'), models.UniqueConstraint(condition=models.Q(('party_id', None), ('user__isnull', False)), fields=('meeting', 'user'), name='attendance_once_without_party'), models.UniqueConstraint(condition=models.Q(('user', None), models.Q(('email', ''), _negated=True)), fields=('meeting', 'email'), name='attendance_once_for_an_address')],
            },
        ),
        migrations.CreateModel(
            name='MeetingDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=2000, verbose_name='decision')),
                ('responsible_name', models.CharField(max_length=160, verbose_name='who sees to it')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='by')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='done')),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='meetings.agendaitem')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='meetings.meeting')),
                ('responsible', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='MeetingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='title')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='records.storedfile')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='meetings.meeting')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
