// SPDX-License-Identifier: Apache-2.0
#include "neurons/network_reference.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "neurons/attention_reference.hpp"
#include "neurons/lif.hpp"
#include "neurons/normalization.hpp"
#include "neurons/residual.hpp"
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
  void update(PopulationId id, std::uint32_t step);
  void receive(PopulationId id, std::uint32_t step);
  void receive_one_to_one(const Activity& from, std::vector<std::int32_t>& to) const;
  void attend(PopulationId id, std::uint32_t step);
  Activity& activity_of(PopulationId id, std::uint32_t step) { return activity[index(id)][step]; }

  const Network& network;
  std::uint32_t context;
  std::uint32_t visible = 0;
  std::uint32_t tokens = 0;
  PopulationId readout{};
  std::vector<std::vector<Activity>> activity;      // [population][step]
  std::vector<std::vector<std::int32_t>> membrane;  // [population]
  std::map<PopulationId, AttentionReference> attention;
  std::vector<std::int32_t> current, carry, logits;  // of the population being updated
};

NetworkReference::Impl::Impl(const Network& network_in, std::uint32_t context_in)
    : network(network_in), context(context_in), membrane(network_in.populations().size()) {
  bool has_readout = false;
  for (const PopulationId id : network.evaluation_order()) {
    const Population& population = network.population(id);
    if (population.model == NeuronModel::attention) {
      attention.emplace(id, AttentionReference(population, network.time_steps()));
    }
    if (population.model == NeuronModel::readout) {
      readout = id;
      has_readout = true;
    }
    membrane[index(id)].assign(population.size, 0);
  }
  activity.assign(network.populations().size(), std::vector<Activity>(network.time_steps()));
  if (!has_readout)
    throw ConfigError("populations", "no readout; add one population of model readout");
}

void NetworkReference::Impl::reset() {
  tokens = 0;
  for (auto& [id, unit] : attention) unit.reset();
  for (auto& potentials : membrane) std::ranges::fill(potentials, 0);
}

void NetworkReference::Impl::receive_one_to_one(const Activity& from,
                                                std::vector<std::int32_t>& to) const {
  for (std::size_t i = 0; i < from.payloads.size(); ++i) to[i] += from.payloads[i];
  if (from.payloads.empty()) {
    for (const std::uint32_t neuron : from.spikes) ++to[neuron];
  }
}

/// Sums everything that arrives in this step into `current` and `carry`.
void NetworkReference::Impl::receive(PopulationId id, std::uint32_t step) {
  const std::uint32_t size = network.population(id).size;
  current.assign(size, 0);
  carry.assign(size, 0);
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const Activity& from = activity_of(projection.source, step);
    auto& sum = projection.port == Port::carry ? carry : current;
    if (projection.connectivity == Connectivity::one_to_one) {
      receive_one_to_one(from, sum);
    } else {
      add_rows(network.weight_row(projection, step, 0).data(), size, from.spikes, sum);
    }
  }
}

void NetworkReference::Impl::attend(PopulationId id, std::uint32_t step) {
  const std::uint32_t size = network.population(id).size;
  std::vector<std::uint8_t> query(size), key(size), value(size);
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const auto& spikes = activity_of(projection.source, step).spikes;
    raise(spikes, projection.port == Port::query ? query
                  : projection.port == Port::key ? key
                                                 : value);
  }
  current.assign(size, 0);
  attention.at(id).step(step, query, key, value, visible, current);
}

void NetworkReference::Impl::update(PopulationId id, std::uint32_t step) {
  const Population& population = network.population(id);
  if (population.model == NeuronModel::input) return;
  Activity& out = activity_of(id, step);
  out.spikes.clear();
  if (population.model == NeuronModel::attention) {
    attend(id, step);
  } else {
    receive(id, step);
  }
  switch (population.model) {
    case NeuronModel::lif:
    case NeuronModel::attention:
      update_lif({population.bias, population.threshold, population.fires_at_threshold}, current, 0,
                 membrane[index(id)], out.spikes);
      out.potentials = membrane[index(id)];
      break;
    case NeuronModel::residual:
    case NeuronModel::normalization:
      out.payloads.resize(population.size);
      for (std::size_t i = 0; i < population.size; ++i) {
        out.payloads[i] =
            population.model == NeuronModel::residual
                ? residual_output(carry[i], current[i], population.bias[i], population.shift[i])
                : normalization_output(current[i], population.multiplier[i], population.bias[i],
                                       population.shift[i]);
      }
      break;
    case NeuronModel::readout:
      for (std::size_t i = 0; i < population.size; ++i) logits[i] += current[i];
      break;
    case NeuronModel::input:
      break;
  }
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
  Impl& impl = *impl_;
  if (impl.tokens == impl.context) {
    throw ConfigError("context", "all " + std::to_string(impl.context) +
                                     " tokens are used; reset or take a longer context");
  }
  ++impl.tokens;
  impl.logits = impl.network.population(impl.readout).bias;
  for (std::uint32_t i = 0; i < impl.membrane.size(); ++i) {
    if (impl.network.populations()[i].resets_each_token) std::ranges::fill(impl.membrane[i], 0);
  }
  for (std::uint32_t step = 0; step < impl.network.time_steps(); ++step) {
    for (const PopulationId id : impl.network.evaluation_order()) {
      if (impl.network.population(id).model == NeuronModel::input) {
        impl.activity_of(id, step).spikes.assign(input_spikes.begin(), input_spikes.end());
      }
      impl.update(id, step);
    }
  }
  return impl.logits;
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
