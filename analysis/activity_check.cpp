// SPDX-License-Identifier: Apache-2.0
#include "analysis/activity_check.hpp"

#include <algorithm>

#include "sim/error.hpp"

namespace synfire {

CheckingRunner::CheckingRunner(const Network& network, std::uint32_t context,
                               const RecordedActivity& recorded)
    : network_(network),
      recorded_(recorded),
      reference_(network, context),
      next_(network.populations().size(), 0) {}

void CheckingRunner::throw_spike(const char* kind, std::uint32_t population,
                                 const SpikeAddress& address) const {
  const std::string& name = network_.populations()[population].name;
  throw Differs{{.what = std::string(kind) + " spike: population " + name + ", token " +
                         std::to_string(address.token) + ", step " + std::to_string(address.step) +
                         ", neuron " + std::to_string(address.neuron),
                 .population = name,
                 .token = address.token,
                 .step = address.step,
                 .neuron = address.neuron}};
}

void CheckingRunner::check_spikes(std::uint32_t population, std::uint16_t step) {
  const std::vector<SpikeAddress>& recorded = recorded_.spikes[population];
  std::size_t& next = next_[population];
  const auto expect = [&](const SpikeAddress& expected) {
    if (next == recorded.size() || recorded[next] > expected) {
      throw_spike("missing", population, expected);
    }
    if (recorded[next] < expected) throw_spike("extra", population, recorded[next]);
    ++next;
  };
  const auto fired = reference_.spikes(PopulationId{population}, step);
  for (const std::uint32_t neuron : fired) expect({token_, step, neuron});
  const SpikeAddress next_step{token_, static_cast<std::uint16_t>(step + 1), 0};
  if (next < recorded.size() && recorded[next] < next_step) {
    throw_spike("extra", population, recorded[next]);
  }
  spikes_ += fired.size();
}

void CheckingRunner::check_logits(std::span<const std::int32_t> logits) {
  const std::size_t begin = token_ * logits.size();
  for (std::size_t i = 0; i < logits.size(); ++i) {
    const std::int32_t recorded = recorded_.logits[begin + i];
    if (recorded == logits[i]) continue;
    const auto neuron = static_cast<std::uint32_t>(i);
    const std::string& name = network_.population(*network_.readout()).name;
    throw Differs{{.what = "logit: population " + name + ", token " + std::to_string(token_) +
                           ", neuron " + std::to_string(i) + " is " + std::to_string(recorded) +
                           ", not " + std::to_string(logits[i]),
                   .population = name,
                   .token = token_,
                   .step = network_.time_steps() - 1,
                   .neuron = neuron}};
  }
  logits_ += logits.size();
}

/// Runs the reference through the next token or presentation, which gives its logits.
template <typename RunReference>
void CheckingRunner::check(RunReference run_reference) {
  if (token_ == recorded_.tokens) throw EndOfRecording{};
  const std::span<const std::int32_t> logits = run_reference();
  for (const PopulationId population : network_.evaluation_order()) {
    for (std::uint32_t step = 0; step < network_.time_steps(); ++step) {
      check_spikes(index(population), static_cast<std::uint16_t>(step));
    }
  }
  check_logits(logits);
  last_logits_.assign(logits.begin(), logits.end());
  ++token_;
}

void CheckingRunner::push_token(std::span<const std::uint32_t> input_spikes) {
  check([&] { return reference_.run_token(input_spikes); });
}

void CheckingRunner::push_presentation(std::span<const SpikeTrain> inputs) {
  check([&] { return reference_.run_presentation(inputs); });
}

std::span<const std::int32_t> CheckingRunner::run_until_readout(std::uint32_t token) {
  SYNFIRE_ASSERT(token + 1 == token_, "asks for the logits of a token that is not the last");
  static_cast<void>(token);
  return last_logits_;
}

void CheckingRunner::check_end() const {
  for (std::uint32_t population = 0; population < next_.size(); ++population) {
    if (next_[population] < recorded_.spikes[population].size()) {
      throw_spike("extra", population, recorded_.spikes[population][next_[population]]);
    }
  }
}

}  // namespace synfire
