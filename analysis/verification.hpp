// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "analysis/activity_check.hpp"
#include "analysis/recording.hpp"
#include "models/generation.hpp"
#include "models/model_file.hpp"

namespace synfire {

/// What the comparison of a recording with the integer reference found.
struct Verification {
  std::uint32_t tokens = 0;  ///< compared, finished ones
  std::uint64_t spikes = 0;
  std::uint64_t logits = 0;
  std::uint32_t choices = 0;  ///< tokens chosen by prompt, seed and temperature
  std::optional<Difference> difference;
  std::string faults;  ///< that the run had, as fault_sentence says them; empty: none

  bool is_identical() const { return !difference.has_value(); }
  /// Identical by computation, not by luck: a run with faults never passes.
  bool has_passed() const { return is_identical() && faults.empty(); }
};

/// Generates the recorded text again with the dense integer reference, or runs it on the model's
/// stimulus, and compares every spike (population, token, step, neuron), every logit and every
/// chosen token; stops at the first difference. A presentation of a stimulus counts as a token. Of
/// an incomplete recording the finished tokens are compared. The reference has no faults, whatever
/// the run had.
///
/// Throws  ConfigError if the model is not the one that was run; IoError if the recording is
///         damaged.
Verification verify(const Recording& recording, const Model& model,
                    const std::function<void(std::uint32_t tokens)>& progress = {});

/// Throws ConfigError if the model is not the one that was run; IoError if populations or logits of
/// the recording are not such a model's.
void check_model(const Recording& recording, const Model& model);

/// How the recorded text was generated. Throws IoError if the run was not about text.
GenerationOptions recorded_generation(const Recording& recording);

/// The faults of the recorded run in one sentence, with what they hit and lost; empty if it had
/// none.
std::string recorded_faults(const Recording& recording);

/// Spikes and logits of a recording, in the order of the comparison.
RecordedActivity read_activity(const Recording& recording);

}  // namespace synfire
