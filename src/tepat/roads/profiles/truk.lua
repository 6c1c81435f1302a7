-- A loaded box truck with six wheels (colt diesel double). Height, width, length and weights are the upper end of
-- what providers offer: contoh, to be replaced by the vehicle's own papers.

api_version = 4

local Jalan = require("tepat_jalan")

return Jalan.profile({
  height_m = 3.4,
  width_m = 2.2,
  length_m = 6.5,
  weight_kg = 8250,
  axle_kg = 5500,
  speed_max = 60,
  access_keys = { "hgv", "goods", "motor_vehicle", "vehicle", "access" },
  avoid = { "area", "reversible", "impassable", "steps", "construction", "proposed" },

  speeds = {
    motorway = 60, motorway_link = 35, trunk = 45, trunk_link = 30, primary = 40, primary_link = 28,
    secondary = 36, secondary_link = 25, tertiary = 30, tertiary_link = 22, unclassified = 22, residential = 18,
    living_street = 10, service = 10, road = 18, track = 10,
  },
  surface_speeds = {
    cement = 40, compacted = 28, fine_gravel = 25, paving_stones = 30, metal = 25, bricks = 25, sett = 25,
    cobblestone = 20, grass_paver = 15, gravel = 20, pebblestone = 18, unpaved = 18, ground = 14, dirt = 12,
    earth = 12, wood = 12, clay = 10, laterite = 12, stone = 10, rocky = 8, grass = 8, sand = 8, mud = 5,
  },
  tracktype_speeds = { grade1 = 20, grade2 = 15, grade3 = 12, grade4 = 8, grade5 = 5 },
  smoothness_speeds = {
    intermediate = 35, bad = 20, very_bad = 10, horrible = 5, very_horrible = 0, impassable = 0,
  },
})
