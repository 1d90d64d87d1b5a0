// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/model_file.hpp"
#include "tests/support/chip_run.hpp"

namespace synfire::test {

/// A small random network that is run on a random stimulus: one to three inputs, leaky and
/// non-leaky neurons with and without initial potentials and resets, recurrent projections
/// (populations to themselves among them), delays of 0 to 3 steps, several delays between the same
/// two populations, payloads, weights by time step, and every second time a readout.
///
/// One to three presentations of one to six time steps.
Model random_network(std::uint64_t seed);

/// What the dense reference says about all presentations of the model's stimulus.
ReferenceRun run_reference(const Model& model);

/// What a chip did with them; the first half of them is pushed at once.
ChipRun run_chip(const Model& model, const ChipDescription& chip, const Mapping& mapping,
                 SimulationOptions options);

}  // namespace synfire::test
