// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "neurons/spiking_attention.hpp"
#include "sim/units.hpp"
#include "topology/action.hpp"

namespace synfire {

enum class Synchronisation : std::uint8_t {
  dataflow,  ///< a population steps when all its sources have ended the step
  barrier,   ///< one global barrier releases every population that is ready (as Loihi does)
};

enum class TopologyKind : std::uint8_t {
  mesh,      ///< 2-D grid of tiles
  torus,     ///< 2-D grid whose rows and columns are rings
  ring,      ///< all tiles in one ring
  tree,      ///< tiles are the leaves, inner routers have `arity` children
  crossbar,  ///< one hub router that every tile is linked to
  graphml,   ///< routers and links of a GraphML file
};

enum class RoutingKind : std::uint8_t {
  xy,             ///< dimension-ordered: x first, then y
  shortest_path,  ///< least latency
};

enum class FlowControl : std::uint8_t {
  infinite,  ///< queues without limit
  credit,    ///< finite buffers; a packet moves on when there is a place for it
};

enum class Multicast : std::uint8_t {
  unicast,  ///< one packet for each destination neurocore
  tree,     ///< one packet, copied by the routers where its ways part
};

/// The tiles (router and neurocores) of one chip.
struct GridDescription {
  TopologyKind topology = TopologyKind::mesh;
  std::int64_t width = 0;           ///< tiles
  std::int64_t height = 0;          ///< tiles
  std::int64_t cores_per_tile = 0;  ///< neurocores
  std::int64_t arity = 4;           ///< tree: children of a router
  std::string graph_file;           ///< graphml: path as written
  std::string graphml;              ///< graphml: content of the file
  bool operator==(const GridDescription&) const = default;
};

/// Chips of equal grids; the topology spans all of them.
struct BoardDescription {
  std::int64_t columns = 1;  ///< chips
  std::int64_t rows = 1;     ///< chips
  bool operator==(const BoardDescription&) const = default;
};

/// A class of links: every link serves one packet after another.
struct LinkDescription {
  Duration latency{};                    ///< head of a packet, link and router together
  std::int64_t megabits_per_second = 0;  ///< 0: unlimited (no serialization latency)
  bool operator==(const LinkDescription&) const = default;
};

struct RoutingDescription {
  RoutingKind kind = RoutingKind::xy;
  std::int64_t virtual_channels = 1;
  bool is_checked = true;  ///< refuse routes that can deadlock
  bool operator==(const RoutingDescription&) const = default;
};

struct FlowControlDescription {
  FlowControl kind = FlowControl::infinite;
  std::int64_t buffer_depth = 1;  ///< credit: packets per virtual channel at a router's input
  Duration credit_latency{1};     ///< credit: from a freed place to the sender that may use it
  bool operator==(const FlowControlDescription&) const = default;
};

struct NeurocoreDescription {
  std::int64_t neurons = 0;              ///< capacity
  std::int64_t axons_in = 0;             ///< capacity: distinct sources that can drive the core
  std::int64_t synapse_memory_bits = 0;  ///< capacity; a weight takes weight_bits
  std::int64_t synapse_word_bits = 64;   ///< read at a time
  std::int64_t synapse_lanes = 1;        ///< synaptic operations at a time
  std::int64_t update_lanes = 1;         ///< neurons updated at a time
  std::int64_t input_queue = 1;          ///< credit: packets that wait to be read
  std::int64_t output_queue = 1;         ///< credit: packets that wait before a neuron must, too
  Duration axon_in_latency{};            ///< per packet received
  Duration synapse_fetch_latency{};      ///< per word of synapse memory
  Duration accumulate_latency{};         ///< per group of synapse_lanes synapses
  Duration update_latency{};             ///< per group of update_lanes neurons
  Duration spike_out_latency{};          ///< from the update of a neuron to its spike at the port
  Duration axon_out_latency{};           ///< per packet sent: axon table, composition
  bool operator==(const NeurocoreDescription&) const = default;
};

/// Spiking attention unit of a neurocore.
struct AttentionDescription {
  AttentionRealisation realisation = AttentionRealisation::state;  ///< of the published form
  std::int64_t memory_bits = 0;  ///< capacity for keys and values or states, per core
  std::int64_t word_bits = 64;   ///< read or written at a time
  std::int64_t lanes = 1;        ///< operations (AND-popcount bits, additions) at a time
  Duration operation_latency{};  ///< per group of lanes
  bool operator==(const AttentionDescription&) const = default;
};

/// What a neurocore has beside spiking synapses for payloads that are multiplied, and would have in
/// their place to run a dense twin of the network (twin_simulation.hpp).
struct DenseDescription {
  std::int64_t lanes = 1;       ///< multiply-accumulates or functions at a time
  Duration mac_latency{};       ///< per group of lanes multiply-accumulates
  Duration function_latency{};  ///< per group of lanes function evaluations
  bool operator==(const DenseDescription&) const = default;
};

/// Widths of the chip's integers; a network that needs more is a MappingError.
struct FormatDescription {
  std::int64_t weight_bits = 8;
  std::int64_t accumulator_bits = 32;
  std::int64_t payload_bits = 32;
  std::int64_t spike_packet_bits = 32;
  std::int64_t graded_packet_bits = 64;
  std::int64_t control_packet_bits = 32;
  bool operator==(const FormatDescription&) const = default;
};

struct SynchronisationDescription {
  Synchronisation kind = Synchronisation::dataflow;
  std::int64_t window = 1;     ///< time steps a source may run ahead of its slowest destination
  Duration barrier_latency{};  ///< from the last neurocore's end of step to the next release
  bool operator==(const SynchronisationDescription&) const = default;
};

struct HostDescription {
  Duration latency{};                    ///< host to chip and back, per transfer
  std::int64_t megabits_per_second = 0;  ///< 0: unlimited
  bool operator==(const HostDescription&) const = default;
};

/// Power that flows whatever happens.
struct StaticPowerDescription {
  std::int64_t chip_nanowatts = 0;       ///< per chip
  std::int64_t router_nanowatts = 0;     ///< per router
  std::int64_t neurocore_nanowatts = 0;  ///< per neurocore, used or not
  bool operator==(const StaticPowerDescription&) const = default;
};

/// Frequency and voltage relative to those at which the chip's figures hold, in 0.001 %.
struct OperatingPoint {
  static constexpr std::int64_t nominal = 100'000;
  std::int64_t neurocore_frequency = nominal;
  std::int64_t neurocore_voltage = nominal;
  std::int64_t network_frequency = nominal;
  std::int64_t network_voltage = nominal;
  bool operator==(const OperatingPoint&) const = default;
};

/// Faults to be injected: an experiment, not a property of the chip. Rates in parts per billion.
struct FaultDescription {
  static constexpr std::int64_t certain = 1'000'000'000;
  std::int64_t seed = 1;
  std::int64_t drop_rate = 0;          ///< of packets on arrival, host included: a lost logit is 0
  std::int64_t dead_links = 0;         ///< between routers
  std::int64_t dead_cores = 0;         ///< of the neurocores that the network uses
  std::int64_t stuck_silent_rate = 0;  ///< of spiking neurons
  std::int64_t stuck_firing_rate = 0;  ///< of spiking neurons
  std::int64_t bit_flip_rate = 0;      ///< of the bits of synapse memory
  bool any() const {
    return (drop_rate | dead_links | dead_cores | stuck_silent_rate | stuck_firing_rate |
            bit_flip_rate) != 0;
  }
  bool operator==(const FaultDescription&) const = default;
};

/// Where a parameter of a chip comes from: a source, or the reason why it is assumed.
struct NumberOrigin {
  std::string key_path;
  std::string value;    ///< as written, with unit
  std::string source;   ///< empty if assumed or not stated
  std::string assumed;  ///< empty if sourced or not stated
  bool operator==(const NumberOrigin&) const = default;
};

/// A neuromorphic chip as data: tiles (router and neurocores) joined by links. Every number carries
/// a unit in the file; in shipped presets also a source.
struct ChipDescription {
  std::string name;
  std::string description;
  GridDescription grid;
  BoardDescription board;
  LinkDescription horizontal;  ///< east and west; all links of a ring, tree or crossbar
  LinkDescription vertical;    ///< north and south
  LinkDescription local;       ///< router to neurocore and back (injection, ejection)
  LinkDescription board_link;  ///< between chips
  RoutingDescription routing;
  FlowControlDescription flow_control;
  Multicast multicast = Multicast::unicast;
  NeurocoreDescription neurocore;
  AttentionDescription attention;
  DenseDescription dense;
  FormatDescription format;
  SynchronisationDescription synchronisation;
  HostDescription host;
  std::array<Energy, action_kinds> energy{};  ///< per action
  StaticPowerDescription static_power;
  OperatingPoint operating_point;
  FaultDescription faults;
  std::vector<NumberOrigin> origins;  ///< one per parameter, in the order of the reference
  bool operator==(const ChipDescription&) const = default;
};

/// Source of a setting that a file leaves out.
inline constexpr std::string_view default_source = "default";
/// Source of a parameter that an override has set.
inline constexpr std::string_view override_source = "set on the command line";

/// Reads a chip description and applies overrides (`key.path=value`, same syntax as in the file,
/// but counts may omit their unit: `grid.width=16`). A GraphML file is looked for beside the chip
/// file.
///
/// Throws  IoError if the file cannot be read; ConfigError with file, line and key path for an
///         unknown or missing key, a missing or wrong unit, or a value out of range.
ChipDescription read_chip(const std::filesystem::path& file,
                          std::span<const std::string> overrides = {});

/// A shipped preset by name (chip_preset_names), or a path to a chip file.
///
/// Throws  as read_chip; an unknown name lists the presets.
ChipDescription load_chip(const std::string& name_or_path,
                          std::span<const std::string> overrides = {});

std::vector<std::string> chip_preset_names();

/// Where `grid.graph` is found: beside a chip file, or in a recording.
struct GraphSource {
  std::filesystem::path folder;
  std::optional<std::string> graphml;  ///< the content itself
};

/// Reads a chip description from text; `name` stands for the file in messages.
ChipDescription parse_chip(const std::string& yaml, const std::string& name,
                           std::span<const std::string> overrides = {},
                           const GraphSource& graph = {});

/// Every parameter of a chip file: one line each with unit, range and meaning.
std::string chip_reference();

/// The chip as YAML with every override applied; reading it back gives an equal description.
std::string to_yaml(const ChipDescription& chip);

std::string_view to_string(TopologyKind topology);
std::string_view to_string(RoutingKind routing);
std::string_view to_string(FlowControl flow_control);
std::string_view to_string(Multicast multicast);
std::string_view to_string(AttentionRealisation realisation);
std::string_view to_string(Synchronisation synchronisation);

}  // namespace synfire
