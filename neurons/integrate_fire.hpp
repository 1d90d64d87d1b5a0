// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/firing_parameters.hpp"

namespace synfire {

/// One time step of integrate-and-fire neurons without leak.
///
/// Dynamics  V := V + current + bias; fires if V >= threshold (V > threshold if not
///           fires_at_threshold); V = 0 after a spike. Below 0 nothing holds V, so bounds.hpp
///           counts the steps between two resets.
/// Units     membrane, current, bias, threshold: weight units.
/// Shapes    membrane, current: one per neuron; ids of neurons that fired are appended to `fired`,
///           ascending, counted from `first`.
/// Source    Plank et al. 2022, "The Case for RISP", arXiv 2206.14016, without leak. Differs: no
///           least potential.
void update_integrate_fire(const FiringParameters& parameters,
                           std::span<const std::int32_t> current, std::uint32_t first,
                           std::span<std::int32_t> membrane, std::vector<std::uint32_t>& fired);

}  // namespace synfire
