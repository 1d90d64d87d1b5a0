// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/detail/model_source.hpp"
#include "models/model_file.hpp"

namespace synfire::detail {

/// The group /stimulus of a model file; throws ConfigError, IoError.
Stimulus read_stimulus(const ModelSource& source, const Network& network);

}  // namespace synfire::detail
