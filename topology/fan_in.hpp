// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "neurons/network.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// The network as it runs on neurocores that are too small for the inputs of one neuron.
///
/// A population of which not even one neuron fits a neurocore (`axons_in`, `synapse_memory`) gets
/// its dense projections through partial sums: the sources are cut into the fewest ranges that fit,
/// as even as can be, and each range drives a population `NAME.partialK` of residual accumulators
/// (bias 0, shift 0), which sends its sums one-to-one to the `current` of the population. That
/// keeps its bias, threshold and dynamics, hence spikes and logits: integer addition is
/// associative.
///
/// New populations come after those of `network`, whose ids stay as they are. Weights are shared
/// with it, not copied. A network that fits is returned as it is. Heads of attention have no dense
/// inputs and are never cut.
/// Depends on   shapes and capacities alone, never on weights.
/// Throws       MappingError naming the population, with both numbers: `axons_in` if there would be
///              more parts than one neuron can take, `synapse_memory` if one synapse is too large.
Network split_fan_in(const Network& network, const ChipDescription& chip);

}  // namespace synfire
