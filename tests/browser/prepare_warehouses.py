"""Two surveyed candidate warehouses (contoh) and their comparison, for the screens of Pilih Gudang."""

AREA = "33.71"


def warehouses(by, at):
    """Survey two candidates, one without a point, compare them, and name the first."""
    from tepat.common.actions import Contact
    from tepat.common.models import Job
    from tepat.distribution.views.siting import TASK
    from tepat.distribution.warehouse_actions import CandidateGiven, save_candidate
    from tepat.solvers.warehouse_jobs import choose_warehouses

    first = save_candidate(
        by=by,
        at=at,
        area_code=AREA,
        name="Gudang Tuguran (contoh)",
        given=CandidateGiven(
            usable_m2=420,
            address="Jalan Contoh 1",
            lat=-7.4797,
            lon=110.2177,
            stack_mm=2400,
            rent_rupiah=30_000_000,
            repair_rupiah=4_000_000,
            gate_class="truck",
            gate_width_mm=3200,
            road_class="truck",
            docks=3,
            guards=4,
            flood=False,
            cctv=True,
            fire_extinguisher=True,
        ),
        contact=Contact("Pemilik Contoh", "0800-0000-0000"),
    )
    for name, lat, lon in (
        ("Gudang Sanden (contoh)", -7.45, 110.23),
        ("Gudang Tanpa Titik (contoh)", None, None),
    ):
        save_candidate(
            by=by,
            at=at,
            area_code=AREA,
            name=name,
            given=CandidateGiven(
                usable_m2=150 if lat else 300, lat=lat, lon=lon, flood_history="2021, 30 cm"
            ),
        )
    job = Job.objects.create(
        task=TASK,
        arguments={"election": "pemilu-2024", "sets": 2, "seconds": 1},
        area_code=AREA,
        asked_by=by.person,
        asked_at=at,
        state=Job.State.RUNNING,
    )
    choose_warehouses(job, **job.arguments)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=at)
    return {"calon-gudang": str(first.pk)}
