// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/model_file.hpp"
#include "models/token_runner.hpp"
#include "neurons/network_reference.hpp"

namespace synfire::test {

/// Runs a decoder on the dense integer reference instead of a chip.
class ReferenceRunner final : public TokenRunner {
 public:
  explicit ReferenceRunner(const Model& model) : reference_(model.network, model.text.context) {}

  void push_token(std::span<const std::uint32_t> input_spikes) override {
    const auto logits = reference_.run_token(input_spikes);
    logits_.emplace_back(logits.begin(), logits.end());
  }
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override {
    return logits_.at(token);
  }
  void clear_context() override { reference_.reset(); }

 private:
  NetworkReference reference_;
  std::vector<std::vector<std::int32_t>> logits_;
};

}  // namespace synfire::test
