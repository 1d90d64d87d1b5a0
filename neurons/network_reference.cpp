// SPDX-License-Identifier: Apache-2.0
#include "neurons/network_reference.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "neurons/activation.hpp"
#include "neurons/attention_reference.hpp"
#include "neurons/integrate_fire.hpp"
#include "neurons/layer_norm.hpp"
#include "neurons/lif.hpp"
#include "neurons/normalization.hpp"
#include "neurons/residual.hpp"
#include "neurons/softmax_attention.hpp"
#include "neurons/synaptic_sum.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

/// What one population showed in one time step.
struct Activity {
  std::vector<std::uint32_t> spikes;
  std::vector<std::int32_t> payloads;
  std::vector<std::int32_t> potentials;
};

void raise(std::span<const std::uint32_t> spikes, std::span<std::uint8_t> flags) {
  std::ranges::fill(flags, std::uint8_t{0});
  for (const std::uint32_t neuron : spikes) flags[neuron] = 1;
}

}  // namespace

struct NetworkReference::Impl {
  Impl(const Network& network_in, std::uint32_t context_in);
  void reset();
  /// Runs a token whose input spikes `spikes_of(input, step)` says.
  template <typename Spikes>
  std::span<const std::int32_t> run(Spikes spikes_of);
  void begin_token();
  void restart_membrane(std::uint32_t population);
  void update(PopulationId id, std::uint32_t step);
  void receive(PopulationId id, std::uint32_t step);
  void receive_one_to_one(const Activity& from, std::vector<std::int32_t>& to) const;
  void receive_products(const Projection& projection, std::uint32_t step,
                        std::span<const std::int32_t> payloads);
  void attend(PopulationId id, std::uint32_t step);
  void attend_softly(PopulationId id, std::uint32_t step);
  void send_graded(const Population& population, std::vector<std::int32_t>& payloads) const;
  /// Of `step` of the current token; steps of earlier ones, as far as delays reach, lie before 0.
  Activity& activity_of(PopulationId id, std::int64_t step) {
    const auto& steps = activity[index(id)];
    return activity[index(id)][static_cast<std::size_t>(first_step + step) % steps.size()];
  }
  /// What the projection brings in `step`; null before the source has sent anything.
  const Activity* arriving(const Projection& projection, std::uint32_t step) {
    const std::int64_t sent = std::int64_t{step} - projection.delay;
    return first_step + sent < 0 ? nullptr : &activity_of(projection.source, sent);
  }

  const Network& network;
  std::uint32_t context;
  std::uint32_t visible = 0;
  std::uint32_t tokens = 0;
  std::int64_t first_step = 0;                      // of the current token, since the reset
  std::vector<std::vector<Activity>> activity;      // [population][step since the reset, in a ring]
  std::vector<std::vector<std::int32_t>> membrane;  // [population]
  std::map<PopulationId, AttentionReference> attention;
  std::map<PopulationId, SoftmaxAttention> softmax_attention;
  std::vector<std::int32_t> current, carry, logits;  // of the population being updated
};

NetworkReference::Impl::Impl(const Network& network_in, std::uint32_t context_in)
    : network(network_in), context(context_in), membrane(network_in.populations().size()) {
  for (const PopulationId id : network.evaluation_order()) {
    const Population& population = network.population(id);
    if (population.model == NeuronModel::attention) {
      attention.emplace(id, AttentionReference(population, network.time_steps()));
    }
    if (population.model == NeuronModel::softmax_attention) {
      const std::uint32_t heads = population.attention.heads;
      const AttentionShape shape{population.size / heads, 0, heads, network.time_steps(), context};
      softmax_attention.emplace(id, SoftmaxAttention(population, shape));
    }
    restart_membrane(index(id));
  }
  activity.assign(network.populations().size(),
                  std::vector<Activity>(network.time_steps() + network.greatest_delay()));
}

void NetworkReference::Impl::restart_membrane(std::uint32_t population) {
  const Population& p = network.populations()[population];
  membrane[population] = p.initial_potential;
  membrane[population].resize(p.size, 0);
}

void NetworkReference::Impl::reset() {
  tokens = 0;
  first_step = 0;
  for (auto& [id, unit] : attention) unit.reset();
  for (auto& [id, unit] : softmax_attention) unit.reset();
  for (std::uint32_t i = 0; i < membrane.size(); ++i) restart_membrane(i);
}

void NetworkReference::Impl::receive_one_to_one(const Activity& from,
                                                std::vector<std::int32_t>& to) const {
  for (std::size_t i = 0; i < from.payloads.size(); ++i) to[i] += from.payloads[i];
  if (from.payloads.empty()) {
    for (const std::uint32_t neuron : from.spikes) ++to[neuron];
  }
}

/// current[i] += sum_j weight[j][i] * payload[j], written down as it stands.
void NetworkReference::Impl::receive_products(const Projection& projection, std::uint32_t step,
                                              std::span<const std::int32_t> payloads) {
  for (std::uint32_t j = projection.source_begin; j < projection.source_end; ++j) {
    const auto row = network.weight_row(projection, step, j);
    for (std::size_t i = 0; i < row.size(); ++i) current[i] += row[i] * payloads[j];
  }
}

/// Sums everything that arrives in this step into `current` and `carry`.
void NetworkReference::Impl::receive(PopulationId id, std::uint32_t step) {
  const std::uint32_t size = network.population(id).size;
  current.assign(size, 0);
  carry.assign(size, 0);
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const Activity* from = arriving(projection, step);
    if (from == nullptr) continue;
    auto& sum = projection.port == Port::carry ? carry : current;
    if (projection.connectivity == Connectivity::one_to_one) {
      receive_one_to_one(*from, sum);
    } else if (network.multiplies(projection)) {
      receive_products(projection, step, from->payloads);
    } else {
      add_rows(network.weight_row(projection, step, 0).data(), size,
               taking_part(projection, from->spikes), sum);
    }
  }
}

void NetworkReference::Impl::attend(PopulationId id, std::uint32_t step) {
  const std::uint32_t size = network.population(id).size;
  std::vector<std::uint8_t> query(size), key(size), value(size);
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const Activity* from = arriving(projection, step);
    if (from == nullptr) continue;
    raise(from->spikes, projection.port == Port::query ? query
                        : projection.port == Port::key ? key
                                                       : value);
  }
  current.assign(size, 0);
  attention.at(id).step(step, query, key, value, visible, current);
}

void NetworkReference::Impl::attend_softly(PopulationId id, std::uint32_t step) {
  const std::uint32_t size = network.population(id).size;
  std::vector<std::int32_t> query(size), key(size), value(size);
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const Activity* from = arriving(projection, step);
    if (from == nullptr) continue;
    auto& to = projection.port == Port::query ? query : projection.port == Port::key ? key : value;
    receive_one_to_one(*from, to);
  }
  std::vector<std::int32_t>& out = activity_of(id, step).payloads;
  out.resize(size);
  softmax_attention.at(id).step(step, query, key, value, out, visible);
}

void NetworkReference::Impl::send_graded(const Population& population,
                                         std::vector<std::int32_t>& payloads) const {
  payloads.resize(population.size);
  if (population.model == NeuronModel::layer_norm) {
    layer_norm(population, current, payloads);
    return;
  }
  for (std::size_t i = 0; i < population.size; ++i) {
    const std::int32_t bias = population.bias[i];
    const std::int8_t shift = population.shift[i];
    payloads[i] = population.model == NeuronModel::residual
                      ? residual_output(carry[i], current[i], bias, shift)
                  : population.model == NeuronModel::normalization
                      ? normalization_output(current[i], population.multiplier[i], bias, shift)
                      : activation_output(current[i], population.multiplier[i], bias, shift,
                                          population.table);
  }
}

void NetworkReference::Impl::update(PopulationId id, std::uint32_t step) {
  const Population& population = network.population(id);
  if (population.model == NeuronModel::input) return;
  Activity& out = activity_of(id, step);
  out.spikes.clear();
  if (population.model == NeuronModel::attention) {
    attend(id, step);
  } else if (population.model == NeuronModel::softmax_attention) {
    attend_softly(id, step);
  } else {
    receive(id, step);
  }
  const FiringParameters firing{population.bias, population.threshold,
                                population.fires_at_threshold};
  switch (population.model) {
    case NeuronModel::lif:
    case NeuronModel::attention:
      update_lif(firing, current, 0, membrane[index(id)], out.spikes);
      out.potentials = membrane[index(id)];
      break;
    case NeuronModel::integrate_fire:
      update_integrate_fire(firing, current, 0, membrane[index(id)], out.spikes);
      out.potentials = membrane[index(id)];
      break;
    case NeuronModel::residual:
    case NeuronModel::normalization:
    case NeuronModel::activation:
    case NeuronModel::layer_norm:
      send_graded(population, out.payloads);
      break;
    case NeuronModel::readout:
      for (std::size_t i = 0; i < population.size; ++i) logits[i] += current[i];
      break;
    case NeuronModel::input:
    case NeuronModel::softmax_attention:
      break;
  }
}

void NetworkReference::Impl::begin_token() {
  if (tokens == context) {
    throw ConfigError("context", "all " + std::to_string(context) +
                                     " tokens are used; reset or take a longer context");
  }
  first_step = std::int64_t{tokens} * network.time_steps();
  ++tokens;
  logits.clear();
  if (const auto readout = network.readout()) logits = network.population(*readout).bias;
  for (std::uint32_t i = 0; i < membrane.size(); ++i) {
    if (network.populations()[i].resets_each_token) restart_membrane(i);
  }
}

template <typename Spikes>
std::span<const std::int32_t> NetworkReference::Impl::run(Spikes spikes_of) {
  begin_token();
  for (std::uint32_t step = 0; step < network.time_steps(); ++step) {
    for (std::size_t i = 0; i < network.inputs().size(); ++i) {
      const auto spikes = spikes_of(i, step);
      activity_of(network.inputs()[i], step).spikes.assign(spikes.begin(), spikes.end());
    }
    for (const PopulationId id : network.evaluation_order()) update(id, step);
  }
  return logits;
}

NetworkReference::NetworkReference(const Network& network, std::uint32_t context)
    : impl_(std::make_unique<Impl>(network, context)) {}
NetworkReference::~NetworkReference() = default;
NetworkReference::NetworkReference(NetworkReference&&) noexcept = default;

void NetworkReference::reset() {
  impl_->reset();
}

void NetworkReference::limit_attention(std::uint32_t tokens) {
  impl_->visible = tokens;
}

std::span<const std::int32_t> NetworkReference::run_token(
    std::span<const std::uint32_t> input_spikes) {
  if (impl_->network.inputs().size() != 1) {
    throw ConfigError("populations", "have not exactly one input, which tokens need");
  }
  return impl_->run([&](std::size_t, std::uint32_t) { return input_spikes; });
}

std::span<const std::int32_t> NetworkReference::run_presentation(
    std::span<const SpikeTrain> inputs) {
  check_presentation(impl_->network, inputs);
  return impl_->run([&](std::size_t input, std::uint32_t step) { return inputs[input].at(step); });
}

std::span<const std::uint32_t> NetworkReference::spikes(PopulationId population,
                                                        std::uint32_t step) const {
  return impl_->activity_of(population, step).spikes;
}

std::span<const std::int32_t> NetworkReference::payloads(PopulationId population,
                                                         std::uint32_t step) const {
  return impl_->activity_of(population, step).payloads;
}

std::span<const std::int32_t> NetworkReference::potentials(PopulationId population,
                                                           std::uint32_t step) const {
  return impl_->activity_of(population, step).potentials;
}

}  // namespace synfire
