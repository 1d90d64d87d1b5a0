// SPDX-License-Identifier: Apache-2.0
#include "topology/replay_rows.hpp"

#include <algorithm>
#include <utility>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// The same neurons' potentials, as they were where values were computed.
std::span<const std::int32_t> true_potentials(
    const PotentialRecord& record, const ReplayedValues& values,
    std::span<const SimulationOptions::PotentialRequest> requests) {
  const auto request = std::ranges::find_if(requests, [&](const auto& each) {
    return each.population == record.population && each.begin <= record.first_neuron &&
           record.first_neuron < each.end;
  });
  SYNFIRE_ASSERT(request != requests.end(), "potentials that nobody asked for");
  const auto& potentials = values.of(record.token).potentials;
  const std::size_t steps = potentials.size() / requests.size();
  const auto place = static_cast<std::size_t>(request - requests.begin()) * steps + record.step;
  return std::span(potentials[place])
      .subspan(record.first_neuron - request->begin, record.potentials.size());
}

}  // namespace

void ReplayRows::on_spikes(std::span<const SpikeRecord> spikes) {
  spikes_.insert(spikes_.end(), spikes.begin(), spikes.end());
}

void ReplayRows::on_steps(std::span<const StepRecord> steps) {
  steps_.insert(steps_.end(), steps.begin(), steps.end());
}

void ReplayRows::on_potentials(const PotentialRecord& potentials) {
  potentials_.push_back(potentials);
}

void ReplayRows::on_token(const TokenRecord& token) {
  tokens_.push_back(token);
}

void ReplayRows::on_packets(std::span<const PacketRecord> packets) {
  packets_.insert(packets_.end(), packets.begin(), packets.end());
}

void ReplayRows::hand_on(Duration later, const ReplayedValues& values,
                         std::span<const SimulationOptions::PotentialRequest> requests,
                         Probe& probe) {
  for (PotentialRecord& record : potentials_) {
    record.time += later;
    record.potentials = true_potentials(record, values, requests);
    probe.on_potentials(record);
  }
  for (SpikeRecord& spike : spikes_) spike.time += later;
  if (!spikes_.empty()) probe.on_spikes(spikes_);
  for (StepRecord& step : steps_) {
    step.started += later;
    step.ended += later;
  }
  if (!steps_.empty()) probe.on_steps(steps_);
  for (PacketRecord& packet : packets_) {
    packet.sent += later;
    packet.arrived += later;
  }
  if (!packets_.empty()) probe.on_packets(packets_);
  spikes_.clear();
  steps_.clear();
  packets_.clear();
  potentials_.clear();
  for (const TokenRecord& token : std::exchange(tokens_, {})) {
    probe.on_token({token.token, token.injected + later, token.finished + later,
                    values.of(token.token).logits});
  }
}

}  // namespace synfire
