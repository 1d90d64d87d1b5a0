// SPDX-License-Identifier: Apache-2.0
#include "neurons/network_check.hpp"

#include <algorithm>
#include <bit>
#include <set>
#include <string>

#include "neurons/activation.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

constexpr std::uint32_t max_time_steps = 1024;
constexpr std::uint32_t max_population_size = 1U << 24U;
constexpr std::size_t max_populations = 1U << 16U;
constexpr int max_shift = 31;
constexpr int max_decay_shift = 15;
constexpr int max_fraction_bits = 20;

constexpr std::int32_t max_exp_offset = 1 << 15;
constexpr std::int32_t max_exp_constant = 1 << 30;

struct Uses {
  bool threshold, bias, shift, multiplier, gain = false;
};

constexpr Uses uses_of(NeuronModel model) {
  switch (model) {
    case NeuronModel::input:
      return {false, false, false, false};
    case NeuronModel::lif:
    case NeuronModel::integrate_fire:
      return {true, true, false, false};
    case NeuronModel::residual:
      return {false, true, true, false};
    case NeuronModel::normalization:
    case NeuronModel::activation:
      return {false, true, true, true};
    case NeuronModel::layer_norm:
      return {false, true, true, true, true};
    case NeuronModel::attention:
      return {true, false, false, false};
    case NeuronModel::softmax_attention:
      return {false, false, false, false};
    case NeuronModel::readout:
      return {false, true, false, false};
  }
  return {};
}

void check_length(const Population& population, const char* what, std::size_t length, bool used) {
  const std::size_t wanted = used ? population.size : 0;
  if (length == wanted) return;
  throw ConfigError("populations." + population.name + "." + what,
                    std::to_string(length) + " values for " + std::to_string(wanted) +
                        " neurons that use it; give one per neuron, or none where unused");
}

/// Optional: one value per neuron, or none.
void check_initial_potential(const Population& population) {
  const bool is_used =
      population.model == NeuronModel::lif || population.model == NeuronModel::integrate_fire;
  check_length(population, "initial_potential", population.initial_potential.size(),
               is_used && !population.initial_potential.empty());
}

void check_ranges(const Population& population) {
  const std::string place = "populations." + population.name;
  for (const std::int32_t threshold : population.threshold) {
    if (threshold < 1) {
      throw ConfigError(place + ".threshold",
                        std::to_string(threshold) + " is not above the reset 0; give at least 1");
    }
  }
  // A product of 64 bits has no room for a shift to the left.
  const bool is_cut =
      population.model == NeuronModel::activation || population.model == NeuronModel::layer_norm;
  const int least = is_cut ? 0 : -max_shift;
  for (const std::int8_t shift : population.shift) {
    if (shift < least || shift > max_shift) {
      throw ConfigError(place + ".shift", std::to_string(int{shift}) + " is outside " +
                                              std::to_string(least) + "..31");
    }
  }
}

void check_attention(const Population& population) {
  const std::string place = "populations." + population.name + ".attention";
  const AttentionParameters& attention = population.attention;
  if (attention.heads == 0 || population.size % attention.heads != 0) {
    throw ConfigError(place + ".heads", std::to_string(attention.heads) + " does not divide " +
                                            std::to_string(population.size) + " neurons");
  }
  const bool is_softmax = population.model == NeuronModel::softmax_attention;
  const bool is_leaky = !is_softmax && attention.kind == AttentionKind::leaky;
  if (attention.decay_shift.size() != (is_leaky ? attention.heads : 0)) {
    throw ConfigError(place + ".decay_shift", "needs one value per head (none unless leaky)");
  }
  for (const std::uint8_t shift : attention.decay_shift) {
    if (shift < 1 || shift > max_decay_shift) {
      throw ConfigError(place + ".decay_shift", std::to_string(shift) + " is outside 1..15");
    }
  }
  if (attention.fraction_bits > (is_leaky || is_softmax ? max_fraction_bits : 0)) {
    throw ConfigError(place + ".fraction_bits", "is outside 0..20 (0 unless leaky or softmax)");
  }
}

void check_softmax(const Population& population) {
  const std::string place = "populations." + population.name + ".softmax";
  const SoftmaxParameters& softmax = population.softmax;
  const auto require = [&](bool holds, const char* what, const char* range) {
    if (!holds) throw ConfigError(place + what, std::string("is outside ") + range);
  };
  require(softmax.score_shift >= 0 && softmax.score_shift <= max_shift, ".score_shift", "0..31");
  require(softmax.ln2 >= 1 && softmax.ln2 <= max_exp_offset, ".ln2", "1..32768");
  require(softmax.b >= softmax.ln2 && softmax.b <= max_exp_offset, ".b", "ln2..32768");
  require(softmax.c >= 1 && softmax.c <= max_exp_constant, ".c", "1..2^30");
}

/// A power of two of entries for an activation, none for others.
void check_table(const Population& population) {
  const std::size_t size = population.table.size();
  const bool is_used = population.model == NeuronModel::activation;
  if (is_used ? size >= 2 && size <= max_activation_table && std::has_single_bit(size) : size == 0)
    return;
  throw ConfigError(
      "populations." + population.name + ".table",
      "has " + std::to_string(size) +
          " entries; an activation needs a power of two from 2 to 65536, others none");
}

void check_population(const Population& population) {
  const std::string place = "populations." + population.name;
  if (population.name.empty() || population.name.find('/') != std::string::npos) {
    throw ConfigError(place, "a name must not be empty or contain '/'");
  }
  if (population.size == 0 || population.size > max_population_size) {
    throw ConfigError(place + ".size", std::to_string(population.size) + " is outside 1..2^24");
  }
  const Uses uses = uses_of(population.model);
  check_length(population, "threshold", population.threshold.size(), uses.threshold);
  check_length(population, "bias", population.bias.size(), uses.bias);
  check_length(population, "shift", population.shift.size(), uses.shift);
  check_length(population, "multiplier", population.multiplier.size(), uses.multiplier);
  check_length(population, "gain", population.gain.size(), uses.gain);
  check_length(population, "offset", population.offset.size(), uses.gain);
  check_table(population);
  check_initial_potential(population);
  check_ranges(population);
  if (attends(population.model)) check_attention(population);
  if (population.model == NeuronModel::softmax_attention) check_softmax(population);
  if (population.model == NeuronModel::layer_norm && population.epsilon < 1) {
    throw ConfigError(place + ".epsilon", std::to_string(population.epsilon) +
                                              " is less than 1, so that a deviation could be 0");
  }
}

bool takes(NeuronModel model, Port port) {
  switch (port) {
    case Port::current:
      return model != NeuronModel::input && !attends(model);
    case Port::carry:
      return model == NeuronModel::residual;
    case Port::query:
    case Port::key:
    case Port::value:
      return attends(model);
  }
  return false;
}

/// What a source may send to a port: carries need a one-to-one way, heads of spiking
/// attention need spikes, those of softmax payloads.
void check_signal(const Projection& projection, const Population& source, const Population& target,
                  const std::string& place) {
  if (!takes(target.model, projection.port)) {
    throw ConfigError(place + ".port", "a population of model " +
                                           std::string(to_string(target.model)) + " has no port " +
                                           std::string(to_string(projection.port)));
  }
  if (source.model == NeuronModel::readout) {
    throw ConfigError(place, "a readout sends to the host only");
  }
  const bool one_to_one = projection.connectivity == Connectivity::one_to_one;
  if (projection.port == Port::carry && !one_to_one) {
    throw ConfigError(place, "a carry needs one_to_one connectivity; feed the current instead");
  }
  if (target.model == NeuronModel::attention && (is_graded(source.model) || !one_to_one)) {
    throw ConfigError(place, "attention takes spikes, one_to_one");
  }
  if (target.model == NeuronModel::softmax_attention &&
      (source.model != NeuronModel::activation || !one_to_one)) {
    throw ConfigError(place, "softmax attention takes payloads of activations, one_to_one");
  }
}

void check_weights(const Projection& projection, std::uint32_t time_steps, const Population& source,
                   const Population& target, const std::string& place) {
  if (projection.connectivity == Connectivity::one_to_one) {
    if (source.size != target.size) {
      throw ConfigError(place, "one_to_one joins populations of different size");
    }
    if (!projection.weights.empty() || projection.per_time_step) {
      throw ConfigError(place + ".weights", "one_to_one has no weights; leave them out");
    }
    return;
  }
  const std::size_t blocks = projection.per_time_step ? time_steps : 1;
  const std::size_t wanted = blocks * source.size * target.size;
  if (projection.weights.size() != wanted) {
    throw ConfigError(place + ".weights", std::to_string(projection.weights.size()) +
                                              " weights instead of " + std::to_string(wanted));
  }
}

void check_source_range(const Projection& projection, const Population& source,
                        const std::string& place) {
  const std::uint32_t begin = projection.source_begin;
  const std::uint32_t end =
      projection.source_end == to_last_neuron ? source.size : projection.source_end;
  if (begin >= end || end > source.size) {
    throw ConfigError(place + ".source_begin", std::to_string(begin) + " to " +
                                                   std::to_string(end) + " is no range of the " +
                                                   std::to_string(source.size) + " source neurons");
  }
  if (projection.connectivity == Connectivity::one_to_one && end - begin < source.size) {
    throw ConfigError(place + ".source_begin", "one_to_one takes all sources; leave the range out");
  }
}

void check_attention_inputs(std::span<const Population> populations,
                            std::span<const Projection> projections) {
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    if (!attends(populations[i].model)) continue;
    for (const Port port : {Port::query, Port::key, Port::value}) {
      const auto count = std::ranges::count_if(projections, [&](const Projection& projection) {
        return projection.target == PopulationId{i} && projection.port == port;
      });
      if (count == 1) continue;
      throw ConfigError("populations." + populations[i].name,
                        "port " + std::string(to_string(port)) + " has " + std::to_string(count) +
                            " projections; give exactly one");
    }
  }
}

/// A population steps when its sources have ended the step, so it needs one.
void check_sources(std::span<const Population> populations,
                   std::span<const Projection> projections) {
  for (std::uint32_t i = 0; i < populations.size(); ++i) {
    if (populations[i].model == NeuronModel::input) continue;
    if (std::ranges::find(projections, PopulationId{i}, &Projection::target) != projections.end()) {
      continue;
    }
    throw ConfigError("populations." + populations[i].name,
                      "no projection reaches it; add one, or make it an input");
  }
}

void check_projection(const Projection& projection, std::uint32_t time_steps,
                      std::span<const Population> populations) {
  if (index(projection.source) >= populations.size() ||
      index(projection.target) >= populations.size()) {
    throw ConfigError("projections", "names a population that does not exist");
  }
  const Population& source = populations[index(projection.source)];
  const Population& target = populations[index(projection.target)];
  const std::string place = "projections." + source.name + "->" + target.name;
  if (projection.delay > max_delay) {
    throw ConfigError(place + ".delay",
                      std::to_string(projection.delay) + " is outside 0..1023 time steps");
  }
  check_signal(projection, source, target, place);
  check_weights(projection, time_steps, source, target, place);
  check_source_range(projection, source, place);
}

}  // namespace

void check_network(std::uint32_t time_steps, std::span<const Population> populations,
                   std::span<const Projection> projections) {
  if (time_steps == 0 || time_steps > max_time_steps) {
    throw ConfigError("time_steps", std::to_string(time_steps) + " is outside 1..1024");
  }
  if (populations.empty() || populations.size() >= max_populations) {
    throw ConfigError("populations", "there must be 1 to 65535");
  }
  std::set<std::string_view> names;
  for (const Population& population : populations) {
    check_population(population);
    if (!names.insert(population.name).second) {
      throw ConfigError("populations." + population.name, "appears twice; rename one");
    }
  }
  if (std::ranges::count(populations, NeuronModel::readout, &Population::model) > 1) {
    throw ConfigError("populations", "have more than one readout; join them in one");
  }
  for (const Projection& projection : projections) {
    check_projection(projection, time_steps, populations);
  }
  check_attention_inputs(populations, projections);
  check_sources(populations, projections);
}

}  // namespace synfire
