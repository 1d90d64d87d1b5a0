// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_network.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "neurons/network_reference.hpp"
#include "sim/random.hpp"

namespace synfire::test {
namespace {

constexpr std::uint64_t stream = 11;
constexpr std::uint32_t longest_delay = 3;

class NetworkDraw {
 public:
  explicit NetworkDraw(std::uint64_t seed) : random_(seed, stream) {}

  Model draw() && {
    time_steps_ = one_to(6);
    const std::uint32_t inputs = one_to(3);
    for (std::uint32_t i = 0; i < inputs; ++i) add_population(NeuronModel::input);
    const std::uint32_t spiking = one_to(5);
    for (std::uint32_t i = 0; i < spiking; ++i) {
      add_population(chance(2) ? NeuronModel::lif : NeuronModel::integrate_fire);
    }
    const auto last = static_cast<std::uint32_t>(populations_.size());
    for (std::uint32_t target = inputs; target < last; ++target) drive(target, last);
    if (chance(2)) add_relay(static_cast<std::uint32_t>(below(last)));
    if (chance(2)) add_readout(static_cast<std::uint32_t>(below(last)));
    Network network(time_steps_, std::move(populations_), std::move(projections_));
    Stimulus stimulus = draw_stimulus(network);
    return {.network = std::move(network),
            .text = {},
            .architecture = {},
            .provenance = {},
            .identity = "",
            .stimulus = std::move(stimulus)};
  }

 private:
  std::uint64_t below(std::uint64_t end) { return random_.below(end); }
  std::uint32_t one_to(std::uint32_t most) { return 1 + static_cast<std::uint32_t>(below(most)); }
  bool chance(std::uint64_t one_in) { return below(one_in) == 0; }
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(last - first + 1)));
  }
  template <typename T>
  std::vector<T> values(std::size_t count, std::int64_t first, std::int64_t last) {
    std::vector<T> drawn(count);
    for (T& value : drawn) value = static_cast<T>(between(first, last));
    return drawn;
  }

  std::uint32_t add_population(NeuronModel model) {
    const auto number = static_cast<std::uint32_t>(populations_.size());
    Population population;
    population.name = std::string(to_string(model)) + std::to_string(number);
    population.size = chance(3) ? 8 : 2 + one_to(16);
    population.model = model;
    population.fires_at_threshold = chance(2);
    population.resets_each_token = chance(2);
    if (has_membrane(model)) {
      population.threshold = values<std::int32_t>(population.size, 20, 120);
      population.bias = values<std::int32_t>(population.size, -5, 15);
      if (chance(2)) {
        population.initial_potential = values<std::int32_t>(population.size, -50, 150);
      }
    }
    populations_.push_back(std::move(population));
    return number;
  }

  /// A projection whose delay makes it recurrent without harm.
  void join(std::uint32_t source, std::uint32_t target, std::uint32_t shortest) {
    Projection projection;
    projection.source = PopulationId{source};
    projection.target = PopulationId{target};
    projection.delay = shortest + static_cast<std::uint32_t>(below(longest_delay + 1 - shortest));
    const std::size_t size =
        std::size_t{populations_[source].size} * std::size_t{populations_[target].size};
    if (populations_[source].size == populations_[target].size && chance(2) &&
        populations_[target].model != NeuronModel::readout) {
      projection.connectivity = Connectivity::one_to_one;
    } else {
      projection.per_time_step = chance(5);
      projection.weights =
          values<std::int8_t>(size * (projection.per_time_step ? time_steps_ : 1), -50, 80);
    }
    projections_.push_back(std::move(projection));
  }

  void drive(std::uint32_t target, std::uint32_t populations) {
    const std::uint32_t count = one_to(3);
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto source = static_cast<std::uint32_t>(below(populations));
      join(source, target, source < target ? 0 : 1);
    }
  }

  /// Spikes to payloads and back to spikes, each with a delay of its own.
  void add_relay(std::uint32_t source) {
    const std::uint32_t relay = add_population(NeuronModel::residual);
    Population& population = populations_[relay];
    population.bias = values<std::int32_t>(population.size, -10, 10);
    population.shift = values<std::int8_t>(population.size, -1, 2);
    const std::uint32_t size = population.size;
    join(source, relay, 0);
    const std::uint32_t target = add_population(NeuronModel::integrate_fire);
    Population& driven = populations_[target];
    driven.size = size;
    driven.threshold.resize(size, 60);
    driven.bias.resize(size, 0);
    driven.initial_potential.clear();
    Projection payloads;
    payloads.source = PopulationId{relay};
    payloads.target = PopulationId{target};
    payloads.connectivity = Connectivity::one_to_one;
    payloads.delay = static_cast<std::uint32_t>(below(longest_delay));
    projections_.push_back(payloads);
  }

  void add_readout(std::uint32_t source) {
    const std::uint32_t readout = add_population(NeuronModel::readout);
    populations_[readout].bias = values<std::int32_t>(populations_[readout].size, -100, 100);
    join(source, readout, 0);
  }

  Stimulus draw_stimulus(const Network& network) {
    Stimulus stimulus;
    stimulus.duration = one_to(3) * time_steps_;
    for (const PopulationId id : network.inputs()) {
      SpikeTrain train;
      for (std::uint32_t step = 0; step < stimulus.duration; ++step) {
        for (std::uint32_t neuron = 0; neuron < network.population(id).size; ++neuron) {
          if (!chance(3)) continue;
          train.steps.push_back(step);
          train.neurons.push_back(neuron);
        }
      }
      stimulus.inputs.push_back(std::move(train));
    }
    return stimulus;
  }

  RandomStream random_;
  std::uint32_t time_steps_ = 1;
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
};

}  // namespace

Model random_network(std::uint64_t seed) {
  return NetworkDraw(seed).draw();
}

ReferenceRun run_reference(const Model& model) {
  NetworkReference reference(model.network, model.context());
  ReferenceRun result;
  for (std::uint32_t n = 0; n < model.presentations(); ++n) {
    const auto logits =
        reference.run_presentation(model.stimulus->presentation(n, model.network.time_steps()));
    result.logits.emplace_back(logits.begin(), logits.end());
    append_spikes(reference, model.network, n, result.spikes);
  }
  std::ranges::sort(result.spikes);
  return result;
}

ChipRun run_chip(const Model& model, const ChipDescription& chip, const Mapping& mapping,
                 SimulationOptions options) {
  ChipRun run;
  options.context = model.context();
  ChipSimulation simulation(model.network, chip, mapping, options, run.probe);
  for (std::uint32_t n = 0; n < model.presentations(); ++n) {
    simulation.push_stimulus(model.stimulus->presentation(n, model.network.time_steps()));
    if (n >= model.presentations() / 2) simulation.run_until_readout(n);
  }
  simulation.drain();
  run.totals = simulation.totals();
  for (const auto& token : run.probe.tokens) run.logits.push_back(token.logits);
  return run;
}

}  // namespace synfire::test
