from django.db import migrations

from tepat.common.immutability import GUARD


class Migration(migrations.Migration):
    dependencies = [("common", "0001_initial")]
    operations = [migrations.RunPython(GUARD.install, GUARD.remove)]
