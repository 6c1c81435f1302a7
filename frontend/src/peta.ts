// Draws a map from our own polygons, places and lines: no tiles, no fonts, no request to any other host.
import * as maplibregl from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import type { MapContents } from "./isi-peta";

maplibregl.setWorkerUrl(workerUrl);

const WORDS = {
  "CooperativeGesturesHandler.WindowsHelpText": "Tekan Ctrl sambil memutar roda tetikus untuk memperbesar peta",
  "CooperativeGesturesHandler.MacHelpText": "Tekan ⌘ sambil memutar roda tetikus untuk memperbesar peta",
  "CooperativeGesturesHandler.MobileHelpText": "Pakai dua jari untuk menggeser peta",
  "Map.Title": "Peta; geser dengan tombol panah, perbesar dengan + dan −",
};

export async function drawMap(box: HTMLElement): Promise<void> {
  const address = box.dataset["peta"];
  if (!address) {
    return;
  }
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) {
    box.textContent = "Isi peta belum dapat dibaca. Tabel di atas memuat isi yang sama.";
    return;
  }
  const contents = (await answer.json()) as MapContents;
  box.replaceChildren();
  let map: maplibregl.Map;
  try {
    map = createMap(box, contents);
  } catch {
    box.textContent = "Peramban ini tidak dapat menggambar peta. Tabel di atas memuat isi yang sama.";
    return;
  }
  await map.once("load");
  addLayers(map, contents);
  addLabels(map, contents);
  const note = addNote(box);
  explainOnTouch(map, note);
  addTools(box, map, contents);
  await map.once("idle");
  box.dataset["petaSiap"] = "ya";
}

function createMap(box: HTMLElement, contents: MapContents): maplibregl.Map {
  const frame = document.createElement("div");
  box.append(frame);
  return new maplibregl.Map({
    container: frame,
    style: {
      version: 8,
      sources: {},
      layers: [{ id: "dasar", type: "background", paint: { "background-color": "#eef1ec" } }],
    },
    bounds: contents.bbox,
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    locale: WORDS,
  });
}

function addLayers(map: maplibregl.Map, contents: MapContents): void {
  map.addSource("wilayah", { type: "geojson", data: contents.areas });
  map.addSource("garis", { type: "geojson", data: contents.lines });
  map.addSource("tempat", { type: "geojson", data: contents.places });
  map.addLayer({
    id: "wilayah",
    type: "fill",
    source: "wilayah",
    filter: ["!=", ["get", "color"], null],
    paint: { "fill-color": ["get", "color"] },
  });
  map.addLayer({
    id: "batas",
    type: "line",
    source: "wilayah",
    paint: {
      "line-color": ["match", ["get", "level"], "desa", "#b3bcb7", "kecamatan", "#6d7a76", "#2b3a37"],
      "line-width": ["match", ["get", "level"], "desa", 0.5, "kecamatan", 1.25, 2],
    },
  });
  map.addLayer({
    id: "garis",
    type: "line",
    source: "garis",
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": ["get", "color"], "line-width": 2, "line-opacity": 0.8 },
  });
  map.addLayer({
    id: "tempat",
    type: "circle",
    source: "tempat",
    paint: {
      "circle-color": ["get", "color"],
      "circle-radius": ["match", ["get", "kind"], "gudang", 9, "ppk", 6, 4],
      "circle-stroke-color": "#ffffff",
      "circle-stroke-width": 1.5,
    },
  });
}

// Labels are HTML, so that no file of glyphs is needed and the reader's own font size holds.
function addLabels(map: maplibregl.Map, contents: MapContents): void {
  const put = (name: string, at: [number, number], kind: string): void => {
    const label = document.createElement("span");
    label.className = `peta-label ${kind}`;
    label.textContent = name;
    label.setAttribute("aria-hidden", "true");
    new maplibregl.Marker({ element: label, anchor: kind === "gudang" ? "bottom" : "center", offset: [0, kind === "gudang" ? -12 : 0] })
      .setLngLat(at)
      .addTo(map);
    label.removeAttribute("tabindex");
    label.removeAttribute("role");
    label.removeAttribute("aria-label");
  };
  for (const feature of contents.labels.features) {
    put(feature.properties.name, feature.geometry.coordinates as [number, number], "kecamatan");
  }
  for (const feature of contents.places.features) {
    if (feature.properties.label) {
      put(feature.properties.label, feature.geometry.coordinates as [number, number], "gudang");
    }
  }
}

function addNote(box: HTMLElement): HTMLElement {
  const note = document.createElement("p");
  note.className = "peta-keterangan";
  note.setAttribute("role", "status");
  box.append(note);
  return note;
}

function explainOnTouch(map: maplibregl.Map, note: HTMLElement): void {
  const layers = ["tempat", "garis", "wilayah"];
  const explain = (event: maplibregl.MapMouseEvent): void => {
    const found = map.queryRenderedFeatures(event.point, { layers })[0];
    const text = found?.properties["text"] as string | undefined;
    if (note.textContent !== (text ?? "")) {
      note.textContent = text ?? "";
    }
  };
  map.on("mousemove", explain);
  map.on("click", explain);
}

function addTools(box: HTMLElement, map: maplibregl.Map, contents: MapContents): void {
  const tools = document.createElement("div");
  tools.className = "peta-alat";
  const button = (text: string, name: string, act: () => void): void => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    tools.append(made);
  };
  button("+", "Perbesar peta", () => map.zoomIn({ animate: false }));
  button("−", "Perkecil peta", () => map.zoomOut({ animate: false }));
  button("Semua", "Semua wilayah", () => map.fitBounds(contents.bbox, { padding: 24, animate: false }));
  if (contents.groups.length > 1) {
    tools.append(groupChoice(map, contents));
  }
  box.append(tools);
}

function groupChoice(map: maplibregl.Map, contents: MapContents): HTMLSelectElement {
  const choice = document.createElement("select");
  choice.setAttribute("aria-label", "Perjalanan hari");
  choice.append(new Option("Semua hari", ""), ...contents.groups.map((group) => new Option(group.name, group.id)));
  const show = (): void => {
    map.setFilter("garis", choice.value ? ["==", ["get", "group"], choice.value] : null);
  };
  choice.addEventListener("change", show);
  choice.value = contents.groups[0]?.id ?? "";
  show();
  return choice;
}
