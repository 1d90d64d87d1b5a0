// SPDX-License-Identifier: Apache-2.0
#include "models/training/calibration.hpp"

#include <algorithm>

#include <ATen/core/grad_mode.h>

#include "models/training/language_model.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

constexpr std::int64_t most_windows = 64;

}  // namespace

void Ranges::see(const std::string& name, const at::Tensor& values) {
  const at::Tensor rows = values.detach().flatten(0, -2).to(at::kFloat);
  const Range now{std::get<0>(rows.min(0)), std::get<0>(rows.max(0))};
  const auto [place, is_new] = ranges_.try_emplace(name, now);
  if (is_new) return;
  place->second.least = at::minimum(place->second.least, now.least);
  place->second.greatest = at::maximum(place->second.greatest, now.greatest);
}

Ranges calibrate(LanguageModel& model, std::span<const Token> text, std::int64_t context) {
  const auto length = std::min<std::int64_t>(context, std::ssize(text));
  if (length == 0) {
    throw ConfigError("export", "needs text to see how large dense activations become");
  }
  const at::NoGradGuard no_gradient;
  const std::int64_t windows = std::min(most_windows, std::ssize(text) / length);
  Ranges ranges;
  Pass pass;
  pass.ranges = &ranges;
  for (std::int64_t w = 0; w < windows; ++w) {
    const std::int64_t first = w * (std::ssize(text) - length) / windows;
    at::Tensor tokens = at::empty({1, length}, at::kLong);
    std::copy_n(text.begin() + first, length, tokens.data_ptr<std::int64_t>());
    model.logits(tokens, pass);
  }
  return ranges;
}

}  // namespace synfire::training
