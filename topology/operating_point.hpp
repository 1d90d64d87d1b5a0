// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "topology/chip.hpp"
#include "topology/graph.hpp"

namespace synfire {

/// The chip as it is at its operating point, whose frequencies and voltages are then nominal; a
/// chip at 100 % comes back unchanged.
///
/// Domains  neurocores with their attention units; the network: routers, links, the tree of the
///          barrier. The host interface is never scaled.
/// Scaling  latency ~ 1/f, rounded up to a picosecond; 0 stays 0. Bandwidth ~ f, rounded down, at
///          least 1 Mb/s; unlimited stays so. Energy of an action ~ V^2, to the nearest attojoule.
///          Static power ~ V at constant leakage current, to the nearest nanowatt; that of the chip
///          as a whole belongs to no domain and stays.
/// Frequency and voltage are independent here; which voltage a frequency needs is the user's to
/// say.
/// Source   classical CMOS scaling, P = C V^2 f and P = V I_leak: Rabaey, Chandrakasan and Nikolic
///          2003, "Digital Integrated Circuits", section 5.5.
ChipDescription at_operating_point(const ChipDescription& chip);

/// As above for links with latencies and bandwidths of their own (GraphML).
RouterGraph at_operating_point(const RouterGraph& graph, const OperatingPoint& point);

}  // namespace synfire
