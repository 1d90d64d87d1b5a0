// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "analysis/sweep_definition.hpp"
#include "topology/chip.hpp"

namespace synfire {

/// A value for each axis of a sweep.
using SweepPoint = std::vector<std::int64_t>;

/// The first points of a sweep, all of which keep its constraints; the same for the same definition
/// and chip.
///
/// grid             combinations in order of the file, the last axis fastest, without those that
///                  break a constraint
/// random, sobol    goes on until there are `points`
/// latin_hypercube  `points`, less those that break a constraint
/// Throws  ConfigError `constraints` if hardly anything is left by them.
std::vector<SweepPoint> first_points(const SweepDefinition& definition,
                                     const ChipDescription& chip);

/// Whether the chip with the point's values keeps all constraints.
bool keeps_constraints(const SweepDefinition& definition, const ChipDescription& chip,
                       const SweepPoint& point);

}  // namespace synfire
