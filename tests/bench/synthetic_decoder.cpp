// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/synthetic_decoder.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "neurons/bounds.hpp"
#include "neurons/lif.hpp"
#include "neurons/network_reference.hpp"
#include "neurons/residual.hpp"
#include "neurons/spiking_attention.hpp"
#include "neurons/synaptic_sum.hpp"
#include "neurons/weights.hpp"
#include "sim/random.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t calibration_tokens = 16;
constexpr std::uint32_t checked_tokens = 16;
constexpr std::uint32_t context = 1024;      // tokens for which the bounds are proven, GPT-2's
constexpr std::uint8_t decay_shift = 1;      // half of an older token: steady after few tokens
constexpr std::uint8_t fraction_bits = 8;    // so that what `>>` leaves of old tokens is small
constexpr std::int8_t embedding_shift = -9;  // a spike is 2^9, the size of what blocks add
constexpr std::int8_t residual_shift = 2;
constexpr std::int32_t highest_threshold = 1 << 24;
constexpr double lowest_rate = 0.13;
constexpr double highest_rate = 0.17;

/// Streams of draws; weights take one a projection.
constexpr std::uint64_t token_stream = 1;
constexpr std::uint64_t weight_stream = 1000;

/// [token * time steps + step][index]: ids of neurons that fire, or one value per neuron.
using SpikeRows = std::vector<std::vector<std::uint32_t>>;
using ValueRows = std::vector<std::vector<std::int32_t>>;

/// A population drawn so far and what it does on the calibration tokens.
struct Signal {
  PopulationId population{};
  SpikeRows spikes;
  ValueRows values;
};

std::vector<std::int8_t> random_weights(std::uint64_t seed, std::uint64_t stream,
                                        std::size_t count) {
  constexpr std::uint64_t odd_bytes = 0x0101010101010101ULL;
  std::vector<std::int8_t> weights(count);
  RandomStream random(seed, stream);
  for (std::size_t i = 0; i < count; i += sizeof(std::uint64_t)) {
    const std::uint64_t bytes = random() | odd_bytes;
    std::memcpy(weights.data() + i, &bytes, std::min(sizeof(bytes), count - i));
  }
  return weights;
}

/// Draws layer by layer while the calibration tokens run through what is drawn.
class DecoderDraw {
 public:
  explicit DecoderDraw(const SyntheticShape& shape)
      : shape_(shape), rows_(std::size_t{calibration_tokens} * shape.time_steps) {}

  Network draw() && {
    Signal stream = add_embedding();
    for (std::uint32_t b = 0; b < shape_.blocks; ++b) {
      const std::string name = "block" + std::to_string(b);
      const Signal attended = add_attention(name + ".attention", stream);
      stream = add_residual(stream, attended);
      const Signal input = fire(name + ".mlp.input", stream);
      stream = add_residual(stream, fire_layer(name + ".mlp.hidden", shape_.hidden, input));
    }
    const Signal input = fire("head.input", stream);
    connect(input, shape_.vocabulary);
    add({.name = "readout",
         .size = shape_.vocabulary,
         .model = NeuronModel::readout,
         .bias = std::vector<std::int32_t>(shape_.vocabulary)});
    return {shape_.time_steps, std::move(populations_), std::move(projections_)};
  }

 private:
  PopulationId next_id() const {
    return PopulationId{static_cast<std::uint32_t>(populations_.size())};
  }

  PopulationId add(Population population) {
    const PopulationId id = next_id();
    populations_.push_back(std::move(population));
    return id;
  }

  /// One-to-one into the next population.
  void join(const Signal& source, Port port = Port::current) {
    projections_.push_back({.source = source.population,
                            .target = next_id(),
                            .port = port,
                            .connectivity = Connectivity::one_to_one});
  }

  /// Dense synapses into the next population.
  Weights connect(const Signal& source, std::uint32_t targets) {
    const std::size_t sources = populations_[index(source.population)].size;
    projections_.push_back(
        {.source = source.population,
         .target = next_id(),
         .weights =
             random_weights(shape_.seed, weight_stream + projections_.size(), sources * targets)});
    return projections_.back().weights;
  }

  ValueRows connected_sums(const Signal& source, std::uint32_t targets) {
    const Weights weights = connect(source, targets);
    ValueRows sums(rows_, std::vector<std::int32_t>(targets, 0));
    for (std::size_t row = 0; row < rows_; ++row) {
      add_rows(weights.data(), targets, source.spikes[row], sums[row]);
    }
    return sums;
  }

  Signal add_embedding() {
    Signal input{.population = add(
                     {.name = "embedding", .size = shape_.embedding, .model = NeuronModel::input}),
                 .spikes = {},
                 .values = {}};
    ValueRows code(rows_, std::vector<std::int32_t>(shape_.embedding, 0));
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto token = static_cast<std::uint32_t>(row / shape_.time_steps);
      input.spikes.push_back(synthetic_token(shape_, token));
      for (const std::uint32_t neuron : input.spikes.back()) code[row][neuron] = 1;
    }
    join(input);
    return residual(ValueRows(rows_, std::vector<std::int32_t>(shape_.embedding, 0)), code,
                    embedding_shift);
  }

  Signal add_residual(const Signal& stream, const Signal& source) {
    join(stream, Port::carry);
    return residual(stream.values, connected_sums(source, shape_.embedding), residual_shift);
  }

  Signal residual(const ValueRows& carry, const ValueRows& current, std::int8_t shift) {
    const PopulationId id = add({.name = "residual" + std::to_string(residuals_++),
                                 .size = shape_.embedding,
                                 .model = NeuronModel::residual,
                                 .bias = std::vector<std::int32_t>(shape_.embedding),
                                 .shift = std::vector<std::int8_t>(shape_.embedding, shift)});
    Signal out{.population = id, .spikes = {}, .values = current};
    for (std::size_t row = 0; row < rows_; ++row) {
      for (std::size_t i = 0; i < shape_.embedding; ++i) {
        out.values[row][i] = residual_output(carry[row][i], current[row][i], 0, shift);
      }
    }
    return out;
  }

  /// A LIF population that the residual stream feeds one-to-one.
  Signal fire(const std::string& name, const Signal& stream) {
    join(stream);
    return add_firing({.name = name, .size = shape_.embedding, .bias = zeros(shape_.embedding)},
                      stream.values);
  }

  Signal fire_layer(const std::string& name, std::uint32_t size, const Signal& source) {
    const ValueRows sums = connected_sums(source, size);
    return add_firing({.name = name, .size = size, .bias = zeros(size)}, sums);
  }

  Signal add_attention(const std::string& name, const Signal& stream) {
    const Signal input = fire(name + ".input", stream);
    const Signal query = fire_layer(name + ".query", shape_.embedding, input);
    const Signal key = fire_layer(name + ".key", shape_.embedding, input);
    const Signal value = fire_layer(name + ".value", shape_.embedding, input);
    join(query, Port::query);
    join(key, Port::key);
    join(value, Port::value);
    const AttentionParameters parameters{
        .kind = AttentionKind::leaky,
        .heads = shape_.heads,
        .decay_shift = std::vector<std::uint8_t>(shape_.heads, decay_shift),
        .fraction_bits = fraction_bits};
    SpikingAttention unit(
        parameters, {shape_.embedding / shape_.heads, 0, shape_.heads, shape_.time_steps, context},
        AttentionRealisation::state);
    ValueRows sums(rows_, std::vector<std::int32_t>(shape_.embedding, 0));
    for (std::size_t row = 0; row < rows_; ++row) {
      const auto step = static_cast<std::uint32_t>(row % shape_.time_steps);
      unit.step(step, query.spikes[row], key.spikes[row], value.spikes[row], sums[row]);
    }
    return add_firing({.name = name,
                       .size = shape_.embedding,
                       .model = NeuronModel::attention,
                       .attention = parameters},
                      sums);
  }

  /// Sets the threshold so that as close to 15 % fire as it goes.
  Signal add_firing(Population population, const ValueRows& current) {
    std::int32_t low = 1;
    std::int32_t high = highest_threshold;
    while (low < high) {
      const std::int32_t middle = low + (high - low) / 2;
      if (rate_of(spikes_at(middle, current), population.size) > synthetic_rate) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    population.threshold.assign(population.size, low);
    return {
        .population = add(std::move(population)), .spikes = spikes_at(low, current), .values = {}};
  }

  SpikeRows spikes_at(std::int32_t threshold, const ValueRows& current) const {
    const std::vector<std::int32_t> thresholds(current[0].size(), threshold);
    std::vector<std::int32_t> membrane(current[0].size());
    SpikeRows spikes(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
      if (row % shape_.time_steps == 0) std::ranges::fill(membrane, 0);
      update_lif({.threshold = thresholds}, current[row], 0, membrane, spikes[row]);
    }
    return spikes;
  }

  /// Over the tokens after the warm-up.
  double rate_of(const SpikeRows& spikes, std::uint32_t size) const {
    const std::size_t first = std::size_t{synthetic_warm_up} * shape_.time_steps;
    std::size_t count = 0;
    for (std::size_t row = first; row < rows_; ++row) count += spikes[row].size();
    return static_cast<double>(count) / static_cast<double>((rows_ - first) * size);
  }

  static std::vector<std::int32_t> zeros(std::uint32_t size) {
    return std::vector<std::int32_t>(size, 0);
  }

  const SyntheticShape& shape_;
  std::size_t rows_;
  std::uint32_t residuals_ = 0;
  std::vector<Population> populations_;
  std::vector<Projection> projections_;
};

}  // namespace

Network synthetic_decoder(const SyntheticShape& shape) {
  Network network = DecoderDraw(shape).draw();
  prove_bounds(network, context);
  return network;
}

std::vector<std::uint32_t> synthetic_token(const SyntheticShape& shape, std::uint32_t token) {
  RandomStream random(mix_bits(shape.seed) + token, token_stream);
  const auto wanted = static_cast<std::size_t>(synthetic_rate * shape.embedding + 0.5);
  std::vector<std::uint32_t> spikes;
  for (std::uint32_t neuron = 0; neuron < shape.embedding; ++neuron) {
    const std::uint32_t left = shape.embedding - neuron;
    if (random.below(left) < wanted - spikes.size()) spikes.push_back(neuron);
  }
  return spikes;
}

std::string rates_outside_goal(const Network& network, const SyntheticShape& shape) {
  NetworkReference reference(network, context);
  std::vector<std::size_t> spikes(network.populations().size());
  for (std::uint32_t token = 0; token < synthetic_warm_up + checked_tokens; ++token) {
    reference.run_token(synthetic_token(shape, calibration_tokens + token));
    if (token < synthetic_warm_up) continue;
    for (std::uint32_t step = 0; step < shape.time_steps; ++step) {
      for (std::uint32_t p = 0; p < spikes.size(); ++p) {
        spikes[p] += reference.spikes(PopulationId{p}, step).size();
      }
    }
  }
  std::string outside;
  for (std::size_t p = 0; p < spikes.size(); ++p) {
    const Population& population = network.populations()[p];
    if (is_graded(population.model) || population.model == NeuronModel::readout) continue;
    const double rate = static_cast<double>(spikes[p]) /
                        (static_cast<double>(checked_tokens) * shape.time_steps * population.size);
    if (rate >= lowest_rate && rate <= highest_rate) continue;
    outside += (outside.empty() ? "" : ", ") + population.name + " " + std::to_string(rate);
  }
  return outside;
}

}  // namespace synfire::bench
