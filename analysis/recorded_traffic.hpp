// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/recording.hpp"
#include "neurons/network.hpp"
#include "topology/neuron_traffic.hpp"

namespace synfire {

/// What every neuron sent in a recorded run, for placements of the same network.
///
/// The two may differ in partial sums (split_fan_in), hence in the chip.
/// Throws  IoError if the recording is of other populations, of no token, or of a run that was
///         killed before it wrote its counters.
NeuronTraffic recorded_traffic(const Recording& recording, const Network& network);

}  // namespace synfire
