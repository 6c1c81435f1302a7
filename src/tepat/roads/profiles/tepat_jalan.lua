-- What the three profiles of Tepat share. A profile names its vehicle; this file turns that into the answers
-- osrm-extract asks for. Speeds are averages of a loaded vehicle on Indonesian roads, in km/h, and assumptions:
-- docs/decisions/0004-road-engine.md says how an office replaces them.

local Set = require("lib/set")
local Sequence = require("lib/sequence")
local Handlers = require("lib/way_handlers")
local Measure = require("lib/measure")
local Obstacles = require("lib/obstacles")
local Access = require("lib/access")
local Tags = require("lib/tags")

local Jalan = {}

-- Share of a signed speed limit that is reached on the average.
local LIMIT_SHARE = 0.8

-- Seconds that a right-angled turn and a turn-about cost at a junction.
local TURN_S = 6
local U_TURN_S = 40

local OPEN = Set({ "yes", "permissive", "designated", "motorcar", "motor_vehicle", "vehicle", "hgv", "official" })

local SHUT = Set({
  "no", "emergency", "psv", "bus", "minibus", "taxi", "share_taxi", "foot", "bicycle", "military", "emergency_vehicle",
  "restricted", "use_sidepath", "private", "delivery", "destination", "customers", "permit", "residents", "agricultural",
  "forestry",
})

-- Shut for passing through, open where the journey begins or ends. Forest and farm roads are among them: an office
-- has Perhutani's leave to reach a village by its road, and no leave to use it as a short cut.
local ENDS_ONLY = Set({
  "private", "delivery", "destination", "customers", "permit", "residents", "agricultural", "forestry", "unknown",
})

local ENDS_ONLY_ON = Set({
  "motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link",
  "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service", "track", "path", "road",
})

-- Barriers a loaded vehicle drives through, and the seconds that opening one takes.
local BARRIER_S = {
  gate = 60, lift_gate = 45, swing_gate = 60, sliding_gate = 60, toll_booth = 30, border_control = 60, checkpoint = 60,
  cattle_grid = 2, entrance = 0, sally_port = 0, no = 0, arch = 0, height_restrictor = 0, kerb = 0,
}

-- A size from the vehicle's own papers, which Tepat hands over in whole centimetres or kilograms; nil = not given.
local function own_size(name, unit)
  local number = tonumber(os.getenv("TEPAT_" .. name))
  return number and number / unit
end

-- Properties and tables of one vehicle, as osrm-extract's setup() wants them.
function Jalan.setup(vehicle)
  return {
    properties = {
      weight_name = "routability",
      max_speed_for_map_matching = 130 / 3.6,
      process_call_tagless_node = false,
      u_turn_penalty = U_TURN_S,
      continue_straight_at_waypoint = false,
      use_turn_restrictions = true,
      traffic_signal_penalty = 15,
    },
    default_mode = mode.driving,
    default_speed = 15,
    oneway_handling = true,
    side_road_multiplier = 0.8,

    vehicle_height = own_size("HEIGHT_CM", 100) or vehicle.height_m,
    vehicle_width = own_size("WIDTH_CM", 100) or vehicle.width_m,
    vehicle_length = own_size("LENGTH_CM", 100) or vehicle.length_m,
    vehicle_weight = own_size("WEIGHT_KG", 1) or vehicle.weight_kg,
    vehicle_axle_weight = own_size("AXLE_KG", 1) or vehicle.axle_kg,
    vehicle_max_speed = vehicle.speed_max,

    access_tag_whitelist = OPEN,
    access_tag_blacklist = SHUT,
    restricted_access_tag_list = ENDS_ONLY,
    restricted_highway_whitelist = ENDS_ONLY_ON,
    service_access_tag_blacklist = Set({}),
    access_tags_hierarchy = Sequence(vehicle.access_keys),
    restrictions = Sequence(vehicle.access_keys),
    service_tag_forbidden = Set({ "emergency_access" }),
    service_penalties = { alley = 0.7, parking = 0.5, parking_aisle = 0.4, driveway = 0.5, ["drive-through"] = 0.4 },
    avoid = Set(vehicle.avoid),
    construction_whitelist = Set({ "no", "minor", "widening" }),
    classes = Sequence({ "toll", "ferry", "restricted" }),
    excludable = Sequence({ Set({ "toll" }), Set({ "ferry" }) }),

    speeds = Sequence({ highway = vehicle.speeds }),
    surface_speeds = vehicle.surface_speeds,
    tracktype_speeds = vehicle.tracktype_speeds,
    smoothness_speeds = vehicle.smoothness_speeds,
    route_speeds = { ferry = 8 },
    bridge_speeds = { movable = 5 },
    maxspeed_table = {},
    maxspeed_table_default = { urban = 50, rural = 80, trunk = 80, motorway = 100 },
    speed_reduction = LIMIT_SHARE,

    relation_types = Sequence({}),
    highway_turn_classification = {},
    access_turn_classification = {},
  }
end

local function shut_for_height(profile, node)
  local height = Measure.get_max_height(node:get_value_by_key("maxheight"), node)
  return height ~= nil and height < profile.vehicle_height
end

function Jalan.process_node(profile, node)
  local access = Access.resolve_access(Access.find_access_tag(node, profile.access_tags_hierarchy), profile)
  local barrier = node:get_value_by_key("barrier")
  local shut = access ~= nil and profile.access_tag_blacklist[access] and not profile.restricted_access_tag_list[access]
  if barrier then
    local seconds = BARRIER_S[barrier]
    if barrier == "bollard" and node:get_value_by_key("bollard") == "rising" then
      seconds = 30
    end
    if (seconds == nil and not access) or shut_for_height(profile, node) then
      shut = true
    elseif seconds and seconds > 0 and not shut then
      obstacle_map:add(node, Obstacle.new(obstacle_type.gate, obstacle_direction.both, seconds, 0))
    end
  end
  if shut then
    obstacle_map:add(node, Obstacle.new(obstacle_type.barrier))
  end
  Obstacles.process_node(profile, node)
end

-- Load on one axle; the library knows only the whole weight.
local function axle_limit(profile, way, result, data)
  local forward, backward = Tags.get_forward_backward_by_key(way, data, "maxaxleload")
  forward, backward = Measure.get_max_weight(forward), Measure.get_max_weight(backward)
  if forward and forward < profile.vehicle_axle_weight then
    result.forward_mode = mode.inaccessible
  end
  if backward and backward < profile.vehicle_axle_weight then
    result.backward_mode = mode.inaccessible
  end
end

-- A sign never makes a vehicle faster than its road class does: it only slows it.
local function signed_limit(profile, way, result, data)
  local keys = Sequence({ "maxspeed:advisory", "maxspeed", "maxspeed:type", "source:maxspeed" })
  local forward, backward = Tags.get_forward_backward_by_set(way, data, keys)
  forward, backward = Handlers.parse_maxspeed(forward, profile), Handlers.parse_maxspeed(backward, profile)
  if forward and forward > 0 and result.forward_speed > 0 then
    result.forward_speed = math.min(result.forward_speed, forward * LIMIT_SHARE)
  end
  if backward and backward > 0 and result.backward_speed > 0 then
    result.backward_speed = math.min(result.backward_speed, backward * LIMIT_SHARE)
  end
end

local STEPS = Sequence({
  Handlers.default_mode,
  Handlers.blocked_ways,
  Handlers.avoid_ways,
  Handlers.handle_height,
  Handlers.handle_width,
  Handlers.handle_length,
  Handlers.handle_weight,
  axle_limit,
  Handlers.access,
  Handlers.oneway,
  Handlers.ferries,
  Handlers.movables,
  Handlers.service,
  Handlers.speed,
  signed_limit,
  Handlers.surface,
  Handlers.vehicle_speed_cap,
  Handlers.penalties,
  Handlers.classes,
  Handlers.roundabouts,
  Handlers.startpoint,
  Handlers.driving_side,
  Handlers.names,
})

function Jalan.process_way(profile, way, result, relations)
  local data = {
    highway = way:get_value_by_key("highway"),
    bridge = way:get_value_by_key("bridge"),
    route = way:get_value_by_key("route"),
  }
  if data.highway or data.route then
    Handlers.run(profile, way, result, data, STEPS, relations)
  end
end

function Jalan.process_turn(profile, turn)
  for _, obstacle in pairs(obstacle_map:get(turn.from, turn.via)) do
    if obstacle.type ~= obstacle_type.stop_minor or Obstacles.entering_by_minor_road(turn) then
      turn.duration = turn.duration + obstacle.duration
    end
  end
  if turn.is_u_turn then
    turn.duration = turn.duration + U_TURN_S
  elseif turn.number_of_roads > 2 then
    local right_angles = turn.angle / 90
    turn.duration = turn.duration + TURN_S * math.min(right_angles * right_angles, 2)
  end
  turn.weight = turn.duration
  if turn.target_restricted and not turn.source_restricted then
    turn.weight = constants.max_turn_weight
  end
end

-- What a profile file returns.
function Jalan.profile(vehicle)
  return {
    setup = function()
      return Jalan.setup(vehicle)
    end,
    process_node = Jalan.process_node,
    process_way = Jalan.process_way,
    process_turn = Jalan.process_turn,
  }
end

return Jalan
