// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace synfire {

/// Costs of one candidate; less is better, one for each objective.
using Costs = std::vector<double>;

/// Whether each candidate is on the Pareto front: no other is at least as good in every objective
/// and better in one. Of equal ones all are. Costs that are not numbers are never on it.
///
/// Cost  n log n + n x size of the front.
std::vector<bool> on_pareto_front(std::span<const Costs> candidates);

}  // namespace synfire
