// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_faults.hpp"

#include <string>
#include <vector>

#include "analysis/detail/recording_layout.hpp"
#include "sim/error.hpp"

namespace synfire::detail {
namespace {

constexpr const char* link_from = "/synfire/faults/dead_links/from";
constexpr const char* link_to = "/synfire/faults/dead_links/to";
constexpr const char* link_name = "/synfire/faults/dead_links/name";
constexpr const char* dead_cores = "/synfire/faults/dead_cores";
constexpr const char* stuck_population = "/synfire/faults/stuck/population";
constexpr const char* stuck_neuron = "/synfire/faults/stuck/neuron";
constexpr const char* stuck_firing = "/synfire/faults/stuck/is_firing";
constexpr const char* flip_projection = "/synfire/faults/flipped_bits/projection";
constexpr const char* flip_bits = "/synfire/faults/flipped_bits/bits";

template <Hdf5Element T>
void write_column(Hdf5File& file, const std::string& dataset, const std::vector<T>& values) {
  write_with_units<T>(file, dataset, {values.size()}, values, "1");
}

void write_names(Hdf5File& file, const std::string& dataset,
                 const std::vector<std::string>& names) {
  file.write_strings(dataset, names);
  file.write_string_attribute(dataset, "units", "text");
}

void write_dead(Hdf5File& file, const InjectedFaults& faults) {
  std::vector<std::uint32_t> from, to, cores;
  std::vector<std::string> names;
  for (const InjectedFaults::DeadLink& link : faults.dead_links) {
    from.push_back(index(link.from));
    to.push_back(index(link.to));
    names.push_back(link.name);
  }
  for (const CoreId core : faults.dead_cores) cores.push_back(index(core));
  write_column(file, link_from, from);
  write_column(file, link_to, to);
  write_names(file, link_name, names);
  write_column(file, dead_cores, cores);
}

void write_stuck(Hdf5File& file, const InjectedFaults& faults) {
  std::vector<std::uint32_t> populations, neurons;
  std::vector<std::uint8_t> firing;
  for (const InjectedFaults::StuckNeuron& stuck : faults.stuck) {
    populations.push_back(index(stuck.population));
    neurons.push_back(stuck.neuron);
    firing.push_back(std::uint8_t{stuck.is_firing});
  }
  write_column(file, stuck_population, populations);
  write_column(file, stuck_neuron, neurons);
  write_column(file, stuck_firing, firing);
}

void write_flips(Hdf5File& file, const InjectedFaults& faults) {
  std::vector<std::string> projections;
  std::vector<std::int64_t> bits;
  for (const InjectedFaults::FlippedBits& flips : faults.flipped_bits) {
    projections.push_back(flips.projection);
    bits.push_back(flips.bits);
  }
  write_names(file, flip_projection, projections);
  write_column(file, flip_bits, bits);
}

[[noreturn]] void refuse(const Hdf5File& file, const std::string& fact) {
  throw IoError(file.path().string(), "/synfire/faults: " + fact + "; the file is damaged");
}

void require_equal(const Hdf5File& file, std::size_t first, std::size_t second) {
  if (first != second) refuse(file, "columns differ in length");
}

void read_stuck(const Hdf5File& file, std::span<const std::uint32_t> sizes,
                InjectedFaults& faults) {
  const auto populations = file.read<std::uint32_t>(stuck_population);
  const auto neurons = file.read<std::uint32_t>(stuck_neuron);
  const auto firing = file.read<std::uint8_t>(stuck_firing);
  require_equal(file, populations.size(), neurons.size());
  require_equal(file, populations.size(), firing.size());
  for (std::size_t i = 0; i < populations.size(); ++i) {
    if (populations[i] >= sizes.size() || neurons[i] >= sizes[populations[i]]) {
      refuse(file, "stuck neuron " + std::to_string(i) + " does not exist");
    }
    faults.stuck.push_back({PopulationId{populations[i]}, neurons[i], firing[i] != 0});
  }
}

}  // namespace

void write_faults(Hdf5File& file, const InjectedFaults& faults) {
  write_dead(file, faults);
  write_stuck(file, faults);
  write_flips(file, faults);
}

std::optional<InjectedFaults> read_faults(const Hdf5File& file,
                                          std::span<const std::uint32_t> sizes) {
  if (!file.contains(link_from)) return std::nullopt;
  InjectedFaults faults;
  const auto from = file.read<std::uint32_t>(link_from);
  const auto to = file.read<std::uint32_t>(link_to);
  const auto names = file.read_strings(link_name);
  require_equal(file, from.size(), to.size());
  require_equal(file, from.size(), names.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    faults.dead_links.push_back({RouterId{from[i]}, RouterId{to[i]}, names[i]});
  }
  for (const std::uint32_t core : file.read<std::uint32_t>(dead_cores)) {
    faults.dead_cores.push_back(CoreId{core});
  }
  read_stuck(file, sizes, faults);
  const auto projections = file.read_strings(flip_projection);
  const auto bits = file.read<std::int64_t>(flip_bits);
  require_equal(file, projections.size(), bits.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    faults.flipped_bits.push_back({projections[i], bits[i]});
  }
  return faults;
}

}  // namespace synfire::detail
