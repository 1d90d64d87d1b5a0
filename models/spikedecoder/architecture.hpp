// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// Where the normalization behind a dense layer went.
enum class NormalizationForm : std::uint8_t {
  folded,      ///< into weights, biases, shifts and thresholds; costs nothing at run time
  population,  ///< a graded population `X.norm` between the dense sum and X
  layer,       ///< the same, of LayerNorm, whose statistics depend on the token
};

std::string_view to_string(NormalizationForm form);

/// Where the residual stream is spikes: SpikeDecoder's `spiking_residuals` 0, 1, 2 and
/// `firstBlock_spiking_res`.
enum class ResidualForm : std::uint8_t {
  real,         ///< 0: sums are added to sums
  spiking_mlp,  ///< 1: a LIF on the stream behind attention; the MLP ends in a LIF
  spiking,      ///< 2: also a LIF at a block's entry and behind its attention
  first_block,  ///< as 0, with a LIF behind the first block's attention
};

std::string_view to_string(ResidualForm form);

/// Sizes and choices of a spiking decoder.
struct DecoderArchitecture {
  std::uint32_t time_steps = 4;      ///< T, algorithmic steps a token
  std::uint32_t blocks = 1;          ///< B
  std::uint32_t embedding = 0;       ///< E, width of the residual stream; a multiple of heads
  std::uint32_t heads = 1;           ///< h; a head has E / h dimensions
  std::uint32_t hidden = 0;          ///< neurons of block{b}.mlp.hidden
  std::uint32_t vocabulary = 0;      ///< tokens, readout neurons
  std::uint32_t context = 256;       ///< S, tokens the model was trained on
  std::uint32_t groups = 1;          ///< last tokens that the embedding shows
  std::uint32_t code_width = 0;      ///< bits of a token's code in a group
  std::uint32_t position_width = 0;  ///< bits of the position code, 0: none
  /// Nothing: blocks without attention, of which only the MLP is left.
  std::optional<AttentionKind> attention = AttentionKind::published;
  std::uint8_t fraction_bits = 0;  ///< F of leaky attention
  NormalizationForm normalization = NormalizationForm::folded;
  bool fires_at_threshold = true;  ///< H >= threshold fires; false: H > threshold
  ResidualForm residual = ResidualForm::real;
  std::uint8_t spike_bits = 0;  ///< a spike that is added to the stream counts 2^spike_bits
  /// Parts that spike, as the paper counts them: 4 all, 3 all but the head, 2 embedding and
  /// attention, 1 and 0 nothing that has a membrane.
  std::uint32_t spike_degree = 4;
  bool joint_code = false;  ///< one input neuron for each token at each position

  /// Neurons of the input population.
  std::uint32_t input_size() const { return groups * code_width + position_width; }
  bool head_spikes() const { return spike_degree == 4; }
  bool mlp_spikes() const { return spike_degree >= 3; }
  bool attention_spikes() const { return spike_degree >= 2; }
  std::uint32_t head_dimension() const { return embedding / heads; }
  /// Additions to the residual stream in a block.
  std::uint32_t layers_per_block() const { return attention ? 2 : 1; }
  /// Whether block b's attention adds spikes to the stream, and whether MLPs do.
  bool attention_adds_spikes(std::uint32_t b) const {
    return residual == ResidualForm::spiking || (residual == ResidualForm::first_block && b == 0);
  }
  bool mlp_adds_spikes() const {
    return residual == ResidualForm::spiking || residual == ResidualForm::spiking_mlp;
  }
  /// Number of the residual that block b's MLP makes.
  std::uint32_t mlp_residual(std::uint32_t b) const { return (b + 1) * layers_per_block(); }
};

/// What the key `system` of a description says.
inline constexpr const char* decoder_system = "SpikeDecoder";

/// The architecture in words, one key a field: what a model file says of itself.
std::map<std::string, std::string> describe(const DecoderArchitecture& architecture);

}  // namespace synfire
