// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/detail/model_source.hpp"
#include "models/model_file.hpp"

namespace synfire::detail {

/// The dataset /text/alphabet or /text/words; throws ConfigError, IoError.
Alphabet read_alphabet(const ModelSource& source);

/// The group /text of a model file; throws ConfigError, IoError.
TextInterface read_text(const ModelSource& source);

}  // namespace synfire::detail
