"""The database itself keeps what lies in the tray."""

from django.db import migrations

from tepat.custody.guarding import GUARD


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_custody")]

    operations = [migrations.RunPython(GUARD.install, GUARD.remove)]
