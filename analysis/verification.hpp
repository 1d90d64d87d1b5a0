// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "analysis/activity_check.hpp"
#include "analysis/recording.hpp"
#include "models/model_file.hpp"

namespace synfire {

/// What the comparison of a recording with the integer reference found.
struct Verification {
  std::uint32_t tokens = 0;  ///< compared, finished ones
  std::uint64_t spikes = 0;
  std::uint64_t logits = 0;
  std::uint32_t choices = 0;  ///< tokens chosen by prompt, seed and temperature
  std::optional<Difference> difference;

  bool is_identical() const { return !difference.has_value(); }
};

/// Generates the recorded text again with the dense integer reference and compares every spike
/// (population, token, step, neuron), every logit and every chosen token; stops at the first
/// difference. Of an incomplete recording the finished tokens are compared.
///
/// Throws  ConfigError if the model is not the one that was run; IoError if the recording is
///         damaged.
Verification verify(const Recording& recording, const Model& model,
                    const std::function<void(std::uint32_t tokens)>& progress = {});

/// Spikes and logits of a recording, in the order of the comparison.
RecordedActivity read_activity(const Recording& recording);

}  // namespace synfire
