"""Who may open the views that other packages own."""

from samkraft.ui import access

STEWARD = "people.is_steward"

# allauth guards its own pages where one must be signed in; its entrance must stand open.
access.declare_external("allauth.account", access.PUBLIC)
access.declare_external("allauth.mfa.base", access.PUBLIC)
access.declare_external("allauth.mfa.totp", access.SIGNED_IN)
access.declare_external("allauth.mfa.recovery_codes", access.SIGNED_IN)
access.declare_external("allauth.usersessions", access.SIGNED_IN)
for module in ("django.contrib.admin", "django.contrib.auth.admin", "django.contrib.contenttypes.views"):
    access.declare_external(module, STEWARD)
for module in ("simple_history.admin", "samkraft.people.admin_site"):
    access.declare_external(module, STEWARD)
