// SPDX-License-Identifier: Apache-2.0
#include "models/training/embedding.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "models/training/embedding_sum.hpp"
#include "models/training/quantisation.hpp"

namespace synfire::training {
namespace {

constexpr double kLifBias = 0.5;         // keeps a fresh first population firing
constexpr double kCodeDeviation = 1e-5;  // of fresh learned codes; SpikeDecoder's program

}  // namespace

at::Tensor sinusoids(std::int64_t length, std::int64_t width) {
  at::Tensor table = at::empty({length, width});
  for (std::int64_t n = 0; n < length; ++n) {
    for (std::int64_t c = 0; c < width; ++c) {
      const double phase = static_cast<double>(n) /
                           std::pow(10000.0, static_cast<double>(c) / static_cast<double>(width));
      table.data_ptr<float>()[n * width + c] =
          static_cast<float>(c % 2 == 0 ? std::sin(phase) : std::cos(phase));
    }
  }
  return table;
}

at::Tensor binary_code(std::int64_t values, bool padded_right) {
  const int bits = std::bit_width(static_cast<std::uint64_t>(values - 1));
  at::Tensor code = at::zeros({values, bits});
  for (std::int64_t v = 0; v < values; ++v) {
    // '0' has one digit, as every number below 2 has.
    const int digits = std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(v))));
    const int shift = padded_right ? bits - digits : 0;
    for (int b = 0; b < bits; ++b) {
      code.data_ptr<float>()[v * bits + b] =
          static_cast<float>(((v << shift) >> (bits - 1 - b)) & 1);
    }
  }
  return code;
}

at::Tensor heaviside(const at::Tensor& x) {
  const at::Tensor soft = at::atan(x * std::numbers::pi) / std::numbers::pi;
  const at::Tensor hard = (x >= 0.0).to(at::kFloat);
  return soft + (hard - soft).detach();
}

TokenEmbedding::TokenEmbedding(const DecoderShape& shape, Initialiser& initialise) : shape_(shape) {
  switch (shape.token_code) {
    case TokenCode::ngram:
      weight_ = initialise.normal({shape.groups * shape.vocabulary, shape.width},
                                  1.0 / std::sqrt(static_cast<double>(shape.groups)));
      if (shape.spike_degree > 0) bias_ = at::full({shape.width}, kLifBias);
      break;
    case TokenCode::one_hot:
      break;
    case TokenCode::two_hot:
      weight_ = at::eye(shape.vocabulary);
      break;
    case TokenCode::binary:
      weight_ = binary_code(shape.vocabulary, shape.padded_right);
      break;
    case TokenCode::learned:
      weight_ = initialise.normal({shape.vocabulary, shape.token_width}, kCodeDeviation);
      break;
  }
  switch (shape.position_code) {
    case PositionCode::none:
      break;
    case PositionCode::linear:
      position_weight_ = at::eye(shape.context);
      break;
    case PositionCode::binary:
      position_weight_ = binary_code(shape.context, shape.padded_right);
      break;
    case PositionCode::sinusoidal:
      position_weight_ = sinusoids(shape.context, shape.position_width);
      break;
    case PositionCode::learned:
      position_weight_ = initialise.normal({shape.context, shape.position_width}, kCodeDeviation);
      break;
  }
}

void TokenEmbedding::add_parameters(std::vector<NamedTensor>& parameters) const {
  const bool is_ngram = shape_.token_code == TokenCode::ngram;
  if (is_ngram || shape_.token_code == TokenCode::learned) {
    parameters.push_back({"embedding.weight", weight_, false});
  }
  if (bias_.defined()) parameters.push_back({"embedding.bias", bias_, false});
  if (shape_.position_code == PositionCode::learned) {
    parameters.push_back({"embedding.position", position_weight_, false});
  }
}

at::Tensor TokenEmbedding::ngram(const at::Tensor& tokens, bool quantised) const {
  at::Tensor table = weight_;
  if (quantised) table = fake_quantise(table.t(), true).t();
  const at::Tensor sum =
      embedding_sum(table.reshape({shape_.groups, shape_.vocabulary, shape_.width}), tokens);
  return bias_.defined() ? sum + bias_ : sum;
}

at::Tensor TokenEmbedding::token_bits() const {
  return shape_.token_code == TokenCode::learned ? heaviside(weight_) : weight_;
}

at::Tensor TokenEmbedding::position_bits() const {
  const bool is_real = shape_.position_code == PositionCode::sinusoidal ||
                       shape_.position_code == PositionCode::learned;
  return is_real ? heaviside(position_weight_) : position_weight_;
}

at::Tensor TokenEmbedding::joint_bits() const {
  return heaviside(weight_.unsqueeze(1) + position_weight_).flatten(0, 1);
}

at::Tensor TokenEmbedding::forward(const at::Tensor& tokens, bool quantised) const {
  const std::int64_t length = tokens.size(1);
  if (shape_.token_code == TokenCode::ngram) return ngram(tokens, quantised);
  if (shape_.token_code == TokenCode::one_hot) {
    const at::Tensor joint = tokens * shape_.context + at::arange(length, tokens.options());
    return at::one_hot(joint, shape_.width).to(at::kFloat);
  }
  if (shape_.sums_positions) {
    return heaviside(at::embedding(weight_, tokens) + position_weight_.slice(0, 0, length));
  }
  const at::Tensor code = at::embedding(token_bits(), tokens);
  if (!position_weight_.defined()) return code;
  const at::Tensor position = position_bits().slice(0, 0, length);
  return at::cat({code, position.unsqueeze(0).expand({tokens.size(0), -1, -1})}, 2);
}

}  // namespace synfire::training
