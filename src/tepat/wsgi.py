"""The office screens as WSGI: `granian --interface wsgi tepat.wsgi:application`."""

from django.core.wsgi import get_wsgi_application

from tepat.common import start

start.prepare()
application = get_wsgi_application()
