// SPDX-License-Identifier: Apache-2.0
#include "topology/replica.hpp"

#include <string>
#include <utility>

#include "sim/error.hpp"

namespace synfire {
namespace {

SimulationOptions on_one_thread(SimulationOptions options, const SpikeTable& spikes) {
  options.threads = 1;
  options.replay = &spikes;
  return options;
}

/// Two tables that change places for as long as this lives.
class Lent {
 public:
  Lent(SpikeTable& mine, SpikeTable& yours) : mine_(mine), yours_(yours) { swap(); }
  ~Lent() { swap(); }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;

 private:
  void swap() { std::swap(mine_, yours_); }
  SpikeTable& mine_;
  SpikeTable& yours_;
};

}  // namespace

Replica::Replica(const Network& network, const ChipDescription& chip, const Mapping& mapping,
                 SimulationOptions options)
    : spikes_(network),
      simulation_(network, chip, mapping, on_one_thread(std::move(options), spikes_), *this) {}

void Replica::run(ReplayedTokens& tokens, const std::function<void(std::size_t)>& before_push) {
  const std::int64_t spikes_before = simulation_.totals().spikes;
  const std::int64_t spikes_due = tokens.spikes.size();
  const Lent lent(spikes_, tokens.spikes);
  const auto& values = tokens.values;
  for (std::size_t i = 0; i < values.tokens.size(); ++i) {
    before_push(i);
    simulation_.push_token(values.tokens[i].input_spikes);
  }
  const auto count = static_cast<std::uint32_t>(values.tokens.size());
  simulation_.run_until_readout(values.first_token + count - 1);
  const std::int64_t fired = simulation_.totals().spikes - spikes_before;
  if (fired == spikes_due) return;
  throw Error("replay: " + std::to_string(fired) + " neurons fire where values say " +
              std::to_string(spikes_due) + "; please report this, and use --parallel cores");
}

void Replica::on_spikes(std::span<const SpikeRecord> spikes) {
  rows_.on_spikes(spikes);
  report();
}

void Replica::on_steps(std::span<const StepRecord> steps) {
  rows_.on_steps(steps);
  report();
}

void Replica::on_potentials(const PotentialRecord& potentials) {
  rows_.on_potentials(potentials);
  report();
}

void Replica::on_packets(std::span<const PacketRecord> packets) {
  rows_.on_packets(packets);
  report();
}

void Replica::on_token(const TokenRecord& token) {
  rows_.on_token(token);
  report();
}

}  // namespace synfire
