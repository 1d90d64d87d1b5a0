// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace synfire::training {

/// Draws the initial values of a model, all from one seed.
class Initialiser {
 public:
  explicit Initialiser(std::uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

  at::Tensor normal(at::IntArrayRef sizes, double deviation) {
    return at::empty(sizes).normal_(0.0, deviation, generator_);
  }
  /// Weights [out, in] that keep the spread of what they multiply.
  at::Tensor weight(std::int64_t out, std::int64_t in) {
    return normal({out, in}, 1.0 / std::sqrt(static_cast<double>(in)));
  }

 private:
  at::Generator generator_;
};

}  // namespace synfire::training
