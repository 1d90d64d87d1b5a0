// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "sim/records.hpp"

namespace synfire::test {

/// Keeps everything a simulation reports.
class ActivityProbe : public Probe {
 public:
  struct Token {
    std::uint32_t token;
    TimePoint injected, finished;
    std::vector<std::int32_t> logits;
  };
  void on_spikes(std::span<const SpikeRecord> records) override {
    spikes.insert(spikes.end(), records.begin(), records.end());
  }
  void on_steps(std::span<const StepRecord> records) override {
    steps.insert(steps.end(), records.begin(), records.end());
  }
  void on_packets(std::span<const PacketRecord> records) override {
    packets.insert(packets.end(), records.begin(), records.end());
  }
  void on_potentials(const PotentialRecord& record) override {
    for (std::size_t i = 0; i < record.potentials.size(); ++i) {
      potentials[{record.population, record.token, record.step,
                  record.first_neuron + static_cast<std::uint32_t>(i)}] = record.potentials[i];
    }
  }
  void on_token(const TokenRecord& record) override {
    tokens.push_back({record.token,
                      record.injected,
                      record.finished,
                      {record.logits.begin(), record.logits.end()}});
  }

  std::vector<SpikeRecord> spikes;
  std::vector<StepRecord> steps;
  std::vector<PacketRecord> packets;
  std::map<std::tuple<PopulationId, std::uint32_t, std::uint16_t, std::uint32_t>, std::int32_t>
      potentials;
  std::vector<Token> tokens;
};

/// Who fired when in algorithmic time: (token, step, population, neuron), sorted.
using SpikeKey = std::tuple<std::uint32_t, std::uint16_t, std::uint32_t, std::uint32_t>;
std::vector<SpikeKey> sorted_keys(std::span<const SpikeRecord> spikes);

}  // namespace synfire::test
