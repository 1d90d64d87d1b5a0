// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/model_file.hpp"

namespace synfire::app {

/// What `info` prints of a model: identity, sizes, populations, provenance.
std::string describe_model(const Model& model);

}  // namespace synfire::app
