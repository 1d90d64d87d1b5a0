// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>

#include <ATen/ATen.h>

#include "models/tokenizer.hpp"

namespace synfire::training {

class LanguageModel;

/// Least and greatest values that dense activations took on some text, per channel: what their
/// integers must reach to.
class Ranges {
 public:
  /// Shapes  values: [..., channels].
  void see(const std::string& name, const at::Tensor& values);

  /// Of every channel [channels]; `name` must have been seen.
  at::Tensor least(const std::string& name) const { return ranges_.at(name).least; }
  at::Tensor greatest(const std::string& name) const { return ranges_.at(name).greatest; }
  at::Tensor magnitude(const std::string& name) const {
    return at::maximum(greatest(name), -least(name));
  }

 private:
  struct Range {
    at::Tensor least;
    at::Tensor greatest;
  };
  std::map<std::string, Range> ranges_;
};

/// What a decoder's dense activations reach on windows spread over a text; `context` tokens each.
Ranges calibrate(LanguageModel& model, std::span<const Token> text, std::int64_t context);

}  // namespace synfire::training
