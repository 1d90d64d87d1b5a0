// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "sim/hdf5_file.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::detail {

/// A whole-run counter and its dataset in /synfire/run.
struct RecordedCounter {
  const char* name;
  std::int64_t SimulationTotals::*member;
};

inline constexpr std::array<RecordedCounter, 9> recorded_counters{
    {{"events", &SimulationTotals::events},
     {"spikes", &SimulationTotals::spikes},
     {"packets_injected", &SimulationTotals::packets_injected},
     {"packets_delivered", &SimulationTotals::packets_delivered},
     {"packets_in_flight", &SimulationTotals::packets_in_flight},
     {"control_packets", &SimulationTotals::control_packets},
     {"hops", &SimulationTotals::hops},
     {"max_queue_depth", &SimulationTotals::max_queue_depth},
     {"barriers", &SimulationTotals::barriers}}};

/// Writes totals to /synfire/run and /synfire/counts, which exist.
void write_totals(Hdf5File& file, const SimulationTotals& totals);

/// Reads them back; `populations` and `slices` are how many there must be.
/// Throws  IoError if they are missing or inconsistent.
SimulationTotals read_totals(const Hdf5File& file, std::span<const std::string> populations,
                             std::uint64_t slices);

}  // namespace synfire::detail
