// SPDX-License-Identifier: Apache-2.0
#include "models/detail/stimulus_source.hpp"

#include <algorithm>
#include <string>

namespace synfire::detail {
namespace {

constexpr const char* place = "/stimulus";
constexpr std::uint32_t max_duration = 1U << 30U;
/// As a text's context: what bounds are proven for.
constexpr std::uint32_t max_presentations = 1U << 20U;

std::uint32_t read_duration(const ModelSource& source, const Network& network) {
  const std::uint32_t duration = source.size(place, "duration", max_duration);
  const std::uint32_t steps = network.time_steps();
  if (duration % steps != 0 || duration / steps > max_presentations) {
    source.refuse(place, "attribute 'duration' is " + std::to_string(duration) +
                             " steps, not 1 to 2^20 presentations of " + std::to_string(steps));
  }
  return duration;
}

SpikeTrain read_train(const ModelSource& source, const std::string& group) {
  if (!source.file().contains(group)) source.refuse(group, "is missing");
  source.require_members(group, {"time_step", "neuron"});
  SpikeTrain train;
  for (const auto& [name, column] :
       {std::pair{"/time_step", &train.steps}, std::pair{"/neuron", &train.neurons}}) {
    if (!source.file().contains(group + name)) source.refuse(group + name, "is missing");
    *column =
        source.integers<std::uint32_t>(group + name, {source.file().shape(group + name).rows()});
  }
  return train;
}

}  // namespace

Stimulus read_stimulus(const ModelSource& source, const Network& network) {
  source.require_attributes(place, {"duration"});
  Stimulus stimulus{read_duration(source, network), {}};
  for (const std::string& name : source.file().children(place)) {
    const auto id = network.find(name);
    if (id && network.population(*id).model == NeuronModel::input) continue;
    source.refuse(std::string(place) + "/" + name, "names no input population");
  }
  for (const PopulationId id : network.inputs()) {
    const Population& population = network.population(id);
    const std::string group = std::string(place) + "/" + population.name;
    stimulus.inputs.push_back(read_train(source, group));
    source.at(group, [&] {
      check_spike_train(stimulus.inputs.back(), population.size, stimulus.duration,
                        population.name);
    });
  }
  return stimulus;
}

}  // namespace synfire::detail
