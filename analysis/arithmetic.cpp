// SPDX-License-Identifier: Apache-2.0
#include "analysis/arithmetic.hpp"

#include <algorithm>
#include <numeric>
#include <string>

#include "analysis/energy.hpp"

namespace synfire {
namespace {

constexpr double joules_per_addition = 0.9e-12;             // Horowitz, ISSCC 2014: 45 nm, FP32
constexpr double joules_per_multiply_accumulate = 4.6e-12;  // the same table: 3.7 + 0.9 pJ
constexpr double artificial_head_factor = 0.2;              // `2E-1` as Python reads it

/// Spikes per neuron and step; 0 of a population that never stepped (on a dead neurocore).
double rate_of(const SimulationTotals& totals, PopulationId id) {
  const std::int64_t steps = totals.neuron_steps_per_population[index(id)];
  if (steps == 0) return 0;
  return static_cast<double>(totals.spikes_per_population[index(id)]) / static_cast<double>(steps);
}

/// Spikes per neuron and step of the populations `block{b}.NAME`, mean over the blocks.
double block_rate(const Network& network, const SimulationTotals& totals, std::int64_t blocks,
                  const std::string& name) {
  double sum = 0;
  for (std::int64_t block = 0; block < blocks; ++block) {
    const auto id = network.find("block" + std::to_string(block) + "." + name);
    if (id) sum += rate_of(totals, *id);
  }
  return blocks == 0 ? 0 : sum / static_cast<double>(blocks);
}

struct Sizes {
  double tokens, width, hidden, blocks, vocabulary, steps;
};

Sizes sizes(const DecoderShape& shape, std::int64_t tokens) {
  return {static_cast<double>(tokens),
          static_cast<double>(shape.width),
          static_cast<double>(shape.hidden_width),
          static_cast<double>(shape.blocks),
          static_cast<double>(shape.vocabulary),
          static_cast<double>(shape.time_steps)};
}

/// FLOPs of one block and time step: one of Q, K, V; the attention product; its projection.
struct AttentionFlops {
  double projection_in, scores, projection_out;
};

AttentionFlops attention_flops(const Sizes& size, const DecoderRates& rates) {
  const double signals = size.tokens * size.width;
  return {
      2 * rates.attention_input * signals * size.width + signals,
      2 * rates.query * signals * size.tokens + 2 * rates.attention_score * signals * size.width,
      2 * rates.attention * signals * size.width + signals};
}

double artificial(const DecoderShape& shape, std::int64_t tokens, double head_factor,
                  double second_product) {
  const Sizes n = sizes(shape, tokens);
  const double signals = n.tokens * n.width;
  const double block = (2 * n.width - 1) * n.tokens * n.tokens + (2 * n.tokens - 1) * signals +
                       4 * ((2 * n.width - 1) * signals + signals) +
                       (2 * n.width - 1) * n.tokens * n.hidden + n.hidden * n.tokens +
                       second_product + signals;
  const double head = head_factor * n.tokens * n.vocabulary + n.vocabulary * n.tokens;
  return joules_per_multiply_accumulate * (n.blocks * block + head);
}

/// All but the head.
double spiking_blocks(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens,
                      std::optional<std::int64_t> attention_additions) {
  const Sizes n = sizes(shape, tokens);
  const double signals = n.tokens * n.width;
  AttentionFlops attention = attention_flops(n, rates);
  if (attention_additions) {
    attention.scores = static_cast<double>(*attention_additions) / (n.steps * n.blocks);
  }
  const double mlp_in = 2 * rates.mlp_input * signals * n.hidden + n.tokens * n.hidden;
  const double mlp_out = 2 * rates.mlp_hidden * n.tokens * n.hidden * n.width + signals;
  const double block =
      3 * attention.projection_in + attention.scores + attention.projection_out + mlp_in + mlp_out;
  return joules_per_addition * n.steps * n.blocks * block;
}

}  // namespace

std::optional<DecoderShape> decoder_shape(const Network& network) {
  const auto input = network.find("block0.attention.input");
  const auto hidden = network.find("block0.mlp.hidden");
  const auto readout = network.find("readout");
  const auto head = network.find("head.input");
  if (!input || !hidden || !readout || !head) return std::nullopt;
  for (const PopulationId id : {*input, *hidden, *head}) {
    if (is_graded(network.population(id).model)) return std::nullopt;  // it does not spike
  }
  DecoderShape shape{.width = network.population(*input).size,
                     .hidden_width = network.population(*hidden).size,
                     .blocks = 0,
                     .vocabulary = network.population(*readout).size,
                     .time_steps = network.time_steps()};
  while (network.find("block" + std::to_string(shape.blocks) + ".mlp.hidden")) ++shape.blocks;
  return shape;
}

DecoderRates measured_rates(const Network& network, const SimulationTotals& totals,
                            std::int64_t score_nonzeros, std::int64_t tokens) {
  const auto shape = decoder_shape(network);
  if (!shape || tokens == 0) return {};
  const auto rate = [&](const std::string& name) {
    return block_rate(network, totals, shape->blocks, name);
  };
  const PopulationId head = *network.find("head.input");
  const auto samples = static_cast<double>(shape->blocks * shape->time_steps * tokens);
  return {.attention_input = rate("attention.input"),
          .query = rate("attention.query"),
          .attention_score =
              static_cast<double>(score_nonzeros) / (samples * static_cast<double>(shape->width)),
          .attention = rate("attention"),
          .mlp_input = rate("mlp.input"),
          .mlp_hidden = rate("mlp.hidden"),
          .head_input = rate_of(totals, head)};
}

namespace arithmetic {

double spiking(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens,
               std::optional<std::int64_t> attention_additions) {
  const Sizes n = sizes(shape, tokens);
  const double head =
      2 * rates.head_input * n.tokens * n.width * n.vocabulary + n.vocabulary * n.tokens;
  return spiking_blocks(shape, rates, tokens, attention_additions) + joules_per_addition * head;
}

double spiking_but_head(const DecoderShape& shape, const DecoderRates& rates, std::int64_t tokens) {
  const Sizes n = sizes(shape, tokens);
  return spiking_blocks(shape, rates, tokens, std::nullopt) +
         joules_per_multiply_accumulate * 2 * n.width * n.tokens * n.vocabulary;
}

double partially_spiking(const DecoderShape& shape, const DecoderRates& rates,
                         std::int64_t tokens) {
  const Sizes n = sizes(shape, tokens);
  const AttentionFlops attention = attention_flops(n, rates);
  const double spiking_flops =
      attention.projection_in + attention.scores + attention.projection_out;
  const double dense_flops = 2 * ((2 * n.width - 1) * n.tokens * n.hidden + n.tokens * n.hidden);
  const double head = (n.width - 1) * n.tokens * n.vocabulary + n.tokens * n.vocabulary;
  return n.blocks * (joules_per_addition * n.steps * spiking_flops +
                     joules_per_multiply_accumulate * dense_flops) +
         joules_per_addition * head;
}

double artificial_as_published(const DecoderShape& shape, std::int64_t tokens) {
  const Sizes n = sizes(shape, tokens);
  return artificial(shape, tokens, artificial_head_factor, 2 * n.tokens * n.tokens * n.hidden);
}

double artificial_corrected(const DecoderShape& shape, std::int64_t tokens) {
  const Sizes n = sizes(shape, tokens);
  return artificial(shape, tokens, 2 * n.width - 1, (2 * n.hidden - 1) * n.tokens * n.width);
}

}  // namespace arithmetic

std::optional<ArithmeticAccount> arithmetic_account(const Network& network,
                                                    const SimulationTotals& totals,
                                                    std::int64_t score_nonzeros,
                                                    const std::vector<std::int64_t>& windows) {
  const auto shape = decoder_shape(network);
  if (!shape) return std::nullopt;
  const std::int64_t tokens = std::accumulate(windows.begin(), windows.end(), std::int64_t{0});
  const DecoderRates rates = measured_rates(network, totals, score_nonzeros, tokens);
  ArithmeticAccount account;
  account.leaky_attention =
      std::ranges::any_of(network.populations(), [](const Population& population) {
        return population.model == NeuronModel::attention &&
               population.attention.kind == AttentionKind::leaky;
      });
  const std::int64_t additions = total_count(totals, Action::attention_accumulate) +
                                 total_count(totals, Action::attention_state_update) +
                                 total_count(totals, Action::attention_decay);
  for (const std::int64_t window : windows) {
    const auto own_additions =
        account.leaky_attention ? std::optional(additions * window / tokens) : std::nullopt;
    account.spiking += arithmetic::spiking(*shape, rates, window, own_additions);
    account.artificial_as_published += arithmetic::artificial_as_published(*shape, window);
    account.artificial_corrected += arithmetic::artificial_corrected(*shape, window);
  }
  return account;
}

}  // namespace synfire
