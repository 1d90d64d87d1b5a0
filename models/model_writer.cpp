// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <map>
#include <string>

#include "models/detail/alphabet_layout.hpp"
#include "models/detail/model_layout.hpp"
#include "models/model_file.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "sim/pending_file.hpp"

namespace synfire {
namespace {

template <typename T>
void write_unless_empty(Hdf5File& file, const std::string& dataset,
                        const std::vector<std::uint64_t>& extents, const std::vector<T>& values) {
  if (!values.empty()) file.write<T>(dataset, extents, values);
}

void write_attention(Hdf5File& file, const std::string& group,
                     const AttentionParameters& attention) {
  file.write_string_attribute(group, "attention", std::string(to_string(attention.kind)));
  file.write_attribute(group, "heads", attention.heads);
  file.write_attribute(group, "fraction_bits", attention.fraction_bits);
  write_unless_empty(file, group + "/decay_shift", {attention.heads}, attention.decay_shift);
}

void write_softmax(Hdf5File& file, const std::string& group, const Population& population) {
  file.write_attribute(group, "heads", population.attention.heads);
  file.write_attribute(group, "fraction_bits", population.attention.fraction_bits);
  file.write_attribute(group, "score_shift", population.softmax.score_shift);
  file.write_attribute(group, "exp_ln2", population.softmax.ln2);
  file.write_attribute(group, "exp_b", population.softmax.b);
  file.write_attribute(group, "exp_c", population.softmax.c);
}

void write_population(Hdf5File& file, std::uint32_t number, const Population& population) {
  const std::string group = "/populations/" + population.name;
  file.create_group(group);
  file.write_attribute(group, "index", number);
  file.write_string_attribute(group, "model", std::string(to_string(population.model)));
  file.write_attribute(group, "size", population.size);
  file.write_attribute(group, "fires_at_threshold", std::uint8_t{population.fires_at_threshold});
  file.write_attribute(group, "resets_each_token", std::uint8_t{population.resets_each_token});
  write_unless_empty(file, group + "/threshold", {population.size}, population.threshold);
  write_unless_empty(file, group + "/bias", {population.size}, population.bias);
  write_unless_empty(file, group + "/initial_potential", {population.size},
                     population.initial_potential);
  write_unless_empty(file, group + "/shift", {population.size}, population.shift);
  write_unless_empty(file, group + "/multiplier", {population.size}, population.multiplier);
  write_unless_empty(file, group + "/table", {population.table.size()}, population.table);
  write_unless_empty(file, group + "/gain", {population.size}, population.gain);
  write_unless_empty(file, group + "/offset", {population.size}, population.offset);
  if (population.model == NeuronModel::layer_norm) {
    file.write_attribute(group, "epsilon", population.epsilon);
  }
  if (population.model == NeuronModel::softmax_attention) write_softmax(file, group, population);
  if (population.model == NeuronModel::attention) {
    write_attention(file, group, population.attention);
  }
}

void write_projection(Hdf5File& file, std::uint32_t number, const Network& network) {
  const Projection& projection = network.projection(ProjectionId{number});
  const Population& source = network.population(projection.source);
  const Population& target = network.population(projection.target);
  const std::string group = "/projections/" + std::to_string(number);
  file.create_group(group);
  file.write_string_attribute(group, "source", source.name);
  file.write_string_attribute(group, "target", target.name);
  file.write_string_attribute(group, "port", std::string(to_string(projection.port)));
  file.write_string_attribute(group, "connectivity",
                              std::string(to_string(projection.connectivity)));
  file.write_attribute(group, "delay", projection.delay);
  std::vector<std::uint64_t> extents{source.size, target.size};
  if (projection.per_time_step) extents.insert(extents.begin(), network.time_steps());
  SYNFIRE_ASSERT(projection.source_begin == 0 && projection.source_end == source.size,
                 "writes a network that was split for a chip");
  if (!projection.weights.empty()) {
    file.write<std::int8_t>(group + "/weights", extents, projection.weights);
  }
}

void write_text(Hdf5File& file, const TextInterface& text) {
  file.create_group("/text");
  detail::write_alphabet(file, "/text", text.alphabet);
  file.write_attribute("/text", "context", text.context);
  file.write_attribute("/text", "groups", text.groups);
  file.write_attribute("/text", "width", text.width);
  file.write_attribute("/text", "position_width", text.position_width);
  if (text.joint) file.write_attribute("/text", "joint", std::uint8_t{1});
  file.write_attribute("/text", "logit_scale", text.logit_scale);
  file.write_string_attribute("/text", "input", text.input);
  file.write_string_attribute("/text", "readout", text.readout);
  write_unless_empty(file, "/text/code", {text.groups, text.alphabet.size(), text.width},
                     text.code);
  write_unless_empty(file, "/text/position_code", {text.context, text.position_width},
                     text.position_code);
}

void write_stimulus(Hdf5File& file, const Network& network, const Stimulus& stimulus) {
  file.create_group("/stimulus");
  file.write_attribute("/stimulus", "duration", stimulus.duration);
  for (std::size_t i = 0; i < network.inputs().size(); ++i) {
    const std::string group = "/stimulus/" + network.population(network.inputs()[i]).name;
    file.create_group(group);
    file.write(group + "/time_step", stimulus.inputs[i].steps);
    file.write(group + "/neuron", stimulus.inputs[i].neurons);
  }
}

void write_texts(Hdf5File& file, const std::string& group,
                 const std::map<std::string, std::string>& texts) {
  file.create_group(group);
  for (const auto& [key, value] : texts) file.write_string_attribute(group, key, value);
}

}  // namespace

void write_model(const Model& model, const std::filesystem::path& path) {
  PendingFile pending(path);
  Hdf5File file = Hdf5File::create(pending.path());
  file.write_string_attribute("/", "magic", detail::model_magic);
  file.write_attribute("/", "version", detail::model_version);
  file.write_attribute("/", "time_steps", model.network.time_steps());
  file.write_string_attribute("/", "identity", model_identity(model));
  file.create_group("/populations");
  for (std::uint32_t i = 0; i < model.network.populations().size(); ++i) {
    write_population(file, i, model.network.populations()[i]);
  }
  file.create_group("/projections");
  for (std::uint32_t i = 0; i < model.network.projections().size(); ++i) {
    write_projection(file, i, model.network);
  }
  if (model.has_text()) write_text(file, model.text);
  if (model.stimulus) write_stimulus(file, model.network, *model.stimulus);
  write_texts(file, "/architecture", model.architecture);
  write_texts(file, "/provenance", model.provenance);
  file.close();
  pending.publish();
}

}  // namespace synfire
