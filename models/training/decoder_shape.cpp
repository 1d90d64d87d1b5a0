// SPDX-License-Identifier: Apache-2.0
#include "models/training/decoder_shape.hpp"

#include <bit>
#include <string>

#include "models/training/kernel.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

std::int64_t bits_for(std::int64_t values) {
  return std::bit_width(static_cast<std::uint64_t>(values - 1));
}

std::int64_t token_bits(const DecoderShape& shape) {
  switch (shape.token_code) {
    case TokenCode::ngram:
      return 0;
    case TokenCode::one_hot:
      return shape.vocabulary * shape.context;
    case TokenCode::two_hot:
      return shape.vocabulary;
    case TokenCode::binary:
      return bits_for(shape.vocabulary);
    case TokenCode::learned:
      return shape.token_width;
  }
  SYNFIRE_ASSERT(false, "every token code has a width");
  return 0;
}

std::int64_t position_bits(const DecoderShape& shape) {
  switch (shape.position_code) {
    case PositionCode::none:
      return 0;
    case PositionCode::linear:
      return shape.context;
    case PositionCode::binary:
      return bits_for(shape.context);
    case PositionCode::sinusoidal:
    case PositionCode::learned:
      return shape.position_width;
  }
  SYNFIRE_ASSERT(false, "every position code has a width");
  return 0;
}

void require(bool holds, const char* option, const std::string& fact) {
  if (!holds) throw ConfigError(option, fact);
}

void check_sizes(const DecoderShape& shape) {
  require(shape.heads() > 0 && shape.width % shape.heads() == 0, "--width",
          "is " + std::to_string(shape.width) + ", which " + std::to_string(shape.heads()) +
              " heads do not divide; give one --decay-shift per head" +
              (code_widths(shape).stream > 0 ? ", or other codes, which set the width" : ""));
  require(shape.width > 0, "--width", "is less than 1");
  require(shape.hidden > 0, "--hidden", "is less than 1");
  require(shape.steps >= 1 && shape.steps <= largest_step_count, "--time-steps",
          "is not between 1 and 16");
  require(shape.blocks >= 1, "--blocks", "is less than 1");
  require(shape.groups >= 1, "--embedding-groups", "is less than 1");
  require(shape.context >= 2, "--context", "is less than 2");
  for (const int k : shape.decay_shift) {
    require(k >= 1 && k <= 10, "--decay-shift", "is not between 1 and 10");
  }
}

void check_codes(const DecoderShape& shape) {
  const bool has_positions = shape.position_code != PositionCode::none;
  if (shape.token_code == TokenCode::ngram || shape.token_code == TokenCode::one_hot) {
    require(!has_positions, "--positions",
            "go with the token codes two-hot, binary and learned only; leave it out");
  }
  const bool has_real_codes =
      shape.token_code == TokenCode::learned && (shape.position_code == PositionCode::sinusoidal ||
                                                 shape.position_code == PositionCode::learned);
  require(!shape.sums_positions || has_real_codes, "--sum-positions",
          "adds real numbers; needs --token-code learned and --positions static or learned");
  require(shape.spike_degree > 0 || shape.token_code == TokenCode::ngram, "--token-code",
          "is for spiking embeddings; --spike-degree 0 has a table of real numbers (ngram)");
  require(!shape.padded_right || shape.token_code == TokenCode::binary ||
              shape.position_code == PositionCode::binary,
          "--paper-compat", "changes binary codes only; there is none");
  require(shape.token_width >= 1, "--token-width", "is less than 1");
  require(shape.position_width >= 1, "--position-width", "is less than 1");
  const CodeWidths widths = code_widths(shape);
  require(!shape.sums_positions || widths.token == widths.position, "--sum-positions",
          "needs codes of one width; set --token-width and --position-width");
  require(widths.stream == 0 || widths.stream == shape.width, "--width",
          "is what the codes' bits make; leave it out");
}

}  // namespace

CodeWidths code_widths(const DecoderShape& shape) {
  CodeWidths widths{token_bits(shape), position_bits(shape), 0};
  widths.stream = widths.token + (shape.sums_positions ? 0 : widths.position);
  return widths;
}

void check(const DecoderShape& shape) {
  require(shape.spike_degree >= 0 && shape.spike_degree <= 4, "--spike-degree",
          "is not between 0 and 4");
  check_codes(shape);
  check_sizes(shape);
  require(shape.spike_degree != 2 || shape.attention != Attention::none, "--spike-degree",
          "2 is spiking attention and a dense MLP; with --attention none nothing would spike");
  require(shape.input_threshold == 1.0 || shape.learned_threshold, "--input-threshold",
          "is where a learned threshold starts; add --learned-threshold true");
  require(shape.input_threshold >= smallest_threshold && shape.input_threshold <= 1.0,
          "--input-threshold", "is not between 1/64 and 1");
  require(shape.residual == ResidualForm::real || shape.spike_degree >= 3, "--residual",
          "other than 0 adds what spiking MLPs send; needs --spike-degree 3 or 4");
  require(shape.attention != Attention::none || shape.residual == ResidualForm::real ||
              shape.residual == ResidualForm::spiking_mlp,
          "--residual", "2 and first-block have a LIF behind attention; there is none");
  require(!shape.is_artificial() || shape.norm == Norm::layer || shape.norm == Norm::batch,
          "--norm", "power is for spiking blocks; --spike-degree 0 and 1 have LayerNorm");
}

}  // namespace synfire::training
