// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

namespace synfire {

/// Parameters of neurons that fire at a threshold; each span holds one value per neuron, bias may
/// be empty.
struct FiringParameters {
  std::span<const std::int32_t> bias;
  std::span<const std::int32_t> threshold;
  bool fires_at_threshold = true;
};

}  // namespace synfire
