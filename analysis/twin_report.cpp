// SPDX-License-Identifier: Apache-2.0
#include "analysis/twin_report.hpp"

#include <algorithm>

#include "analysis/layers.hpp"

namespace synfire {
namespace {

/// Of a twin: latencies and the times of each token.
class TwinProbe final : public Probe {
 public:
  TwinProbe(const Network& network, const Mapping& mapping) : latency_(network, mapping) {}
  void on_spikes(std::span<const SpikeRecord>) override {}
  void on_potentials(const PotentialRecord&) override {}
  void on_steps(std::span<const StepRecord> steps) override { latency_.on_steps(steps); }
  void on_token(const TokenRecord& token) override {
    latency_.on_token(token);
    tokens_.push_back({token.injected, token.finished});
  }
  const LatencyMeter& latency() const { return latency_; }
  const std::vector<TwinTokenTimes>& tokens() const { return tokens_; }

 private:
  LatencyMeter latency_;
  std::vector<TwinTokenTimes> tokens_;
};

}  // namespace

TwinReport run_twin(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                    const TwinOptions& options, std::span<const HostCall> calls) {
  TwinProbe probe(network, mapping);
  TwinSimulation simulation(network, chip, mapping, options, probe);
  simulation.run(calls);
  TwinReport report;
  report.kind = options.kind;
  report.activation_bits = activation_bits(options.kind, network.time_steps());
  report.totals = simulation.totals();
  report.energy = price(report.totals, network, mapping, chip);
  report.latency = probe.latency().report();
  report.traffic = traffic_by_layer(report.totals, network, mapping);
  report.tokens = probe.tokens();
  return report;
}

std::int64_t bit_hops(const ActionCounts& counts) {
  return counts[Action::link_bit] + counts[Action::board_link_bit];
}

std::vector<LayerTraffic> traffic_by_layer(const SimulationTotals& totals, const Network& network,
                                           const Mapping& mapping) {
  const std::vector<std::string> names = layers_of(network);
  std::vector<LayerTraffic> layers;
  for (std::size_t slice = 0; slice < totals.slices.size(); ++slice) {
    const std::string& name = names[index(mapping.slices[slice].population)];
    auto found = std::ranges::find(layers, name, &LayerTraffic::layer);
    if (found == layers.end()) found = layers.insert(layers.end(), {name, 0});
    found->bit_hops += bit_hops(totals.slices[slice]);
  }
  return layers;
}

}  // namespace synfire
