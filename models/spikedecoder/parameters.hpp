// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/spikedecoder/architecture.hpp"
#include "neurons/network.hpp"

namespace synfire {

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

}  // namespace synfire
