// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
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

struct GridDescription {
  std::int64_t width = 0;           ///< tiles
  std::int64_t height = 0;          ///< tiles
  std::int64_t cores_per_tile = 0;  ///< neurocores
  bool operator==(const GridDescription&) const = default;
};

/// A class of links: every link serves one packet after another.
struct LinkDescription {
  Duration latency{};                     ///< head of a packet, link and router together
  std::int64_t bytes_per_nanosecond = 0;  ///< 0: unlimited (no serialization latency)
  bool operator==(const LinkDescription&) const = default;
};

struct NeurocoreDescription {
  std::int64_t neurons = 0;              ///< capacity
  std::int64_t axons_in = 0;             ///< capacity: distinct sources that can drive the core
  std::int64_t synapse_memory_bits = 0;  ///< capacity; a weight takes weight_bits
  std::int64_t synapse_lanes = 1;        ///< synaptic operations at a time
  std::int64_t update_lanes = 1;         ///< neurons updated at a time
  Duration axon_in_latency{};            ///< per packet received
  Duration synapse_latency{};            ///< per group of synapse_lanes synapses
  Duration update_latency{};             ///< per group of update_lanes neurons
  Duration pipeline_latency{};           ///< from the update of a neuron to its spike at the port
  Duration axon_out_latency{};           ///< per packet sent
  bool operator==(const NeurocoreDescription&) const = default;
};

/// Spiking attention unit of a neurocore.
struct AttentionDescription {
  AttentionRealisation realisation = AttentionRealisation::state;  ///< of the published form
  std::int64_t memory_bits = 0;  ///< capacity for keys and values or states, per core
  std::int64_t lanes = 1;        ///< operations (AND-popcount bits, additions) at a time
  Duration operation_latency{};  ///< per group of lanes
  bool operator==(const AttentionDescription&) const = default;
};

/// Widths of the chip's integers; a network that needs more is a MappingError.
struct FormatDescription {
  std::int64_t weight_bits = 8;
  std::int64_t accumulator_bits = 32;
  std::int64_t payload_bits = 32;
  std::int64_t spike_packet_bytes = 4;
  std::int64_t graded_packet_bytes = 8;
  std::int64_t control_packet_bytes = 4;
  bool operator==(const FormatDescription&) const = default;
};

struct SynchronisationDescription {
  Synchronisation kind = Synchronisation::dataflow;
  std::int64_t window = 1;     ///< time steps a source may run ahead of its slowest destination
  Duration barrier_latency{};  ///< from the last neurocore's end of step to the next release
  bool operator==(const SynchronisationDescription&) const = default;
};

struct HostDescription {
  Duration latency{};                     ///< host to chip and back, per transfer
  std::int64_t bytes_per_nanosecond = 0;  ///< 0: unlimited
  bool operator==(const HostDescription&) const = default;
};

/// Where a parameter of a chip comes from: a source, or the reason why it is assumed.
struct NumberOrigin {
  std::string key_path;
  std::string value;    ///< as written, with unit
  std::string source;   ///< empty if assumed or not stated
  std::string assumed;  ///< empty if sourced or not stated
  bool operator==(const NumberOrigin&) const = default;
};

/// A neuromorphic chip as data: tiles (router and neurocores) on a 2-D mesh. Every number carries
/// a unit in the file; in shipped presets also a source.
struct ChipDescription {
  std::string name;
  std::string description;
  GridDescription grid;
  LinkDescription horizontal;  ///< east and west
  LinkDescription vertical;    ///< north and south
  LinkDescription local;       ///< router to neurocore and back (injection, ejection)
  NeurocoreDescription neurocore;
  AttentionDescription attention;
  FormatDescription format;
  SynchronisationDescription synchronisation;
  HostDescription host;
  std::array<Energy, action_kinds> energy{};  ///< per action
  std::int64_t static_power_nanowatts = 0;    ///< whole chip
  std::vector<NumberOrigin> origins;          ///< one per parameter, in the order of the reference
  bool operator==(const ChipDescription&) const = default;
};

/// Source of a parameter that an override has set.
inline constexpr std::string_view override_source = "set on the command line";

/// Reads a chip description and applies overrides (`key.path=value`, same syntax as in the file,
/// but counts may omit their unit: `grid.width=16`).
///
/// Throws  IoError if the file cannot be read; ConfigError with file, line and key path for an
///         unknown or missing key, a missing or wrong unit, or a value out of range.
ChipDescription read_chip(const std::filesystem::path& file,
                          std::span<const std::string> overrides = {});

/// A shipped preset by name (`loihi-like`, `horowitz-45nm`, `ideal`), or a path to a chip file.
///
/// Throws  as read_chip; an unknown name lists the presets.
ChipDescription load_chip(const std::string& name_or_path,
                          std::span<const std::string> overrides = {});

std::vector<std::string> chip_preset_names();

/// Reads a chip description from text; `name` stands for the file in messages.
ChipDescription parse_chip(const std::string& yaml, const std::string& name,
                           std::span<const std::string> overrides = {});

/// Every parameter of a chip file: one line each with unit, range and meaning.
std::string chip_reference();

/// The chip as YAML with every override applied; reading it back gives an equal description.
std::string to_yaml(const ChipDescription& chip);

std::string_view to_string(AttentionRealisation realisation);
std::string_view to_string(Synchronisation synchronisation);

}  // namespace synfire
