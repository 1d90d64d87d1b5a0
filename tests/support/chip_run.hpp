// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/model_file.hpp"
#include "models/tokenizer.hpp"
#include "neurons/network_reference.hpp"
#include "tests/support/activity_probe.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire::test {

/// What the dense reference says about a sequence of tokens.
struct ReferenceRun {
  std::vector<SpikeKey> spikes;  ///< sorted
  std::vector<std::vector<std::int32_t>> logits;
};

/// All spikes of the reference's last token, which is `token`.
void append_spikes(const NetworkReference& reference, const Network& network, std::uint32_t token,
                   std::vector<SpikeKey>& spikes);

ReferenceRun run_reference(const Model& model, std::span<const Token> tokens);

/// What a chip did with the same tokens.
struct ChipRun {
  ActivityProbe probe;
  SimulationTotals totals;
  std::vector<std::vector<std::int32_t>> logits;
};

/// The first half of the tokens is pushed at once (a prompt), the rest one by one (generation).
ChipRun run_chip(const Model& model, const ChipDescription& chip, const Mapping& mapping,
                 std::span<const Token> tokens, SimulationOptions options);

}  // namespace synfire::test
