"""Django's settings, all from the environment, safe when nothing is set; docs/operations.md lists each."""

import os
from pathlib import Path

from django.utils.csp import CSP
from django.utils.functional import SimpleLazyObject

from tepat.common import databases, home

TEPAT_HOME = home.home_of(os.environ)
LATIHAN = home.is_yes(os.environ.get("TEPAT_LATIHAN"))
TEPAT_FILES = TEPAT_HOME / "latihan" if LATIHAN else TEPAT_HOME
DOCUMENTS_DIR = TEPAT_FILES / "dokumen"
BACKUPS_DIR = Path(os.environ.get("TEPAT_BACKUPS") or TEPAT_FILES / "cadangan")
if LATIHAN and os.environ.get("TEPAT_BACKUPS"):
    BACKUPS_DIR = BACKUPS_DIR / "latihan"

DEBUG = home.is_yes(os.environ.get("TEPAT_DEBUG"))
# Made when first needed, so that importing the settings writes nothing.
SECRET_KEY = os.environ.get("TEPAT_SECRET_KEY") or SimpleLazyObject(lambda: home.secret_key(TEPAT_HOME))
ALLOWED_HOSTS = [
    host for host in os.environ.get("TEPAT_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host.strip()
]
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("TEPAT_ORIGINS", "").split(",") if origin.strip()]

DATABASES = {
    "default": databases.database(
        os.environ.get("DATABASE_URL", ""),
        home=TEPAT_HOME,
        rehearsal=LATIHAN,
        rehearsal_url=os.environ.get("TEPAT_LATIHAN_DATABASE_URL", ""),
    ),
}

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_tasks_db",
    "tepat.common",
    "tepat.custody",
    "tepat.planning",
    "tepat.packing",
    "tepat.distribution",
    "tepat.returns",
    "tepat.publication",
    "tepat.field",
    "tepat.operations",
]
AUTH_USER_MODEL = "common.Account"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Office pages are long tables; on a 3G line they count. Django pads each answer against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "tepat.common.screens.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tepat.common.screens.ScreenMiddleware",
]
ROOT_URLCONF = "tepat.urls"
WSGI_APPLICATION = "tepat.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tepat.common.context.office",
            ],
        },
    },
]

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "tepat_bahasa"
USE_I18N = True
USE_TZ = True
# Inside it is UTC; each screen shows the office's own zone.
TIME_ZONE = "UTC"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
# Served straight from the wheel and the apps: nothing to collect, nothing to forget after an upgrade.
STATIC_ROOT = None
STATICFILES_DIRS = [folder for folder in [Path(__file__).parent / "static"] if folder.is_dir()]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "masuk"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "masuk"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Two installations on one machine, or the real ledger and a rehearsal, must not share a session.
_COOKIE = "tepat_latihan" if LATIHAN else "tepat"
SESSION_COOKIE_NAME = f"{_COOKIE}_sesi"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_COOKIE}_csrf"
CSRF_COOKIE_HTTPONLY = True
# On when the office has https; a laptop on loopback works without.
HTTPS = home.is_yes(os.environ.get("TEPAT_HTTPS"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No inline script, no outside host. The maps draw on a canvas and run their worker from our own files.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "worker-src": [CSP.SELF, "blob:"],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "object-src": [CSP.NONE],
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default"],
        "OPTIONS": {"id_function": "tepat.common.identity.task_id"},
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TEPAT_LOG", "INFO")},
}
