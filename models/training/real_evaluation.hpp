// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "models/evaluation.hpp"
#include "models/real_model.hpp"

namespace synfire::training {

/// Scores an artificial decoder as evaluate() scores spiking ones, in single precision. This header
/// needs no libtorch; a program built without it says so here.
///
/// Throws  ConfigError `text` for a text of fewer than two tokens, `model` if a logit is no number,
///         `evaluate` if there is no libtorch in this build.
Evaluation evaluate_real(const RealModel& model, std::span<const Token> text,
                         const EvaluationOptions& options = {});

}  // namespace synfire::training
