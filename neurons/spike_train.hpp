// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// Who of a population fires when, given from outside: columns of equal length, ascending by
/// (time step, neuron), no pair twice.
struct SpikeTrain {
  std::vector<std::uint32_t> steps;
  std::vector<std::uint32_t> neurons;

  /// Neurons that fire in `step`, ascending.
  std::span<const std::uint32_t> at(std::uint32_t step) const;
  /// Steps [first, first + count), counted from `first` on.
  SpikeTrain part(std::uint32_t first, std::uint32_t count) const;
};

/// Throws  ConfigError `place` unless all spikes ascend and are of `size` neurons and `duration`
///         steps.
void check_spike_train(const SpikeTrain& train, std::uint32_t size, std::uint32_t duration,
                       const std::string& place);

/// The same for one presentation to a network: a train for each of Network::inputs, of
/// Network::time_steps steps. Throws  ConfigError `stimulus`, or `stimulus.NAME`.
void check_presentation(const Network& network, std::span<const SpikeTrain> inputs);

}  // namespace synfire
