"""All settings, read from the environment (and from a file named by SAMKRAFT_ENV, if set).

`SAMKRAFT_MODE` is `demo` (the default), `test` or `production`. In production a missing
secret, host list or secure address stops the program at once with a sentence that says what is missing.
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
if env_file := env.str("SAMKRAFT_ENV", ""):
    env.read_env(env_file)

MODE = env.str("SAMKRAFT_MODE", "demo")
if MODE not in {"demo", "test", "production"}:
    raise ImproperlyConfigured(f"SAMKRAFT_MODE is '{MODE}'. It must be demo, test or production.")
PRODUCTION = MODE == "production"
TESTING = MODE == "test" or "pytest" in sys.modules
DEMO = MODE == "demo" and not TESTING

PACKAGE = Path(__file__).resolve().parent.parent
VAR = Path(env.str("SAMKRAFT_VAR", str(Path.cwd() / "var")))


def required(name: str, why: str) -> str:
    """The environment's value; in production a missing one stops the program with a sentence."""
    value = env.str(name, "")
    if PRODUCTION and not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


SECRET_KEY = required("SECRET_KEY", "Set it to a long random text that only this server knows.")
if not SECRET_KEY:
    SECRET_KEY = "only-for-demo-and-tests-" + "x" * 40
elif PRODUCTION and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short. Use at least 50 random characters.")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

_hosts = required("ALLOWED_HOSTS", "Name the hosts that this site answers to, separated by commas.")
ALLOWED_HOSTS = [host.strip() for host in _hosts.split(",") if host.strip()] or [
    "localhost",
    "127.0.0.1",
    "[::1]",
]
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS holds '*'. Name the hosts that this site answers to.")

SITE_URL = required("SITE_URL", "Set it to the public address of the site, with https.").rstrip("/")
SITE_URL = SITE_URL or f"http://127.0.0.1:{env.str('PORT', '8000')}"
if PRODUCTION and not SITE_URL.startswith("https://"):
    raise ImproperlyConfigured(f"SITE_URL is '{SITE_URL}'. In production it must begin with https://.")
SITE_NAME = "Samkraft"

DEBUG = False
ROOT_URLCONF = "samkraft.config.urls"
WSGI_APPLICATION = "samkraft.config.wsgi.application"
ASGI_APPLICATION = "samkraft.config.asgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "samkraft.portal",
    "samkraft.calls",
    "samkraft.feeds",
    "samkraft.networks",
    "samkraft.meetings",
    "samkraft.people",
    "samkraft.search",
    "samkraft.notices",
    "samkraft.records",
    "samkraft.statistics",
    "samkraft.places",
    "samkraft.ui",
    "samkraft.people.admin_config.StewardAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "ninja",
    "rules",
    "simple_history",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "samkraft.ui.page_cache.PageCacheMiddleware",
    "samkraft.config.logs.RequestLogMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "samkraft.people.middleware.ReaderMiddleware",
    "samkraft.ui.access.AccessMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "samkraft.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "samkraft.ui.templatetags.ui",
            ],
        },
    },
]

# SQLite: IMMEDIATE takes the write lock when a transaction begins, so that two writers wait for each
# other instead of failing; WAL lets readers read on meanwhile; FULL survives a power cut.
VAR.mkdir(parents=True, exist_ok=True)
DATABASES = {"default": env.db("DATABASE_URL", f"sqlite:///{VAR / 'samkraft.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000;",
    }
    _database["CONN_MAX_AGE"] = None
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True

REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
WEB_PROCESSES = env.int("WEB_PROCESSES", 1)

# Work that takes longer than a reader waits is kept in the database, so that none is lost when the worker stops.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", "Svenska"), ("nb", "Norsk"), ("da", "Dansk"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = TESTING
MEDIA_ROOT = VAR / "media"

AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:my"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:front"
ACCOUNT_ADAPTER = "samkraft.people.adapters.AccountAdapter"
MFA_ADAPTER = "samkraft.people.adapters.MFAAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "samkraft.people.forms.SignupForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "confirm_email": "1/10s/key,10/h/key",
    "request_login_code": "20/m/ip,3/m/key,20/h/key",
    "reset_password": "20/m/ip,3/m/key,10/h/key",
}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
_FORMS = "samkraft.people.signin_forms."
ACCOUNT_FORMS = {
    "login": _FORMS + "CodeLoginForm",
    "request_login_code": _FORMS + "RequestLoginCodeForm",
    "signup": _FORMS + "SignupForm",
    "confirm_login_code": _FORMS + "ConfirmLoginCodeForm",
    "confirm_email_verification_code": _FORMS + "ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": _FORMS + "ConfirmPasswordResetCodeForm",
    "add_email": _FORMS + "AddEmailForm",
    "change_email": _FORMS + "ChangeEmailForm",
    "reset_password": _FORMS + "ResetPasswordForm",
    "reset_password_from_key": _FORMS + "ResetPasswordKeyForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "reauthenticate": _FORMS + "ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": _FORMS + "AuthenticateForm",
    "reauthenticate": _FORMS + "MFAReauthenticateForm",
    "activate_totp": _FORMS + "ActivateTOTPForm",
}
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "samkraft.portal.views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)
    CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Addresses of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Empty: nobody's.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Samkraft <noreply@samkraft.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
STEWARD_EMAIL = env.str("STEWARD_EMAIL", "")
# Demo keeps every mail where stewards can read it; nothing leaves the machine.
MAIL_DELIVERY = "smtp" if PRODUCTION else "keep"
required("EMAIL_URL", "Set it to the mail server: smtp+tls://user:password@host:587.")
EMAIL_CONFIG = env.email("EMAIL_URL", "consolemail://")
vars().update(EMAIL_CONFIG)
EMAIL_TIMEOUT = 20

ADMIN_NEEDS_SECOND_FACTOR = PRODUCTION

NINJA_PAGINATION_PER_PAGE = 100

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": "samkraft.config.logs.ImpersonalFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
            "rename_fields": {"asctime": "time", "levelname": "level", "name": "logger"},
        },
        "plain": {"format": "%(levelname)s %(name)s: %(message)s"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json" if PRODUCTION else "plain"}},
    "root": {"handlers": ["console"], "level": "INFO" if PRODUCTION else "WARNING"},
    "loggers": {
        "samkraft": {"level": "INFO"},
        "samkraft.requests": {"level": "INFO" if PRODUCTION else "ERROR"},
        # Django's own request log writes whole addresses, which can hold what people searched for.
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}

SILENCED_SYSTEM_CHECKS = ["models.W042"]
