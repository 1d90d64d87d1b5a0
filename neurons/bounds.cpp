// SPDX-License-Identifier: Apache-2.0
#include "neurons/bounds.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "neurons/layer_norm.hpp"
#include "neurons/residual.hpp"
#include "sim/error.hpp"
#include "sim/multiversion.hpp"

namespace synfire {
namespace {

/// Beyond this a sum is refused anyway; clipping keeps the proof itself from overflowing.
constexpr std::int64_t ceiling = std::int64_t{1} << 40;

std::int64_t clip(std::int64_t bound) {
  return std::min(bound, ceiling);
}

/// Of numbers that are not negative.
std::int64_t clipped_product(std::int64_t bound, std::int64_t factor) {
  return factor > 0 && bound > ceiling / factor ? ceiling : bound * factor;
}

/// Adds the positive weights of a row to one sum, the negative ones to the other.
SYNFIRE_LOOP void add_by_sign(const std::int8_t* row, std::size_t size, std::int64_t* positive,
                              std::int64_t* negative) {
  for (std::size_t i = 0; i < size; ++i) {
    positive[i] += std::max<std::int8_t>(row[i], 0);
    negative[i] -= std::min<std::int8_t>(row[i], 0);
  }
}

/// Largest |sum| that one step of a dense projection can bring to each target neuron: of spikes,
/// all positive or all negative weights at once; of payloads up to `largest`, all by their signs.
std::vector<std::int64_t> dense_bound(const Network& network, const Projection& projection,
                                      std::uint32_t step, std::int64_t largest) {
  const std::uint32_t targets = network.population(projection.target).size;
  std::vector<std::int64_t> positive(targets, 0), negative(targets, 0);
  for (std::uint32_t source = projection.source_begin; source < projection.source_end; ++source) {
    const auto row = network.weight_row(projection, step, source);
    multiversion<add_by_sign>(row.data(), targets, positive.data(), negative.data());
  }
  for (std::uint32_t i = 0; i < targets; ++i) {
    positive[i] = network.multiplies(projection)
                      ? clipped_product(positive[i] + negative[i], largest)
                      : std::max(positive[i], negative[i]);
  }
  return positive;
}

struct InputBound {
  std::vector<std::int64_t> current;  ///< one step
  std::vector<std::int64_t> carry;
  std::vector<std::int64_t> total;  ///< all steps of a token
};

InputBound input_bound(const Network& network, PopulationId id,
                       const std::vector<PopulationBound>& bounds) {
  const std::uint32_t size = network.population(id).size;
  InputBound in{std::vector<std::int64_t>(size, 0), std::vector<std::int64_t>(size, 0),
                std::vector<std::int64_t>(size, 0)};
  const std::uint32_t steps = network.time_steps();
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    auto& port = projection.port == Port::carry ? in.carry : in.current;
    if (projection.connectivity == Connectivity::one_to_one) {
      // A spike is 1 whatever is known of its source, which a delay may put behind this population.
      const bool is_payload = is_graded(network.population(projection.source).model);
      const std::int64_t payload = is_payload ? bounds[index(projection.source)].output : 1;
      for (std::uint32_t i = 0; i < size; ++i) {
        port[i] = clip(port[i] + payload);
        in.total[i] = clip(in.total[i] + payload * steps);
      }
      continue;
    }
    const std::uint32_t variants = projection.per_time_step ? steps : 1;
    std::vector<std::int64_t> largest(size, 0);
    for (std::uint32_t step = 0; step < variants; ++step) {
      const auto dense =
          dense_bound(network, projection, step, bounds[index(projection.source)].output);
      for (std::uint32_t i = 0; i < size; ++i) {
        largest[i] = std::max(largest[i], dense[i]);
        in.total[i] = clip(in.total[i] + clipped_product(dense[i], steps / variants));
      }
    }
    for (std::uint32_t i = 0; i < size; ++i) port[i] = clip(port[i] + largest[i]);
  }
  return in;
}

std::int64_t attention_sum_bound(const Population& population, std::uint32_t context,
                                 std::int64_t& entry) {
  const std::int64_t d = population.size / population.attention.heads;
  if (population.attention.kind == AttentionKind::published) {
    entry = context;
    return clip(d * context);
  }
  // S - (S >> k) + 2^F stands still at the latest when S >> k = 2^F.
  const int k = *std::ranges::max_element(population.attention.decay_shift);
  const std::int64_t one = std::int64_t{1} << population.attention.fraction_bits;
  entry = std::min(((one + 1) << k) - 1, one * context);
  return clip(d * entry);
}

void require_int32(const Population& population, const char* what, std::int64_t bound) {
  if (bound <= std::numeric_limits<std::int32_t>::max()) return;
  throw ConfigError("populations." + population.name,
                    std::string(what) + " can reach " + std::to_string(bound) +
                        ", more than 32 bits hold; use smaller weights, biases or fan-in");
}

/// An upper bound of |value >> shift| that cannot overflow itself.
std::int64_t shifted_bound(std::int64_t value, int shift) {
  if (shift < 0 && value > (ceiling >> -shift)) return ceiling;
  return clip(shift_right(value, shift) + 1);
}

std::int64_t largest_entry(const std::vector<std::int32_t>& table) {
  std::int64_t largest = 0;
  for (const std::int32_t entry : table) largest = std::max(largest, std::abs(std::int64_t{entry}));
  return largest;
}

/// |z| times the multiplier of normalization and LayerNorm, plus the bias, shifted.
std::int64_t scaled_bound(const Population& population, std::size_t i, std::int64_t current) {
  const std::int64_t factor = std::abs(std::int64_t{population.multiplier[i]});
  const std::int64_t offset = std::abs(std::int64_t{population.bias[i]});
  const std::int64_t input = std::min(current, std::int64_t{1} << 31);
  return shifted_bound(input * factor + offset, population.shift[i]);
}

/// Proves that the squares fit, too (neurons/layer_norm.hpp).
std::int64_t layer_norm_bound(const Population& population, std::size_t i, std::int64_t current) {
  const std::int64_t z = scaled_bound(population, i, current);
  const double deviation = std::ldexp(2.0 * static_cast<double>(z), deviation_bits);
  if (population.size * deviation * deviation > 0x1p62) {
    throw ConfigError("populations." + population.name,
                      "squares can pass 64 bits; use a smaller multiplier or a greater shift");
  }
  const auto root = static_cast<std::int64_t>(integer_square_root(population.size)) + 1;
  const std::int64_t gain = std::abs(std::int64_t{population.gain[i]});
  return clip(((2 * root * gain) >> deviation_bits) + 1 +
              std::abs(std::int64_t{population.offset[i]}));
}

struct NeuronBound {
  std::int64_t state = 0;
  std::int64_t output = 1;
};

/// `steps`: from a reset of the membrane to the next.
NeuronBound neuron_bound(const Population& population, std::size_t i, const InputBound& in,
                         std::int64_t current, std::int64_t steps) {
  const std::int64_t start = population.initial_potential.empty()
                                 ? 0
                                 : std::abs(std::int64_t{population.initial_potential[i]});
  switch (population.model) {
    case NeuronModel::lif:
      return {clip(std::max(start, current) + current), 1};  // V + X before the shift
    case NeuronModel::integrate_fire:
      return {clip(start + clipped_product(current, steps)), 1};
    case NeuronModel::residual: {
      const std::int64_t out = clip(in.carry[i] + shifted_bound(current, population.shift[i]));
      return {clip(out + current), out};
    }
    case NeuronModel::normalization:
      return {current, scaled_bound(population, i, current)};
    case NeuronModel::activation:
      return {current, largest_entry(population.table)};
    case NeuronModel::layer_norm:
      return {current, layer_norm_bound(population, i, current)};
    case NeuronModel::readout: {
      const std::int64_t logit = clip(in.total[i] + std::abs(std::int64_t{population.bias[i]}));
      return {logit, logit};
    }
    case NeuronModel::input:
    case NeuronModel::attention:
    case NeuronModel::softmax_attention:
      break;
  }
  return {};
}

/// Weights of the exponential times values, over all tokens, in 64 bits; what is sent is a mean of
/// values.
PopulationBound softmax_bound(const Network& network, PopulationId id, std::uint32_t context,
                              const std::vector<PopulationBound>& bounds) {
  const Population& population = network.population(id);
  PopulationBound bound;
  std::int64_t score = population.size / population.attention.heads;
  for (const ProjectionId incoming : network.incoming(id)) {
    const Projection& projection = network.projection(incoming);
    const std::int64_t payload = bounds[index(projection.source)].output;
    if (projection.port == Port::value) {
      bound.output = clip(payload << population.attention.fraction_bits);
    } else {
      score = clipped_product(score, payload);
    }
  }
  bound.current = score;
  const SoftmaxParameters& softmax = population.softmax;
  const std::int64_t weight = std::int64_t{softmax.b} * softmax.b + softmax.c;
  constexpr double holds = 0x1p62;
  if (static_cast<double>(weight) * context * static_cast<double>(bound.output) > holds) {
    throw ConfigError("populations." + population.name,
                      "weighted values can pass 64 bits; use a smaller softmax.b, softmax.c or "
                      "fraction_bits");
  }
  return bound;
}

PopulationBound bound_of(const Network& network, PopulationId id, std::uint32_t context,
                         const std::vector<PopulationBound>& bounds) {
  const Population& population = network.population(id);
  PopulationBound bound;
  if (population.model == NeuronModel::attention) {
    std::int64_t entry = 0;
    bound.current = attention_sum_bound(population, context, entry);
    bound.state = std::max(2 * bound.current, entry);  // V + Y before the shift
    bound.output = 1;
    return bound;
  }
  if (population.model == NeuronModel::softmax_attention) {
    return softmax_bound(network, id, context, bounds);
  }
  const InputBound in = input_bound(network, id, bounds);
  const std::int64_t steps =
      std::int64_t{network.time_steps()} * (population.resets_each_token ? 1 : context);
  for (std::size_t i = 0; i < population.size; ++i) {
    const bool is_behind_product = !population.multiplier.empty();  // in another unit
    const std::int64_t bias = population.bias.empty() || is_behind_product ? 0 : population.bias[i];
    const std::int64_t current = clip(in.current[i] + std::abs(bias));
    const NeuronBound neuron = neuron_bound(population, i, in, current, steps);
    bound.current = std::max(bound.current, current);
    bound.state = std::max(bound.state, neuron.state);
    bound.output = std::max(bound.output, neuron.output);
  }
  return bound;
}

}  // namespace

std::int64_t signed_width(std::int64_t bound) {
  return static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(bound))) + 1;
}

std::vector<PopulationBound> prove_bounds(const Network& network, std::uint32_t context) {
  std::vector<PopulationBound> bounds(network.populations().size());
  for (const PopulationId id : network.evaluation_order()) {
    const Population& population = network.population(id);
    PopulationBound& bound = bounds[index(id)];
    bound = bound_of(network, id, context, bounds);
    require_int32(population, "synaptic input", bound.current);
    require_int32(population, "state", bound.state);
    require_int32(population, "output", bound.output);
  }
  return bounds;
}

}  // namespace synfire
