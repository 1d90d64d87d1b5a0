// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "neurons/network.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

inline constexpr std::uint32_t sonata_magic = 0x0A7A;
inline constexpr std::array<std::uint32_t, 2> sonata_version{0, 1};
inline constexpr const char* recording_format = "synfire-recording";
inline constexpr std::uint32_t recording_version = 2;

/// Groups that are written before the first row and copied as they are.
inline constexpr std::array<const char*, 7> described_groups{
    "/synfire/network",    "/synfire/chip",   "/synfire/model", "/synfire/run",
    "/synfire/provenance", "/synfire/counts", "/synfire/faults"};

/// Group of a part: names of its tables, and how many rows of each are safe.
inline constexpr const char* recovery_group = "/synfire/recovery";
inline constexpr const char* recovery_tables = "/synfire/recovery/tables";
inline constexpr const char* recovery_rows = "/synfire/recovery/rows";

inline constexpr const char* packet_group = "/synfire/packets";
inline constexpr const char* layer_action_group = "/synfire/layer_actions";
/// Rows of its matrix are [layers][actions] of these.
inline constexpr const char* layer_names = "/synfire/counts/layer_names";

inline std::string sonata_group(std::string_view population) {
  return "/spikes/" + std::string(population);
}
inline std::string spike_group(std::string_view population) {
  return "/synfire/spikes/" + std::string(population);
}
inline std::string potential_group(std::string_view population) {
  return "/synfire/potentials/" + std::string(population);
}

/// Populations whose spikes are recorded.
inline bool sends_spikes(NeuronModel model) {
  return !is_graded(model) && model != NeuronModel::readout;
}

/// Writes a dataset with its unit.
template <Hdf5Element T>
void write_with_units(Hdf5File& file, const std::string& dataset,
                      const std::vector<std::uint64_t>& extents, std::span<const T> values,
                      const std::string& units) {
  file.write<T>(dataset, extents, values);
  file.write_string_attribute(dataset, "units", units);
}

/// Root and /synfire attributes by which readers know the file.
void write_signature(Hdf5File& file, bool is_complete);

/// SONATA's `sorting` of a spike group: an enumeration, always by_time.
void write_sorting(Hdf5File& file, const std::string& group);

}  // namespace synfire::detail
