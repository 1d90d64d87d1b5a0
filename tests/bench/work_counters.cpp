// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/work_counters.hpp"

#include <string>

#include <sys/resource.h>

namespace synfire::bench {
namespace {

void report(benchmark::State& state, const std::string& name, std::int64_t count,
            std::int64_t tokens) {
  if (count == 0) return;
  const auto value = static_cast<double>(count);
  state.counters[name + "_per_s"] = benchmark::Counter(value, benchmark::Counter::kIsRate);
  if (tokens != 0) state.counters[name + "_per_token"] = value / static_cast<double>(tokens);
}

}  // namespace

Work work_of(const SimulationTotals& totals, std::int64_t tokens) {
  Work work{.tokens = tokens,
            .events = totals.events,
            .packets = totals.packets_injected + totals.control_packets,
            .hops = totals.hops,
            .spikes = totals.spikes};
  for (const ActionCounts& slice : totals.slices) {
    work.synaptic_operations += slice[Action::synaptic_operation];
  }
  return work;
}

Work operator+(const Work& a, const Work& b) {
  return {.tokens = a.tokens + b.tokens,
          .events = a.events + b.events,
          .packets = a.packets + b.packets,
          .hops = a.hops + b.hops,
          .spikes = a.spikes + b.spikes,
          .synaptic_operations = a.synaptic_operations + b.synaptic_operations};
}

Work operator-(const Work& a, const Work& b) {
  return a + Work{-b.tokens, -b.events, -b.packets, -b.hops, -b.spikes, -b.synaptic_operations};
}

void report_work(benchmark::State& state, const Work& work) {
  report(state, "tokens", work.tokens, 0);
  report(state, "events", work.events, work.tokens);
  report(state, "packets", work.packets, work.tokens);
  report(state, "hops", work.hops, work.tokens);
  report(state, "spikes", work.spikes, work.tokens);
  report(state, "synaptic_operations", work.synaptic_operations, work.tokens);
  if (work.packets != 0) {
    state.counters["events_per_packet"] =
        static_cast<double>(work.events) / static_cast<double>(work.packets);
  }
  state.counters["peak_rss_MiB"] = peak_memory();
}

double peak_memory() {
  constexpr double kibibytes_per_mebibyte = 1024.0;
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / kibibytes_per_mebibyte;
}

}  // namespace synfire::bench
