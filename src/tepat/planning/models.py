"""What planning keeps: parameters the office set, totals that others gave, lists that were imported."""

from django.db import models

from tepat.common import identity
from tepat.common.models import Election


class RuleSetting(models.Model):
    """A number of a rule set that the office set itself; without a row the rule set's own number holds."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="settings")
    area_code = models.CharField(max_length=13)
    param = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=120)
    set_at = models.DateTimeField()

    class Meta:
        ordering = ("election", "param")
        constraints = (
            models.UniqueConstraint(fields=("election", "area_code", "param"), name="rule_setting_once"),
        )

    def __str__(self) -> str:
        return f"{self.param} = {self.value}"


class OutsideTotals(models.Model):
    """Totals by item that others gave us: what stands in SILOG, or what was counted on arrival."""

    class Against(models.TextChoices):
        SILOG = "silog", "angka di SILOG"
        RECEIVED = "diterima", "barang yang diterima"

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="outside_totals")
    area_code = models.CharField(max_length=13)
    against = models.CharField(max_length=10, choices=Against)
    totals = models.JSONField(help_text="amount by item code")
    document = models.CharField(max_length=64, help_text="SHA-256 of the file they came in")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return f"{self.against} {self.given_at:%Y-%m-%d}"


class RememberedColumns(models.Model):
    """What the columns below one kind of header mean, as it was accepted last."""

    area_code = models.CharField(max_length=13)
    signature = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)
    mapping = models.JSONField()
    accepted_at = models.DateTimeField()

    class Meta:
        ordering = ("kind", "signature")
        constraints = (
            models.UniqueConstraint(fields=("area_code", "signature"), name="columns_remembered_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.signature}"


class ListImport(models.Model):
    """One list that was accepted; its reduced file is a document, the original was never stored."""

    election = models.ForeignKey(
        Election, on_delete=models.PROTECT, related_name="imports", null=True, blank=True
    )
    area_code = models.CharField(max_length=13)
    kind = models.CharField(max_length=20)
    label = models.CharField(max_length=120)
    reduced = models.CharField(max_length=64, help_text="SHA-256 of the reduced file")
    original = models.CharField(max_length=64, help_text="SHA-256 of the file that was given")
    added = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    removed = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    rows_sha256 = models.CharField(
        max_length=64, blank=True, help_text="of the rows with all answers applied"
    )
    answers = models.JSONField(default=dict, help_text="what a person answered, by sheet and cell")
    accepted_at = models.DateTimeField()
    accepted_by = models.UUIDField()

    class Meta:
        ordering = ("-accepted_at",)

    def __str__(self) -> str:
        return f"{self.label} {self.accepted_at:%Y-%m-%d}"


class ImportDraft(models.Model):
    """A file between upload and acceptance: its allowed cells, what was answered; gone once it is accepted.

    Names and contacts wait in `vault` and are erased with the row. The original is never here.
    """

    id = models.UUIDField(primary_key=True, default=identity.person_id, editable=False)
    kind = models.CharField(max_length=20)
    election = models.ForeignKey(
        Election, on_delete=models.PROTECT, related_name="import_drafts", null=True, blank=True
    )
    area_code = models.CharField(max_length=13)
    label = models.CharField(max_length=120)
    form = models.CharField(max_length=10)
    original = models.CharField(max_length=64, help_text="SHA-256 of the file that was given")
    content = models.BinaryField(help_text="the reduced file")
    vault = models.BinaryField(default=bytes, help_text="names and contacts, or empty")
    layout = models.JSONField(help_text="how each sheet was read, with its findings")
    answers = models.JSONField(default=dict)
    expected = models.JSONField(default=dict)
    chosen_columns = models.JSONField(default=dict, help_text="mappings that a person chose, by signature")
    whole_list = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.made_at:%Y-%m-%d}"
