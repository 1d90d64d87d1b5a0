// SPDX-License-Identifier: Apache-2.0
#include "analysis/sweep_metrics.hpp"

#include <algorithm>
#include <array>

#include "analysis/summary.hpp"

namespace synfire {
namespace {

constexpr auto metrics = std::to_array<SweepMetric>({
    {"energy_per_token", "J", false, "Energy of the chip account, static included, by tokens."},
    {"latency_per_token", "s", false, "Simulated time by tokens."},
    {"energy_delay_product", "J s", false, "energy_per_token x latency_per_token."},
    {"area_proxy", "bit", false,
     "Bits of memory of all neurocores, and 1 Mibit for the logic of each neurocore and router."},
    {"utilisation", "1", true,
     "Share of the time that the slowest stage of a neurocore works, mean over the chip's."},
    {"latency_mean", "s", false, "From injection to logits of a token, mean over the tokens."},
    {"energy_neurocore", "J", false, "Dynamic energy of the neurocores by tokens."},
    {"energy_attention_unit", "J", false, "Dynamic energy of the attention units by tokens."},
    {"energy_network", "J", false, "Dynamic energy of routers and links by tokens."},
    {"energy_host", "J", false, "Dynamic energy of the host interface by tokens."},
    {"energy_static", "J", false, "Static power x simulated time by tokens."},
    {"neurocores", "1", false, "Neurocores that hold neurons."},
    {"packets_per_token", "1", false, "Spike and graded packets put into the network by tokens."},
    {"hops_per_token", "1", false, "Links between routers that these crossed by tokens."},
    {"busiest_link", "1", false, "Share of the time that the busiest link serves packets."},
});
static_assert(component_kinds == 4, "a metric for each component");

/// Assumed: about half of Loihi 1's 2 Mibit of memory a neurocore (Davies et al., IEEE Micro 38(1),
/// 2018), whose logic is taken to need as much room as that; no published split is at hand.
constexpr double bits_of_logic = 1024.0 * 1024.0;

double utilisation(const SimulationTotals& totals) {
  const double time = seconds(totals.now.time_since_epoch());
  if (time == 0 || totals.core_use.size() < 2) return 0;
  double busy = 0;
  for (const NeurocoreUse& use : std::span(totals.core_use).first(totals.core_use.size() - 1)) {
    busy += seconds(std::max({use.input_busy, use.update_busy, use.output_busy}));
  }
  return busy / time / static_cast<double>(totals.core_use.size() - 1);
}

double busiest_link(const SimulationTotals& totals) {
  Duration busy{};
  for (const LinkUse& use : totals.link_use) busy = std::max(busy, use.busy);
  const double time = seconds(totals.now.time_since_epoch());
  return time == 0 ? 0 : seconds(busy) / time;
}

}  // namespace

std::span<const SweepMetric> sweep_metrics() {
  return metrics;
}

double area_proxy(const ChipDescription& chip, const RouterGraph& graph) {
  const NeurocoreDescription& core = chip.neurocore;
  const double memory =
      static_cast<double>(core.synapse_memory_bits) +
      static_cast<double>(chip.attention.memory_bits) +
      static_cast<double>(core.neurons) * static_cast<double>(chip.format.accumulator_bits);
  return static_cast<double>(graph.core_count()) * (memory + bits_of_logic) +
         static_cast<double>(graph.router_count()) * bits_of_logic;
}

std::vector<double> measure(const SweepMeasurement& measurement) {
  const double tokens = std::max(measurement.latency.tokens, 1U);
  const SimulationTotals& totals = measurement.totals;
  const EnergyReport& energy = measurement.energy;
  const double energy_per_token = energy.total().in_joules() / tokens;
  const double latency_per_token = seconds(measurement.latency.span) / tokens;
  std::vector<double> values{energy_per_token,
                             latency_per_token,
                             energy_per_token * latency_per_token,
                             area_proxy(measurement.chip, measurement.graph),
                             utilisation(totals),
                             seconds(measurement.latency.mean)};
  for (const Energy component : energy.by_component) {
    values.push_back(component.in_joules() / tokens);
  }
  values.push_back(energy.leakage.total().in_joules() / tokens);
  values.push_back(measurement.neurocores);
  values.push_back(static_cast<double>(totals.packets_injected) / tokens);
  values.push_back(static_cast<double>(totals.hops) / tokens);
  values.push_back(busiest_link(totals));
  return values;
}

}  // namespace synfire
