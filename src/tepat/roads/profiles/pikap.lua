-- A loaded pick-up with four wheels. Sizes are contoh.

api_version = 4

local Jalan = require("tepat_jalan")

return Jalan.profile({
  height_m = 2.1,
  width_m = 1.8,
  length_m = 4.7,
  weight_kg = 2200,
  axle_kg = 1300,
  speed_max = 70,
  access_keys = { "motorcar", "motor_vehicle", "vehicle", "access" },
  avoid = { "area", "reversible", "impassable", "steps", "construction", "proposed" },

  speeds = {
    motorway = 70, motorway_link = 40, trunk = 52, trunk_link = 35, primary = 48, primary_link = 32,
    secondary = 42, secondary_link = 30, tertiary = 35, tertiary_link = 26, unclassified = 26, residential = 20,
    living_street = 12, service = 12, road = 20, track = 14,
  },
  surface_speeds = {
    cement = 45, compacted = 32, fine_gravel = 30, paving_stones = 35, metal = 30, bricks = 28, sett = 28,
    cobblestone = 22, grass_paver = 18, gravel = 25, pebblestone = 20, unpaved = 22, ground = 18, dirt = 15,
    earth = 15, wood = 15, clay = 12, laterite = 15, stone = 10, rocky = 8, grass = 10, sand = 8, mud = 5,
  },
  tracktype_speeds = { grade1 = 25, grade2 = 20, grade3 = 15, grade4 = 10, grade5 = 6 },
  smoothness_speeds = {
    intermediate = 40, bad = 22, very_bad = 10, horrible = 5, very_horrible = 0, impassable = 0,
  },
})
