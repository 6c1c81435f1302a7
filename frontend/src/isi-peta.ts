// What the server sends for one map. The colours come with a word, which the legend and the table show too.
import type { FeatureCollection, LineString, MultiPolygon, Point, Polygon } from "geojson";

export interface AreaProperties {
  name: string;
  level: "kabkota" | "kecamatan" | "desa";
  color: string | null;
  text: string;
}

export interface PlaceProperties {
  name: string;
  kind: "gudang" | "ppk" | "pps";
  color: string;
  text: string;
  label: string | null;
}

export interface LineProperties {
  group: string;
  color: string;
  text: string;
}

export interface MapContents {
  bbox: [number, number, number, number];
  areas: FeatureCollection<Polygon | MultiPolygon, AreaProperties>;
  places: FeatureCollection<Point, PlaceProperties>;
  lines: FeatureCollection<LineString, LineProperties>;
  labels: FeatureCollection<Point, { name: string }>;
  groups: { id: string; name: string }[];
}
