// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <benchmark/benchmark.h>

#include "topology/chip_simulation.hpp"

namespace synfire::bench {

/// What a simulation has done up to now; differences say what a benchmark measured.
struct Work {
  std::int64_t tokens = 0;
  std::int64_t events = 0;
  std::int64_t packets = 0;  ///< injected: spikes, payloads and control packets
  std::int64_t hops = 0;     ///< links between routers crossed by spikes and payloads
  std::int64_t spikes = 0;
  std::int64_t synaptic_operations = 0;
};

Work work_of(const SimulationTotals& totals, std::int64_t tokens);
Work operator+(const Work& a, const Work& b);
Work operator-(const Work& a, const Work& b);

/// Adds `*_per_s` for the work that the timed loop did, `*_per_token`, events per packet, and the
/// peak memory of the process (`peak_rss_MiB`).
void report_work(benchmark::State& state, const Work& work);

/// The most memory that the process has ever had, MiB; so a benchmark whose memory is of interest
/// runs in a process of its own.
double peak_memory();

}  // namespace synfire::bench
