// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "models/model_file.hpp"
#include "models/real_model.hpp"
#include "models/tokenizer.hpp"

namespace synfire::training {

/// A trained artificial decoder in the integers that chips run (dense_export.hpp), without
/// provenance; its activations reach as far as on windows of `text`.
///
/// Throws  ConfigError for a text without a token, or sums that could leave their widths.
Model quantised_twin(const RealModel& twin, std::span<const Token> text);

}  // namespace synfire::training
