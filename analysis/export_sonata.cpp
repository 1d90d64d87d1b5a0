// SPDX-License-Identifier: Apache-2.0
#include "analysis/export_sonata.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "analysis/detail/recording_layout.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
namespace {

constexpr std::uint64_t rows_at_a_time = 1U << 20U;
constexpr double picoseconds_per_millisecond = 1e9;

void write_population(const Recording& recording, PopulationId population, Hdf5File& file) {
  const std::string group = detail::sonata_group(recording.populations()[index(population)].name);
  const std::uint64_t rows = recording.spike_count(population);
  file.create_dataset(group + "/timestamps", Hdf5Type::float64, std::vector{rows});
  file.create_dataset(group + "/node_ids", Hdf5Type::uint64, std::vector{rows});
  file.write_string_attribute(group + "/timestamps", "units", "ms");
  detail::write_sorting(file, group);
  for (std::uint64_t first = 0; first < rows; first += rows_at_a_time) {
    std::vector<double> timestamps;
    std::vector<std::uint64_t> node_ids;
    for (const SpikeRecord& spike :
         recording.spikes(population, first, std::min(rows_at_a_time, rows - first))) {
      timestamps.push_back(static_cast<double>(spike.time.time_since_epoch().count()) /
                           picoseconds_per_millisecond);
      node_ids.push_back(spike.neuron);
    }
    file.write_rows<double>(group + "/timestamps", first, timestamps);
    file.write_rows<std::uint64_t>(group + "/node_ids", first, node_ids);
  }
}

}  // namespace

void export_sonata(const Recording& recording, const std::filesystem::path& output) {
  PendingFile pending(output);
  {
    Hdf5File file = Hdf5File::create(pending.path());
    file.write_attribute<std::uint32_t>("/", "magic", detail::sonata_magic);
    file.write_attribute<std::uint32_t>("/", "version", std::span(detail::sonata_version));
    file.create_group("/spikes");
    for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
      if (!detail::sends_spikes(recording.populations()[i].model)) continue;
      write_population(recording, PopulationId{i}, file);
    }
    file.close();
  }
  pending.publish();
}

}  // namespace synfire
