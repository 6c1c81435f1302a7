"""The office screens as ASGI: `granian --interface asgi tepat.asgi:application`."""

from django.core.asgi import get_asgi_application

from tepat.common import start

start.prepare()
application = get_asgi_application()
