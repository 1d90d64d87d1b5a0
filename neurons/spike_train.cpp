// SPDX-License-Identifier: Apache-2.0
#include "neurons/spike_train.hpp"

#include <algorithm>
#include <utility>

#include "sim/error.hpp"

namespace synfire {

std::span<const std::uint32_t> SpikeTrain::at(std::uint32_t step) const {
  const auto [begin, end] = std::ranges::equal_range(steps, step);
  return std::span(neurons).subspan(static_cast<std::size_t>(begin - steps.begin()),
                                    static_cast<std::size_t>(end - begin));
}

SpikeTrain SpikeTrain::part(std::uint32_t first, std::uint32_t count) const {
  const auto begin = std::ranges::lower_bound(steps, first) - steps.begin();
  const auto end = std::ranges::lower_bound(steps, first + count) - steps.begin();
  SpikeTrain result{{steps.begin() + begin, steps.begin() + end},
                    {neurons.begin() + begin, neurons.begin() + end}};
  for (std::uint32_t& step : result.steps) step -= first;
  return result;
}

void check_spike_train(const SpikeTrain& train, std::uint32_t size, std::uint32_t duration,
                       const std::string& place) {
  if (train.steps.size() != train.neurons.size()) {
    throw ConfigError(place, "has " + std::to_string(train.steps.size()) + " time steps for " +
                                 std::to_string(train.neurons.size()) + " neurons");
  }
  const auto refuse = [&](std::size_t i, const std::string& fact) {
    throw ConfigError(place, "spike " + std::to_string(i) + " is of neuron " +
                                 std::to_string(train.neurons[i]) + " in step " +
                                 std::to_string(train.steps[i]) + fact);
  };
  for (std::size_t i = 0; i < train.steps.size(); ++i) {
    if (train.neurons[i] >= size || train.steps[i] >= duration) {
      refuse(i, ", beyond the " + std::to_string(size) + " neurons or " + std::to_string(duration) +
                    " steps that there are");
    }
    if (i > 0 && std::pair(train.steps[i - 1], train.neurons[i - 1]) >=
                     std::pair(train.steps[i], train.neurons[i])) {
      refuse(i, ", not behind the spike before it; sort by time step, then by neuron, each once");
    }
  }
}

void check_presentation(const Network& network, std::span<const SpikeTrain> inputs) {
  const auto populations = network.inputs();
  if (inputs.size() != populations.size()) {
    throw ConfigError("stimulus", "has spikes for " + std::to_string(inputs.size()) + " of " +
                                      std::to_string(populations.size()) + " input populations");
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const Population& population = network.population(populations[i]);
    check_spike_train(inputs[i], population.size, network.time_steps(),
                      "stimulus." + population.name);
  }
}

}  // namespace synfire
