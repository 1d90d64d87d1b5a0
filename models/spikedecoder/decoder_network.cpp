// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/decoder_network.hpp"

#include <string>
#include <utility>

#include "sim/error.hpp"

namespace synfire {
namespace {

/// Collects populations and projections in the order of the decoder.
class DecoderBuilder {
 public:
  explicit DecoderBuilder(const DecoderParameters& parameters)
      : parameters_(parameters), architecture_(parameters.architecture) {}

  Network build() && {
    const PopulationId input =
        add({.name = "embedding", .size = architecture_.input_size(), .model = NeuronModel::input});
    PopulationId stream = add_embedding(input);
    for (std::uint32_t b = 0; b < architecture_.blocks; ++b) {
      if (architecture_.attention) {
        stream = architecture_.attention_spikes() ? add_attention(b, stream)
                                                  : add_softmax_attention(b, stream);
      }
      stream = add_mlp(b, stream);
    }
    add_head(stream);
    return {architecture_.time_steps, std::move(populations_), std::move(projections_)};
  }

 private:
  PopulationId add(Population population) {
    populations_.push_back(std::move(population));
    return PopulationId{static_cast<std::uint32_t>(populations_.size() - 1)};
  }

  void join(PopulationId source, PopulationId target, Port port = Port::current) {
    projections_.push_back({.source = source,
                            .target = target,
                            .port = port,
                            .connectivity = Connectivity::one_to_one});
  }

  void join_dense(PopulationId source, PopulationId target, std::vector<std::int8_t> weights,
                  bool per_time_step = false) {
    projections_.push_back({.source = source,
                            .target = target,
                            .per_time_step = per_time_step,
                            .weights = std::move(weights)});
  }

  template <typename Value>
  static std::vector<Value> or_zeros(const std::vector<Value>& values, std::uint32_t size) {
    return values.empty() ? std::vector<Value>(size) : values;
  }

  /// Synapses from `source` whose normalized sums a new `name.norm` population sends.
  PopulationId add_normalization(const std::string& name, std::uint32_t size, PopulationId source,
                                 const std::vector<std::int8_t>& weights,
                                 const NormalizationParameters& normalization) {
    const bool is_layer = architecture_.normalization == NormalizationForm::layer;
    const PopulationId id =
        add({.name = name + ".norm",
             .size = size,
             .model = is_layer ? NeuronModel::layer_norm : NeuronModel::normalization,
             .bias = normalization.bias,
             .shift = normalization.shift,
             .multiplier = normalization.multiplier,
             .gain = normalization.gain,
             .offset = normalization.offset,
             .epsilon = normalization.epsilon});
    join_dense(source, id, weights);
    return id;
  }

  PopulationId add_lif(std::string name, std::uint32_t size, const LifLayerParameters& lif) {
    return add({.name = std::move(name),
                .size = size,
                .model = NeuronModel::lif,
                .threshold = lif.threshold,
                .bias = or_zeros(lif.bias, size),
                .fires_at_threshold = architecture_.fires_at_threshold});
  }

  PopulationId add_stream_lif(std::string name, PopulationId stream,
                              const LifLayerParameters& lif) {
    const PopulationId id = add_lif(std::move(name), architecture_.embedding, lif);
    join(stream, id);
    return id;
  }

  PopulationId add_spiking_layer(const std::string& name, std::uint32_t size, PopulationId source,
                                 const SpikingLayerParameters& layer) {
    if (architecture_.normalization != NormalizationForm::folded) {
      const PopulationId norm =
          add_normalization(name, size, source, layer.weights, layer.normalization);
      const PopulationId id = add_lif(name, size, layer.lif);
      join(norm, id);
      return id;
    }
    const PopulationId id = add_lif(name, size, layer.lif);
    join_dense(source, id, layer.weights);
    return id;
  }

  PopulationId add_activation(std::string name, std::uint32_t size,
                              const ActivationParameters& activation) {
    return add({.name = std::move(name),
                .size = size,
                .model = NeuronModel::activation,
                .bias = activation.bias,
                .shift = activation.shift,
                .multiplier = activation.multiplier,
                .table = activation.table});
  }

  PopulationId add_rounded_stream(std::string name, PopulationId stream,
                                  const ActivationParameters& activation) {
    const PopulationId id = add_activation(std::move(name), architecture_.embedding, activation);
    join(stream, id);
    return id;
  }

  PopulationId add_dense_layer(const std::string& name, PopulationId source,
                               const DenseLayerParameters& layer) {
    const std::uint32_t size = architecture_.embedding;
    const PopulationId norm =
        add_normalization(name, size, source, layer.weights, layer.normalization);
    const PopulationId id = add_activation(name, size, layer.activation);
    join(norm, id);
    return id;
  }

  PopulationId add_residual(std::string name, const ResidualLayerParameters& layer) {
    return add({.name = std::move(name),
                .size = architecture_.embedding,
                .model = NeuronModel::residual,
                .bias = or_zeros(layer.bias, architecture_.embedding),
                .shift = or_zeros(layer.shift, architecture_.embedding)});
  }

  /// `is_normalized`: as the architecture says; dense MLPs are not.
  PopulationId add_residual_layer(std::uint32_t version, PopulationId stream, PopulationId source,
                                  const ResidualLayerParameters& layer, bool is_normalized = true) {
    const std::string name = "residual" + std::to_string(version);
    if (is_normalized && architecture_.normalization != NormalizationForm::folded) {
      const PopulationId norm = add_normalization(name, architecture_.embedding, source,
                                                  layer.weights, layer.normalization);
      const PopulationId id = add_residual(name, layer);
      join(stream, id, Port::carry);
      join(norm, id, Port::carry);
      return id;
    }
    const PopulationId id = add_residual(name, layer);
    join(stream, id, Port::carry);
    join_dense(source, id, layer.weights);
    return id;
  }

  /// `stream` as it comes in at `port`, plus spikes that count 2^spike_bits each, as do its own
  /// where it is spikes (Port::current).
  PopulationId add_spikes(std::uint32_t version, PopulationId stream, Port port,
                          PopulationId spikes) {
    const std::uint32_t size = architecture_.embedding;
    const auto shift = static_cast<std::int8_t>(-architecture_.spike_bits);
    const PopulationId id = add_residual("residual" + std::to_string(version),
                                         {.shift = std::vector<std::int8_t>(size, shift)});
    join(stream, id, port);
    join(spikes, id);
    return id;
  }

  PopulationId add_embedding(PopulationId input) {
    const ResidualLayerParameters& layer = parameters_.embedding;
    const PopulationId id = add_residual("residual0", layer);
    if (layer.weights.empty()) {
      join(input, id);
    } else {
      join_dense(input, id, layer.weights);
    }
    return id;
  }

  PopulationId add_attention(std::uint32_t b, PopulationId stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".attention";
    const std::uint32_t size = architecture_.embedding;
    const PopulationId input = add_stream_lif(name + ".input", stream, block.attention_input);
    const PopulationId query = add_spiking_layer(name + ".query", size, input, block.query);
    const PopulationId key = add_spiking_layer(name + ".key", size, input, block.key);
    const PopulationId value = add_spiking_layer(name + ".value", size, input, block.value);
    const PopulationId attention =
        add({.name = name,
             .size = size,
             .model = NeuronModel::attention,
             .threshold = block.attention_threshold,
             .fires_at_threshold = architecture_.fires_at_threshold,
             .attention = {.kind = *architecture_.attention,
                           .heads = architecture_.heads,
                           .decay_shift = block.decay_shift,
                           .fraction_bits = architecture_.fraction_bits}});
    join(query, attention, Port::query);
    join(key, attention, Port::key);
    join(value, attention, Port::value);
    if (!architecture_.attention_adds_spikes(b)) {
      return add_residual_layer(2 * b + 1, stream, attention, block.attention_output);
    }
    const PopulationId output =
        add_spiking_layer(name + ".output", size, attention, block.attention_spikes);
    return architecture_.residual == ResidualForm::spiking
               ? add_spikes(2 * b + 1, input, Port::current, output)
               : add_spikes(2 * b + 1, stream, Port::carry, output);
  }

  PopulationId add_softmax_attention(std::uint32_t b, PopulationId stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".attention";
    const PopulationId input = add_rounded_stream(name + ".input", stream, block.attention_rounded);
    const PopulationId query = add_dense_layer(name + ".query", input, block.dense_query);
    const PopulationId key = add_dense_layer(name + ".key", input, block.dense_key);
    const PopulationId value = add_dense_layer(name + ".value", input, block.dense_value);
    const PopulationId attention = add(
        {.name = name,
         .size = architecture_.embedding,
         .model = NeuronModel::softmax_attention,
         .attention = {.heads = architecture_.heads, .fraction_bits = architecture_.fraction_bits},
         .softmax = block.softmax});
    join(query, attention, Port::query);
    join(key, attention, Port::key);
    join(value, attention, Port::value);
    return add_residual_layer(2 * b + 1, stream, attention, block.attention_output);
  }

  PopulationId add_dense_mlp(std::uint32_t b, PopulationId stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".mlp";
    const PopulationId input = add_rounded_stream(name + ".input", stream, block.mlp_rounded);
    const PopulationId hidden =
        add_activation(name + ".hidden", architecture_.hidden, block.mlp_gelu.activation);
    join_dense(input, hidden, block.mlp_gelu.weights);
    return add_residual_layer(architecture_.mlp_residual(b), stream, hidden, block.mlp_output,
                              false);
  }

  PopulationId add_mlp(std::uint32_t b, PopulationId stream) {
    if (!architecture_.mlp_spikes()) return add_dense_mlp(b, stream);
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".mlp";
    const PopulationId input = add_stream_lif(name + ".input", stream, block.mlp_input);
    const PopulationId hidden =
        add_spiking_layer(name + ".hidden", architecture_.hidden, input, block.mlp_hidden);
    if (!architecture_.mlp_adds_spikes()) {
      return add_residual_layer(architecture_.mlp_residual(b), stream, hidden, block.mlp_output);
    }
    const PopulationId output =
        add_spiking_layer(name + ".output", architecture_.embedding, hidden, block.mlp_spikes);
    return add_spikes(architecture_.mlp_residual(b), input, Port::current, output);
  }

  PopulationId add_head_input(PopulationId stream) {
    if (architecture_.head_spikes()) {
      return add_stream_lif("head.input", stream, parameters_.head_input);
    }
    const PopulationId id = add_residual("head.input", parameters_.head_stream);
    join(stream, id);
    return id;
  }

  void add_head(PopulationId stream) {
    const PopulationId input = add_head_input(stream);
    const PopulationId readout =
        add({.name = "readout",
             .size = architecture_.vocabulary,
             .model = NeuronModel::readout,
             .bias = or_zeros(parameters_.readout_bias, architecture_.vocabulary)});
    join_dense(input, readout, parameters_.readout_weights, true);
  }

  const DecoderParameters& parameters_;
  const DecoderArchitecture& architecture_;
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
};

}  // namespace

Network build_decoder(const DecoderParameters& parameters) {
  const DecoderArchitecture& architecture = parameters.architecture;
  if (parameters.blocks.size() != architecture.blocks) {
    throw ConfigError("decoder.blocks",
                      "has parameters of " + std::to_string(parameters.blocks.size()) +
                          " blocks instead of " + std::to_string(architecture.blocks));
  }
  const bool is_behind_attention = architecture.residual == ResidualForm::spiking ||
                                   architecture.residual == ResidualForm::first_block;
  if (is_behind_attention && !architecture.attention) {
    throw ConfigError("decoder.residual", "is '" + std::string(to_string(architecture.residual)) +
                                              "', which is behind attention; there is none");
  }
  return DecoderBuilder(parameters).build();
}

}  // namespace synfire
