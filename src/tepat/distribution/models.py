"""What the office keeps: problems, checked plans with their way to the pleno, prices it set itself."""

from django.db import models
from django.db.models import Q

from tepat.common.models import Election


class ProblemFile(models.Model):
    """A `problem.json` in the documents store, with its matrices; plans are compared within one."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="problems")
    area_code = models.CharField(max_length=13)
    sha256 = models.CharField(max_length=64, unique=True)
    title = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.title


class PlanVersion(models.Model):
    """One checked plan. A plan that breaches a rule never becomes a row; a published one never changes."""

    class Status(models.TextChoices):
        ACCEPTED = "accepted", "diterima pemeriksa"
        INCOMPLETE = "incomplete", "belum lengkap"

    class State(models.TextChoices):
        DRAFT = "draf", "Draf KUL"
        PROPOSED = "diajukan", "Di sekretaris"
        FORWARDED = "diteruskan", "Di pleno"
        PUBLISHED = "ditetapkan", "Ditetapkan"

    problem = models.ForeignKey(ProblemFile, on_delete=models.PROTECT, related_name="plans")
    area_code = models.CharField(max_length=13)
    number = models.PositiveIntegerField()
    strategy = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=12, choices=Status)
    verdict = models.JSONField(help_text="summary, findings and corridor of rules")
    column = models.JSONField(help_text="its column in the comparison")
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()
    returned_reason = models.CharField(max_length=400, blank=True)
    minutes_number = models.CharField(max_length=80, blank=True)
    minutes_date = models.DateField(null=True, blank=True)
    reason = models.TextField(max_length=2000, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("problem", "sha256"), name="plan_once"),
            models.UniqueConstraint(fields=("area_code", "number"), name="plan_number_once"),
            models.CheckConstraint(
                condition=~Q(state="ditetapkan")
                | (
                    Q(published_at__isnull=False, published_by__isnull=False, minutes_date__isnull=False)
                    & ~Q(minutes_number="")
                    & ~Q(reason="")
                ),
                name="published_plan_has_minutes",
            ),
            models.CheckConstraint(
                condition=Q(state="draf") | Q(status="accepted"), name="only_whole_plans_leave_the_draft"
            ),
        )

    def __str__(self) -> str:
        return f"Versi {self.number}: {self.title}"

    @property
    def frozen(self) -> bool:
        """Whether it was published and can no longer change."""
        return self.state == self.State.PUBLISHED


class PriceSetting(models.Model):
    """A price that the office set itself; without a row the example holds, marked so."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="prices")
    area_code = models.CharField(max_length=13)
    price = models.CharField(max_length=60)
    rupiah = models.PositiveBigIntegerField()
    source = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("election", "price")
        constraints = (
            models.UniqueConstraint(fields=("election", "area_code", "price"), name="price_setting_once"),
        )

    def __str__(self) -> str:
        return f"{self.price} = {self.rupiah}"
