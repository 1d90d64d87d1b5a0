// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "models/detail/content_hash.hpp"
#include "models/model_file.hpp"
#include "models/real_model.hpp"

namespace synfire {
namespace {

using detail::ContentHash;

void add(ContentHash& hash, const Population& population) {
  hash.text(population.name);
  hash.value(population.size);
  hash.text(to_string(population.model));
  hash.list(population.threshold);
  hash.list(population.bias);
  hash.list(population.shift);
  hash.list(population.multiplier);
  hash.value(std::uint8_t{population.fires_at_threshold});
  hash.value(std::uint8_t{population.resets_each_token});
  if (population.model != NeuronModel::attention) return;
  hash.text(to_string(population.attention.kind));
  hash.value(population.attention.heads);
  hash.list(population.attention.decay_shift);
  hash.value(population.attention.fraction_bits);
}

/// What the second version of the format did not have.
bool is_third(const Model& model) {
  return model.text.joint || has_dense_parts(model.network);
}

/// What the first version of the format did not have.
bool is_extended(const Model& model) {
  const Network& network = model.network;
  return !model.has_text() || model.stimulus || network.greatest_delay() > 0 || is_third(model) ||
         std::ranges::any_of(network.populations(),
                             [](const Population& p) { return !p.initial_potential.empty(); });
}

void add_extensions(ContentHash& hash, const Model& model) {
  for (const Population& population : model.network.populations()) {
    hash.list(population.initial_potential);
  }
  for (const Projection& projection : model.network.projections()) hash.value(projection.delay);
  hash.value(std::uint8_t{model.stimulus.has_value()});
  if (!model.stimulus) return;
  hash.value(model.stimulus->duration);
  for (const SpikeTrain& train : model.stimulus->inputs) {
    hash.list(train.steps);
    hash.list(train.neurons);
  }
}

/// What only the third version of the format has.
void add_dense_parts(ContentHash& hash, const Model& model) {
  hash.value(std::uint8_t{model.text.joint});
  for (const Population& population : model.network.populations()) {
    hash.list(population.table);
    hash.list(population.gain);
    hash.list(population.offset);
    hash.value(population.epsilon);
    if (population.model != NeuronModel::softmax_attention) continue;
    hash.value(population.attention.heads);
    hash.value(population.attention.fraction_bits);
    hash.value(population.softmax.score_shift);
    hash.value(population.softmax.ln2);
    hash.value(population.softmax.b);
    hash.value(population.softmax.c);
  }
}

void add(ContentHash& hash, const Projection& projection) {
  hash.value(index(projection.source));
  hash.value(index(projection.target));
  hash.text(to_string(projection.port));
  hash.text(to_string(projection.connectivity));
  hash.value(std::uint8_t{projection.per_time_step});
  hash.list(std::span<const std::int8_t>(projection.weights));
}

/// Characters as the first version of the format did; words one by one.
void add(ContentHash& hash, const Alphabet& alphabet) {
  if (alphabet.level() == TextLevel::character) return hash.text(alphabet.characters());
  hash.text("words");
  hash.value(std::uint64_t{alphabet.size()});
  for (const std::string& word : alphabet.symbols()) hash.text(word);
}

void add(ContentHash& hash, const TextInterface& text) {
  add(hash, text.alphabet);
  hash.value(text.context);
  hash.value(text.groups);
  hash.value(text.width);
  hash.list(text.code);
  hash.value(text.position_width);
  hash.list(text.position_code);
  hash.value(text.logit_scale);
  hash.text(text.input);
  hash.text(text.readout);
}

}  // namespace

std::string model_identity(const Model& model) {
  ContentHash hash;
  hash.text(is_third(model)      ? "synfire-model 3"
            : is_extended(model) ? "synfire-model 2"
                                 : "synfire-model 1");
  hash.value(model.network.time_steps());
  hash.value(std::uint64_t{model.network.populations().size()});
  for (const Population& population : model.network.populations()) add(hash, population);
  hash.value(std::uint64_t{model.network.projections().size()});
  for (const Projection& projection : model.network.projections()) add(hash, projection);
  add(hash, model.text);
  if (is_extended(model)) add_extensions(hash, model);
  if (is_third(model)) add_dense_parts(hash, model);
  for (const auto& [key, value] : model.architecture) {
    hash.text(key);
    hash.text(value);
  }
  return hash.digits();
}

std::string real_model_identity(const RealModel& model) {
  ContentHash hash;
  hash.text("synfire-real-model 1");
  const RealArchitecture& a = model.architecture;
  hash.value(std::uint8_t{a.has_attention});
  for (const std::uint32_t size : {a.blocks, a.embedding, a.heads, a.hidden, a.groups, a.context}) {
    hash.value(size);
  }
  add(hash, model.alphabet);
  for (const RealTensor& tensor : model.tensors) {
    hash.text(tensor.name);
    hash.list(tensor.extents);
    hash.list(tensor.values);
  }
  return hash.digits();
}

}  // namespace synfire
