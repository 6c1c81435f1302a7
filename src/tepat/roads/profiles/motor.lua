-- A motorcycle with boxes on a rack. It may use paths between villages and no toll motorway. Sizes are contoh.

api_version = 4

local Jalan = require("tepat_jalan")

return Jalan.profile({
  height_m = 1.9,
  width_m = 1.0,
  length_m = 2.1,
  weight_kg = 350,
  axle_kg = 250,
  speed_max = 60,
  access_keys = { "motorcycle", "motor_vehicle", "vehicle", "access" },
  avoid = { "area", "motorroad", "motorway", "motorway_link", "impassable", "steps", "construction", "proposed" },

  speeds = {
    trunk = 48, trunk_link = 35, primary = 45, primary_link = 32, secondary = 42, secondary_link = 30,
    tertiary = 36, tertiary_link = 28, unclassified = 28, residential = 22, living_street = 15, service = 15,
    road = 22, track = 18, path = 12,
  },
  surface_speeds = {
    cement = 42, compacted = 35, fine_gravel = 30, paving_stones = 35, metal = 25, bricks = 28, sett = 28,
    cobblestone = 22, grass_paver = 18, gravel = 22, pebblestone = 20, unpaved = 22, ground = 18, dirt = 18,
    earth = 18, wood = 12, clay = 12, laterite = 15, stone = 12, rocky = 10, grass = 12, sand = 8, mud = 6,
  },
  tracktype_speeds = { grade1 = 28, grade2 = 22, grade3 = 18, grade4 = 14, grade5 = 10 },
  smoothness_speeds = {
    intermediate = 40, bad = 25, very_bad = 15, horrible = 10, very_horrible = 6, impassable = 0,
  },
})
