"""Every screen, one line each: the table of contents of the office's work."""

from django.urls import URLPattern, URLResolver, path

from tepat.common import views as common
from tepat.distribution.views import plans, trips, warehouses
from tepat.operations import home_views
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
]
