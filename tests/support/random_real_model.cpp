// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_real_model.hpp"

#include "sim/random.hpp"

namespace synfire::test {

RealModel random_real_model(std::uint64_t seed, bool has_attention) {
  constexpr std::uint64_t levels = 128;  // 7 bits: all that bfloat16 keeps
  RandomStream draws(seed, 0);
  RealModel model;
  model.architecture = {.has_attention = has_attention,
                        .blocks = 2,
                        .embedding = 8,
                        .heads = has_attention ? 2U : 1U,
                        .hidden = 12,
                        .groups = 2,
                        .context = 16};
  model.alphabet = " etaoin";
  model.tensors = real_tensors(model.architecture, model.alphabet.size());
  for (RealTensor& tensor : model.tensors) {
    for (std::uint64_t i = 0; i < tensor.elements(); ++i) {
      tensor.values.push_back(static_cast<float>(draws.below(levels)) / levels - 0.5F);
    }
  }
  model.provenance = {{"seed", std::to_string(seed)}};
  return model;
}

}  // namespace synfire::test
