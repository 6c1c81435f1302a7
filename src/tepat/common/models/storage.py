"""Documents by their content, and long work with its progress."""

from django.db import models
from django.db.models import Q

from tepat.common import identity


class Document(models.Model):
    """A file that is in the store; the row is written only once the file is safe on disk."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=80)
    label = models.CharField(max_length=200)
    area_code = models.CharField(max_length=13, blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField()

    class Meta:
        ordering = ("-added_at", "sha256")

    def __str__(self) -> str:
        return self.label


class Job(models.Model):
    """One long piece of work: who asked, how far it is, and whether its worker still breathes."""

    class State(models.TextChoices):
        WAITING = "menunggu"
        RUNNING = "berjalan"
        DONE = "selesai"
        FAILED = "gagal"
        CANCELLED = "dibatalkan"

    id = models.UUIDField(primary_key=True, default=identity.event_id, editable=False)
    task = models.CharField(max_length=120)
    arguments = models.JSONField(default=dict)
    area_code = models.CharField(max_length=13, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    answer = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=models.F("total")), name="job_done_in_total"
            ),
        )

    def __str__(self) -> str:
        return f"{self.task} {self.state}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}
