"""Every screen, one line each: the table of contents of the office's work."""

from django.urls import URLPattern, URLResolver, path

from tepat.common import event_views, office_views, people_views, supervision_views
from tepat.common import views as common
from tepat.distribution.views import paper_returns, papers, plans, trips, warehouses
from tepat.operations import home_views
from tepat.operations import views as operations
from tepat.planning.views import imports, lists, needs, places, register

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home_views.home, name="beranda"),
    path("masuk/", common.sign_in, name="masuk"),
    path("keluar/", common.sign_out, name="keluar"),
    path("bahasa/", common.choose_language, name="bahasa"),
    # Hitung
    path("kebutuhan/", needs.totals, name="kebutuhan"),
    path("kebutuhan/kecamatan/<str:code>/", needs.kecamatan, name="kebutuhan-kecamatan"),
    path("kebutuhan/desa/<str:code>/", needs.desa, name="kebutuhan-desa"),
    path("kebutuhan/unduh/<str:form>/", needs.download, name="kebutuhan-unduh"),
    path("kebutuhan/impor/", imports.upload, name="kebutuhan-impor"),
    path("kebutuhan/impor/contoh.xlsx", imports.example, name="kebutuhan-impor-contoh"),
    path("kebutuhan/impor/<uuid:pk>/", imports.draft_one, name="kebutuhan-impor-satu"),
    path("kebutuhan/rekonsiliasi/", lists.reconciliation, name="kebutuhan-rekonsiliasi"),
    path("kebutuhan/perubahan/", lists.changes, name="kebutuhan-perubahan"),
    path("kebutuhan/aksesibilitas/", lists.accessibility, name="kebutuhan-aksesibilitas"),
    path("kebutuhan/parameter/", needs.parameters, name="kebutuhan-parameter"),
    path("kebutuhan/wilayah/", register.areas, name="kebutuhan-wilayah"),
    path("kebutuhan/wilayah/peta.json", register.areas_map, name="kebutuhan-wilayah-peta"),
    path("kebutuhan/tps/", register.tps_list, name="kebutuhan-tps"),
    path("kebutuhan/tps/<int:pk>/", register.tps_one, name="kebutuhan-tps-satu"),
    path("kebutuhan/tempat/", places.places, name="kebutuhan-tempat"),
    path("kebutuhan/tempat/peta.json", places.places_map, name="kebutuhan-tempat-peta"),
    path("kebutuhan/tempat/<int:pk>/", places.place_one, name="kebutuhan-tempat-satu"),
    # Rencanakan
    path("distribusi/rencana/", plans.overview, name="distribusi-rencana"),
    path("distribusi/rencana/hitung/", plans.ask, name="distribusi-rencana-hitung"),
    path("distribusi/rencana/kemajuan/<uuid:pk>/", plans.progress, name="distribusi-rencana-kemajuan"),
    path("distribusi/rencana/hentikan/<uuid:pk>/", plans.cancel, name="distribusi-rencana-hentikan"),
    path("distribusi/rencana/<int:pk>/", plans.one, name="distribusi-rencana-satu"),
    path("distribusi/rencana/<int:pk>/peta.json", trips.plan_map, name="distribusi-rencana-peta"),
    path("distribusi/rencana/<int:pk>/langkah/<str:step>/", plans.move, name="distribusi-rencana-langkah"),
    path(
        "distribusi/rencana/<int:pk>/perjalanan/<str:trip>/",
        trips.trip_one,
        name="distribusi-rencana-perjalanan",
    ),
    path("distribusi/rencana/<int:pk>/mengapa/<str:subject>/", trips.why, name="distribusi-rencana-mengapa"),
    path("distribusi/rencana/contoh/", home_views.example_trip, name="distribusi-rencana-contoh"),
    path("distribusi/gudang/", warehouses.candidates, name="distribusi-gudang"),
    path("distribusi/harga/", warehouses.prices, name="distribusi-harga"),
    # Buktikan
    path("peristiwa/", event_views.events, name="peristiwa"),
    path("peristiwa/unduh.jsonl", event_views.export_events, name="peristiwa-unduh"),
    path("peristiwa/<uuid:pk>/", event_views.event_one, name="peristiwa-satu"),
    path("pengawasan/", supervision_views.notes, name="pengawasan"),
    path("pengawasan/<int:pk>/", supervision_views.note_one, name="pengawasan-satu"),
    # Kantor
    path("kantor/", office_views.office, name="kantor"),
    path("kantor/cari/", office_views.search, name="cari"),
    path("kantor/orang/", people_views.people, name="orang"),
    path("kantor/orang/<uuid:pk>/", people_views.person_one, name="orang-satu"),
    path("kantor/orang/<uuid:pk>/hapus/", people_views.person_erase, name="orang-hapus"),
    path("kantor/orang/<uuid:pk>/<str:step>/", people_views.person_change, name="orang-ubah"),
    path("operasi/cadangan/", operations.copies, name="cadangan"),
    path("operasi/cadangan/minta/<str:work>/", operations.ask_copy, name="cadangan-minta"),
    path("operasi/cadangan/kemajuan/<uuid:pk>/", operations.copy_progress, name="cadangan-kemajuan"),
    path("operasi/pemeriksaan/", operations.checks, name="pemeriksaan"),
    path("operasi/latihan/", operations.rehearsal, name="latihan"),
    # Buktikan
    path("distribusi/dokumen/", papers.board, name="dokumen"),
    path("distribusi/dokumen/cetak/", papers.ask, name="dokumen-cetak"),
    path("distribusi/dokumen/kemajuan/<uuid:pk>/", papers.progress, name="dokumen-kemajuan"),
    path("distribusi/dokumen/hentikan/<uuid:pk>/", papers.cancel, name="dokumen-hentikan"),
    path("distribusi/dokumen/setelan/", papers.settings, name="dokumen-setelan"),
    path("distribusi/dokumen/berkas/<int:pk>/<str:sha256>.pdf", papers.file_pdf, name="dokumen-berkas"),
    path("distribusi/dokumen/kertas/<str:pk>/", papers.one, name="dokumen-kertas"),
    path("distribusi/dokumen/kertas/<str:pk>/lembar.pdf", papers.paper_pdf, name="dokumen-kertas-pdf"),
    path("distribusi/dokumen/unggah/", paper_returns.upload, name="dokumen-unggah"),
    path("distribusi/dokumen/belum-cocok/", paper_returns.unmatched, name="dokumen-belum-cocok"),
    path("distribusi/dokumen/balik/<int:pk>/", paper_returns.page, name="dokumen-balik"),
    path("distribusi/dokumen/balik/<int:pk>/gambar.jpg", paper_returns.picture, name="dokumen-balik-gambar"),
]
