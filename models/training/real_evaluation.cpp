// SPDX-License-Identifier: Apache-2.0
#include "models/training/real_evaluation.hpp"

#include <cmath>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include "models/training/ann_export.hpp"
#include "sim/error.hpp"

namespace synfire::training {

Evaluation evaluate_real(const RealModel& model, std::span<const Token> text,
                         const EvaluationOptions& options) {
  at::set_num_threads(static_cast<int>(options.threads));
  const at::NoGradGuard no_gradient;
  AnnDecoder decoder = to_decoder(model);
  Pass pass;
  pass.attention_window = options.attention_limit;
  const auto logits_of = [&](std::span<const Token> window) {
    const auto length = static_cast<std::int64_t>(window.size());
    at::Tensor tokens = at::empty({1, length}, at::kLong);
    std::ranges::copy(window, tokens.data_ptr<std::int64_t>());
    const at::Tensor logits = decoder.logits(tokens, pass).contiguous();
    const float* values = logits.data_ptr<float>();
    return std::vector<float>(values, values + logits.numel());
  };
  const Evaluation evaluation =
      evaluate_windows(logits_of, model.alphabet.size(), model.architecture.context, text, options);
  if (!std::isfinite(evaluation.bits_per_character)) {
    throw ConfigError("model", "gives logits that are not numbers; its weights are too large");
  }
  return evaluation;
}

}  // namespace synfire::training
