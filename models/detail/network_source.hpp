// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/detail/model_source.hpp"
#include "neurons/network.hpp"

namespace synfire::detail {

/// Time steps, populations and projections of a model file; throws ConfigError, IoError.
Network read_network(const ModelSource& source);

}  // namespace synfire::detail
