// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// Largest magnitudes that can occur, proven from weights alone for any input.
struct PopulationBound {
  std::int64_t current = 0;  ///< |sum of synaptic input + bias| of any neuron and step
  std::int64_t state = 0;    ///< |membrane potential|, |accumulator| or attention state S, y
  std::int64_t output = 0;   ///< |payload| or |logit|; 1 for spikes
};

/// Bits of a two's complement integer that holds -bound .. bound.
std::int64_t signed_width(std::int64_t bound);

/// One bound per population, for runs of at most `context` tokens (or presentations of a stimulus)
/// between two resets: attention grows with them, and so does a membrane without leak that tokens
/// do not reset.
///
/// Throws  ConfigError naming the population if a bound passes int32: such a network could
///         overflow, so it is refused everywhere.
std::vector<PopulationBound> prove_bounds(const Network& network, std::uint32_t context);

}  // namespace synfire
