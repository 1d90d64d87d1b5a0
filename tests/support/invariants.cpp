// SPDX-License-Identifier: Apache-2.0
#include "tests/support/invariants.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/recorded_run.hpp"

namespace synfire::test {

void check_conservation(const SimulationTotals& totals, const ChipDescription& chip) {
  CHECK(totals.deliveries_due == totals.packets_delivered + totals.lost.total());
  CHECK(totals.packets_in_flight == 0);
  CHECK(totals.arrivals == totals.deliveries_due - totals.lost.dead_link);
  if (chip.multicast == Multicast::unicast) {
    CHECK(totals.packets_injected == totals.deliveries_due);
  } else {
    CHECK(totals.packets_injected <= totals.deliveries_due);
  }
  ActionCounts by_slice, by_link;
  for (const ActionCounts& counts : totals.slices) by_slice += counts;
  for (const ActionCounts& counts : totals.links) by_link += counts;
  for (const Action action :
       {Action::local_link, Action::hop_horizontal, Action::hop_vertical, Action::hop_board,
        Action::link_bit, Action::board_link_bit, Action::control_hop}) {
    INFO(to_string(action));
    CHECK(by_slice[action] == by_link[action]);
  }
  CHECK(totals.hops == by_link[Action::hop_horizontal] + by_link[Action::hop_vertical] +
                           by_link[Action::hop_board]);
  CHECK((by_slice[Action::barrier_message] > 0) ==
        (chip.synchronisation.kind == Synchronisation::barrier));
}

void check_causality(const ChipRun& run) {
  const SimulationTotals& totals = run.totals;
  const Duration time = totals.now.time_since_epoch();
  CHECK(totals.least_waiting >= Duration{0});
  for (const LinkUse& use : totals.link_use) CHECK(use.busy <= time);
  for (const NeurocoreUse& use : totals.core_use) {
    CHECK(use.input_busy <= time);
    CHECK(use.update_busy <= time);
    CHECK(use.output_busy <= time);
    CHECK(use.stalled <= time);
    CHECK(use.waiting >= Duration{0});
    CHECK(use.max_queue_depth <= totals.max_queue_depth);
  }
  CHECK(std::ranges::is_sorted(run.probe.spikes, {}, &SpikeRecord::time));
  for (const auto& token : run.probe.tokens) CHECK(token.injected <= token.finished);
}

void check_equal_timing(const ChipRun& full, const ChipRun& replay) {
  const SimulationTotals &a = full.totals, &b = replay.totals;
  CHECK(a.now == b.now);
  CHECK(a.events == b.events);
  CHECK(a.waiting == b.waiting);
  CHECK(a.slices == b.slices);  // so the energy is equal, to the attojoule
  CHECK(a.links == b.links);
  CHECK((a.link_use == b.link_use));
  CHECK((a.core_use == b.core_use));
  CHECK(a.spikes_per_neuron == b.spikes_per_neuron);
  CHECK((a == b));
  CHECK(equal(full.probe.spikes, replay.probe.spikes));
  CHECK(equal(full.probe.steps, replay.probe.steps));
  CHECK(std::ranges::equal(full.probe.tokens, replay.probe.tokens, [](auto& x, auto& y) {
    return x.token == y.token && x.injected == y.injected && x.finished == y.finished;
  }));
}

}  // namespace synfire::test
