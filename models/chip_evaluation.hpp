// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "models/evaluation.hpp"
#include "models/model_file.hpp"
#include "models/tokenizer.hpp"
#include "topology/chip_simulation.hpp"

namespace synfire {

/// The chip that a model is scored on.
struct ScoredChip {
  const Network& network;  ///< the model's, or that with flipped bits (with_bit_flips)
  const ChipDescription& description;
  const Mapping& mapping;
};

struct ChipEvaluationOptions {
  QueueKind queue = QueueKind::radix_heap;
  std::uint32_t threads = 1;
  std::function<void(std::size_t done, std::size_t tokens)> progress;  ///< may be empty
};

/// A score, and what the chip did for it.
struct ChipEvaluation {
  Evaluation evaluation;
  SimulationTotals totals;
};

/// Scores what a simulated chip computes, faults included: the windows of `evaluate` one after
/// another on one chip, the tokens of each pushed at once. Without faults the score is that of
/// `evaluate`, to the last bit.
///
/// Cost    some milliseconds of wall time for each token of each window, with the shipped model.
/// Throws  as evaluate and ChipSimulation.
ChipEvaluation evaluate_on_chip(const Model& model, const ScoredChip& chip,
                                std::span<const Token> text,
                                const ChipEvaluationOptions& options = {});

}  // namespace synfire
