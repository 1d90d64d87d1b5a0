// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/detail/model_source.hpp"
#include "models/model_file.hpp"

namespace synfire::detail {

/// The group /text of a model file; throws ConfigError, IoError.
TextInterface read_text(const ModelSource& source);

}  // namespace synfire::detail
