"""Django's administration with our rules of entry, in the place of django.contrib.admin in INSTALLED_APPS."""

from django.contrib.admin.apps import AdminConfig


class StewardAdminConfig(AdminConfig):
    default_site = "samkraft.people.admin_site.StewardAdminSite"
