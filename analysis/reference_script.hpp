// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "analysis/run_script.hpp"
#include "models/generation.hpp"
#include "models/model_file.hpp"
#include "models/tokenizer.hpp"

namespace synfire {

/// What a run of the model on any chip without faults would note (invariant I1), from the dense
/// integer reference: a text that goes on from `prompt`, or the model's stimulus.
///
/// Throws  ConfigError as Generator; `prompt` and `options` are ignored for a stimulus.
RunScript reference_script(const Model& model, std::span<const Token> prompt,
                           const GenerationOptions& options);

}  // namespace synfire
