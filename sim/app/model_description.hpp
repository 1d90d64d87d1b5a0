// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/model_file.hpp"
#include "models/real_model.hpp"

namespace synfire::app {

/// What `info` prints of a model: identity, sizes, populations, provenance.
std::string describe_model(const Model& model);
/// The same of a real-valued model: tensors instead of populations.
std::string describe_real_model(const RealModel& model);

}  // namespace synfire::app
