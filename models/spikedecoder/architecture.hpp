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

/// y = (current * multiplier + bias) >> shift with NormalizationForm::population; with `layer` what
/// neurons/layer_norm.hpp does.
struct NormalizationParameters {
  std::vector<std::int32_t> multiplier;  ///< one per target neuron
  std::vector<std::int32_t> bias;        ///< one per target neuron
  std::vector<std::int8_t> shift;        ///< one per target neuron, 0 and more
  std::vector<std::int32_t> gain;        ///< `layer`: one per target neuron
  std::vector<std::int32_t> offset;      ///< `layer`: one per target neuron
  std::int32_t epsilon = 0;              ///< `layer`
};

/// Neurons that round and look up what they send (neurons/activation.hpp).
struct ActivationParameters {
  std::vector<std::int32_t> multiplier;  ///< one per neuron
  std::vector<std::int32_t> bias;        ///< one per neuron
  std::vector<std::int8_t> shift;        ///< one per neuron
  std::vector<std::int32_t> table;
};

/// Dense synapses into an activation, perhaps with a LayerNorm between.
struct DenseLayerParameters {
  std::vector<std::int8_t> weights;  ///< [source][target]
  NormalizationParameters normalization;
  ActivationParameters activation;
};

/// A LIF that the residual stream feeds one-to-one.
struct LifLayerParameters {
  std::vector<std::int32_t> threshold;  ///< one per neuron
  std::vector<std::int32_t> bias;       ///< one per neuron; empty: zeros
};

/// Dense synapses into a LIF population.
struct SpikingLayerParameters {
  std::vector<std::int8_t> weights;  ///< [source][target]
  NormalizationParameters normalization;
  LifLayerParameters lif;
};

/// Dense synapses into a residual: out = carry + ((W s + bias) >> shift), or
/// out = carry + normalization(W s) with NormalizationForm::population (bias and shift empty then).
struct ResidualLayerParameters {
  std::vector<std::int8_t> weights;  ///< [source][target]
  NormalizationParameters normalization;
  std::vector<std::int32_t> bias;  ///< one per target neuron; empty: zeros
  std::vector<std::int8_t> shift;  ///< one per target neuron; empty: zeros
};

/// Block b. Lengths follow from the populations' sizes: E, and `hidden` for mlp_hidden. Without
/// attention only the last three count, and residuals are numbered one a block.
struct BlockParameters {
  LifLayerParameters attention_input;  ///< residual{2b} -> block{b}.attention.input
  SpikingLayerParameters query;        ///< block{b}.attention.input -> block{b}.attention.query
  SpikingLayerParameters key;
  SpikingLayerParameters value;
  std::vector<std::uint8_t> decay_shift;          ///< leaky: k per head; empty if published
  std::vector<std::int32_t> attention_threshold;  ///< E: ceil(2^F / attention scale)
  ResidualLayerParameters attention_output;       ///< block{b}.attention -> residual{2b+1}
  SpikingLayerParameters attention_spikes;        ///< instead, where attention adds spikes: ->
                                                  ///< block{b}.attention.output -> residual{2b+1}
  LifLayerParameters mlp_input;                   ///< residual{2b+1} -> block{b}.mlp.input
  SpikingLayerParameters mlp_hidden;              ///< block{b}.mlp.input -> block{b}.mlp.hidden
  ResidualLayerParameters mlp_output;             ///< block{b}.mlp.hidden -> residual{2b+2}
  SpikingLayerParameters mlp_spikes;  ///< instead, where MLPs add spikes: -> block{b}.mlp.output
  // Below degree 3, instead of mlp_input and mlp_hidden; mlp_output takes payloads then.
  ActivationParameters mlp_rounded;  ///< residual{2b+1} -> block{b}.mlp.input
  DenseLayerParameters mlp_gelu;  ///< block{b}.mlp.input -> block{b}.mlp.hidden, never normalized
  // Below degree 2, instead of attention_input, query, key, value and the threshold.
  ActivationParameters attention_rounded;  ///< residual{2b} -> block{b}.attention.input
  DenseLayerParameters dense_query;        ///< -> block{b}.attention.query; LayerNorm between
  DenseLayerParameters dense_key;
  DenseLayerParameters dense_value;
  SoftmaxParameters softmax;  ///< of block{b}.attention
};

/// Everything that a spiking decoder computes with, as integers.
struct DecoderParameters {
  DecoderArchitecture architecture;
  /// embedding -> residual0; never normalized. Empty weights: one-to-one (input_size() == E).
  ResidualLayerParameters embedding;
  std::vector<BlockParameters> blocks;
  LifLayerParameters head_input;             ///< residual{2B} -> head.input
  ResidualLayerParameters head_stream;       ///< instead, below degree 4: bias and shift alone
  std::vector<std::int8_t> readout_weights;  ///< [T][E][vocabulary]
  std::vector<std::int32_t> readout_bias;    ///< one per token; empty: zeros
};

/// SpikeDecoder as populations and projections.
///
/// Populations  embedding, residual0, per block b: block{b}.attention.input, .query, .key, .value,
///              block{b}.attention, residual{2b+1}, block{b}.mlp.input, .hidden, residual{2b+2};
///              head.input, readout. With NormalizationForm::population also X.norm in front of
///              each of query, key, value, mlp.hidden and of residual1 and later. Without
///              attention nothing of block{b}.attention is there, and the MLP of block b makes
///              residual{b+1}. Where spikes are added, block{b}.attention.output and .mlp.output.
///              Below degree 4, head.input passes the stream itself on, as payloads; below 3,
///              the populations of the MLP are activations; below 2, those of attention, too, and
///              block{b}.attention is softmax attention.
/// Source       Beger, Walter, Knoll, SpikeDecoder, arXiv 2606.12287: blocks of the strict form
///              (pre-activation, real-valued residual stream, concatenated head).
///              Differs: the embedding may show several tokens; leaky attention is ours.
/// Throws       ConfigError naming a population whose parameters have a wrong length.
Network build_decoder(const DecoderParameters& parameters);

}  // namespace synfire
