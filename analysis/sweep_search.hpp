// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/sweep_sampling.hpp"
#include "analysis/sweep_table.hpp"

namespace synfire {

/// Points of the next round, bred from the Pareto front of `rows`: a plain evolutionary search
/// (uniform crossover and mutation; selection is the front alone, as in Deb et al. 2002's NSGA-II
/// without its ranking and crowding).
///
/// A child takes each value from one of two points of the front; then one value or more moves: in a
/// list to a neighbour, in a range by a share that halves with every round. No point is made that
/// there is already, or that breaks a constraint; fewer than asked for if no others are found.
/// Depends on the definition, the round (from 1) and the rows alone, so a sweep can be resumed.
std::vector<SweepPoint> next_points(const SweepDefinition& definition, const ChipDescription& chip,
                                    const SweepHeader& header, const std::vector<SweepRow>& rows,
                                    std::uint32_t round);

}  // namespace synfire
