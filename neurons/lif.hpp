// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/firing_parameters.hpp"

namespace synfire {

/// One time step of leaky integrate-and-fire neurons with tau = 2 and decayed input.
///
/// Dynamics  H = (V + current + bias) >> 1; fires if H >= threshold (H > threshold if not
///           fires_at_threshold); V = 0 after a spike, else H. `>>` rounds down, and since floors
///           nest, spikes equal those of real arithmetic on the same integers.
/// Units     membrane, current, bias, threshold: weight units.
/// Shapes    membrane, current: one per neuron; ids of neurons that fired are appended to `fired`,
///           ascending, counted from `first`.
/// Source    Beger et al. 2026 (SpikeDecoder), arXiv 2606.12287; SpikingJelly MultiStepLIFNode
///           (tau = 2, decay_input, hard reset). Differs: integers instead of floats.
void update_lif(const FiringParameters& parameters, std::span<const std::int32_t> current,
                std::uint32_t first, std::span<std::int32_t> membrane,
                std::vector<std::uint32_t>& fired);

}  // namespace synfire
