// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "topology/detail/reception.hpp"
#include "topology/graph.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {

/// Runs of neighbouring neurocores that get the same packets at the same time, all run long, and
/// are asked the same by each: their ejection links and input pipelines always do the same, so one
/// can stand for all. Slices of one population on one tile are such neurocores under tree
/// multicast.
///
/// Two neurocores are alike if they lie at one router, neither sends to itself, and every node of a
/// tree that has one of them as a child has both; packets leave a node for all its children
/// together. What one packet asks of both must be the same.
/// Returns  per neurocore: how many are alike from this one on; 0 if it is like the one before it.
std::vector<std::uint32_t> alike_cores(const RouterGraph& graph, const TrafficPlan& plan,
                                       const ReceptionTable& receptions,
                                       const std::vector<bool>& sends_to_itself);

}  // namespace synfire
