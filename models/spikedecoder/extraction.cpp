// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/extraction.hpp"

#include <algorithm>
#include <string>

#include "models/spikedecoder/decoder_network.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

[[noreturn]] void not_a_decoder(const std::string& what) {
  throw ConfigError("network", "is not a SpikeDecoder: " + what);
}

/// Reads a network by the names that a decoder gives its populations.
class DecoderReader {
 public:
  explicit DecoderReader(const Network& network) : network_(network) {}

  bool has(const std::string& name) const { return network_.find(name).has_value(); }

  const Population& population(const std::string& name) const {
    const auto id = network_.find(name);
    if (!id) not_a_decoder("it has no population " + name);
    return network_.population(*id);
  }

  LifLayerParameters lif(const std::string& name) const {
    return {population(name).threshold, population(name).bias};
  }

  SpikingLayerParameters spiking_layer(const std::string& name) const {
    return {weights(name), normalization(name), lif(name)};
  }

  ActivationParameters activation(const std::string& name) const {
    const Population& p = population(name);
    return {p.multiplier, p.bias, p.shift, p.table};
  }

  DenseLayerParameters dense_layer(const std::string& name) const {
    return {weights(name), normalization(name), activation(name)};
  }

  ResidualLayerParameters residual_layer(const std::string& name) const {
    return {weights(name), normalization(name), population(name).bias, population(name).shift};
  }

  /// Dense weights into `name` or into the normalization in front of it; empty if there are none.
  std::vector<std::int8_t> weights(const std::string& name) const {
    const auto target = network_.find(has(name + ".norm") ? name + ".norm" : name);
    if (!target) not_a_decoder("it has no population " + name);
    for (const ProjectionId id : network_.incoming(*target)) {
      const Projection& projection = network_.projection(id);
      if (projection.connectivity != Connectivity::dense) continue;
      return {projection.weights.begin(), projection.weights.end()};
    }
    return {};
  }

 private:
  NormalizationParameters normalization(const std::string& name) const {
    if (!has(name + ".norm")) return {};
    const Population& norm = population(name + ".norm");
    return {norm.multiplier, norm.bias, norm.shift, norm.gain, norm.offset, norm.epsilon};
  }

  const Network& network_;
};

/// Where there is a LIF in front of the stream, and what its spikes count there.
void read_residual_form(const DecoderReader& reader, DecoderArchitecture& architecture) {
  const bool mlp = reader.has("block0.mlp.output");
  const bool attention = reader.has("block0.attention.output");
  if (!mlp && !attention) return;
  architecture.residual = mlp && attention ? ResidualForm::spiking
                          : mlp            ? ResidualForm::spiking_mlp
                                           : ResidualForm::first_block;
  // Attention's sum is residual1; an MLP's is residual2 behind attention, residual1 without it.
  const bool is_second = mlp && reader.has("block0.attention");
  const std::vector<std::int8_t>& shift =
      reader.population(is_second ? "residual2" : "residual1").shift;
  if (!shift.empty() && shift.front() < 0) {
    architecture.spike_bits = static_cast<std::uint8_t>(-shift.front());
  }
}

/// What of it spikes, and by which rule.
void read_spike_degree(const Model& model, const DecoderReader& reader,
                       DecoderArchitecture& architecture) {
  const auto spikes = [&](const std::string& name) {
    return reader.has(name) && !is_graded(reader.population(name).model);
  };
  const std::string attention = "block0.attention.input";
  const std::string mlp = "block0.mlp.input";
  if (spikes("head.input")) {
    architecture.spike_degree = 4;
  } else if (spikes(mlp)) {
    architecture.spike_degree = 3;
  } else if (spikes(attention)) {
    architecture.spike_degree = 2;
  } else {
    // 0 and 1 differ in what the embedding was before it became integers.
    const auto said = model.architecture.find("spike_degree");
    architecture.spike_degree = said != model.architecture.end() && said->second == "0" ? 0 : 1;
  }
  for (const std::string& name : {std::string("head.input"), mlp, attention}) {
    if (!spikes(name)) continue;
    architecture.fires_at_threshold = reader.population(name).fires_at_threshold;
    return;
  }
}

NormalizationForm read_normalization(const DecoderReader& reader) {
  for (const char* name : {"block0.mlp.hidden.norm", "block0.attention.query.norm"}) {
    if (!reader.has(name)) continue;
    return reader.population(name).model == NeuronModel::layer_norm ? NormalizationForm::layer
                                                                    : NormalizationForm::population;
  }
  return NormalizationForm::folded;
}

DecoderArchitecture read_architecture(const Model& model, const DecoderReader& reader) {
  DecoderArchitecture architecture;
  architecture.time_steps = model.network.time_steps();
  architecture.blocks = 0;
  while (reader.has("block" + std::to_string(architecture.blocks) + ".mlp.hidden")) {
    ++architecture.blocks;
  }
  architecture.embedding = reader.population("residual0").size;
  architecture.hidden = reader.population("block0.mlp.hidden").size;
  architecture.vocabulary = reader.population("readout").size;
  architecture.context = model.text.context;
  architecture.groups = model.text.groups;
  architecture.code_width = model.text.width;
  architecture.position_width = model.text.position_width;
  architecture.normalization = read_normalization(reader);
  architecture.joint_code = model.text.joint;
  read_spike_degree(model, reader, architecture);
  read_residual_form(reader, architecture);
  architecture.attention.reset();
  if (!reader.has("block0.attention")) return architecture;
  const AttentionParameters& attention = reader.population("block0.attention").attention;
  architecture.attention = attention.kind;
  architecture.heads = attention.heads;
  architecture.fraction_bits = attention.fraction_bits;
  return architecture;
}

void read_attention(const DecoderReader& reader, const DecoderArchitecture& architecture,
                    std::uint32_t b, BlockParameters& block) {
  const std::string attention = "block" + std::to_string(b) + ".attention";
  if (!architecture.attention_spikes()) {
    block.attention_rounded = reader.activation(attention + ".input");
    block.dense_query = reader.dense_layer(attention + ".query");
    block.dense_key = reader.dense_layer(attention + ".key");
    block.dense_value = reader.dense_layer(attention + ".value");
    block.softmax = reader.population(attention).softmax;
    block.attention_output = reader.residual_layer("residual" + std::to_string(2 * b + 1));
    return;
  }
  block.attention_input = reader.lif(attention + ".input");
  block.query = reader.spiking_layer(attention + ".query");
  block.key = reader.spiking_layer(attention + ".key");
  block.value = reader.spiking_layer(attention + ".value");
  block.decay_shift = reader.population(attention).attention.decay_shift;
  block.attention_threshold = reader.population(attention).threshold;
  if (architecture.attention_adds_spikes(b)) {
    block.attention_spikes = reader.spiking_layer(attention + ".output");
  } else {
    block.attention_output = reader.residual_layer("residual" + std::to_string(2 * b + 1));
  }
}

BlockParameters read_block(const DecoderReader& reader, const DecoderArchitecture& architecture,
                           std::uint32_t b) {
  const std::string mlp = "block" + std::to_string(b) + ".mlp";
  BlockParameters block;
  if (architecture.attention) read_attention(reader, architecture, b, block);
  if (architecture.mlp_spikes()) {
    block.mlp_input = reader.lif(mlp + ".input");
    block.mlp_hidden = reader.spiking_layer(mlp + ".hidden");
  } else {
    block.mlp_rounded = reader.activation(mlp + ".input");
    block.mlp_gelu = reader.dense_layer(mlp + ".hidden");
  }
  if (architecture.mlp_adds_spikes()) {
    block.mlp_spikes = reader.spiking_layer(mlp + ".output");
  } else {
    block.mlp_output =
        reader.residual_layer("residual" + std::to_string(architecture.mlp_residual(b)));
  }
  return block;
}

bool is_same(const Population& a, const Population& b) {
  return a.name == b.name && a.size == b.size && a.model == b.model && a.threshold == b.threshold &&
         a.bias == b.bias && a.initial_potential == b.initial_potential && a.shift == b.shift &&
         a.multiplier == b.multiplier && a.gain == b.gain && a.offset == b.offset &&
         a.epsilon == b.epsilon && a.table == b.table && a.softmax == b.softmax &&
         a.fires_at_threshold == b.fires_at_threshold &&
         a.resets_each_token == b.resets_each_token && a.attention.kind == b.attention.kind &&
         a.attention.heads == b.attention.heads &&
         a.attention.decay_shift == b.attention.decay_shift &&
         a.attention.fraction_bits == b.attention.fraction_bits;
}

bool is_same(const Projection& a, const Projection& b) {
  return a.source == b.source && a.target == b.target && a.port == b.port &&
         a.connectivity == b.connectivity && a.delay == b.delay &&
         a.per_time_step == b.per_time_step && a.weights == b.weights;
}

/// What was read must build the very network that it was read from.
void require_same(const Network& network, const Network& rebuilt) {
  const auto populations = network.populations();
  for (std::size_t i = 0; i < populations.size(); ++i) {
    if (i >= rebuilt.populations().size() || !is_same(populations[i], rebuilt.populations()[i])) {
      not_a_decoder("population " + populations[i].name + " is not in its place or differs");
    }
  }
  const auto projections = network.projections();
  for (std::size_t i = 0; i < projections.size(); ++i) {
    if (i >= rebuilt.projections().size() || !is_same(projections[i], rebuilt.projections()[i])) {
      not_a_decoder("projection " + network.population(projections[i].source).name + "->" +
                    network.population(projections[i].target).name +
                    " is not in its place or differs");
    }
  }
}

}  // namespace

DecoderParameters decoder_parameters(const Model& model) {
  const DecoderReader reader(model.network);
  DecoderParameters parameters;
  parameters.architecture = read_architecture(model, reader);
  parameters.embedding = reader.residual_layer("residual0");
  for (std::uint32_t b = 0; b < parameters.architecture.blocks; ++b) {
    parameters.blocks.push_back(read_block(reader, parameters.architecture, b));
  }
  if (parameters.architecture.head_spikes()) {
    parameters.head_input = reader.lif("head.input");
  } else {
    parameters.head_stream = reader.residual_layer("head.input");
  }
  parameters.readout_weights = reader.weights("readout");
  parameters.readout_bias = reader.population("readout").bias;
  require_same(model.network, build_decoder(parameters));
  return parameters;
}

}  // namespace synfire
