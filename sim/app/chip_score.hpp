// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/model_file.hpp"
#include "models/tokenizer.hpp"

namespace synfire::app {

/// Characters that are scored on a chip unless more are asked for: a matter of half a minute.
inline constexpr std::int64_t usual_chip_characters = 1024;

struct ChipScoreOptions {
  std::string chip;
  std::vector<std::string> overrides;
  unsigned threads = 1;
  bool quiet = false;
};

/// What `evaluate --chip` prints.
struct ChipScoreReport {
  std::string text;
  std::string json;
};

/// Scores a model on a text as a simulated chip computes it, faults included.
///
/// Throws  ConfigError, IoError, MappingError for a chip that cannot be used; RunFailure if the run
///         breaks after that.
ChipScoreReport score_on_chip(const Model& model, std::span<const Token> text,
                              const ChipScoreOptions& options);

}  // namespace synfire::app
