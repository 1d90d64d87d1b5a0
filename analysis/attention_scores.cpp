// SPDX-License-Identifier: Apache-2.0
#include "analysis/attention_scores.hpp"

#include <algorithm>

namespace synfire {
namespace {

constexpr std::uint32_t word_bits = 64;

std::optional<PopulationId> source_of(const Network& network, PopulationId target, Port port) {
  for (const ProjectionId id : network.incoming(target)) {
    if (network.projection(id).port == port) return network.projection(id).source;
  }
  return std::nullopt;
}

}  // namespace

AttentionScoreCounter::AttentionScoreCounter(const Network& network)
    : steps_(network.time_steps()) {
  for (std::uint32_t i = 0; i < network.populations().size(); ++i) {
    const Population& population = network.populations()[i];
    if (population.model != NeuronModel::attention ||
        population.attention.kind != AttentionKind::published) {
      continue;
    }
    const auto query = source_of(network, PopulationId{i}, Port::query);
    const auto key = source_of(network, PopulationId{i}, Port::key);
    if (!query || !key) continue;
    units_.push_back({.query = *query,
                      .key = *key,
                      .heads = population.attention.heads,
                      .head_dimension = population.size / population.attention.heads,
                      .queries = {},
                      .keys = {}});
  }
}

void AttentionScoreCounter::note(Unit& unit, std::vector<Bits>& tokens,
                                 const SpikeRecord& spike) const {
  const std::size_t token = spike.token - first_token_;
  if (tokens.size() <= token) tokens.resize(token + 1);
  Bits& bits = tokens[token];
  bits.resize(unit.head_words() * unit.heads * steps_);
  const std::uint32_t head = spike.neuron / unit.head_dimension;
  const std::uint32_t dimension = spike.neuron % unit.head_dimension;
  const std::size_t word =
      (std::size_t{spike.step} * unit.heads + head) * unit.head_words() + dimension / word_bits;
  bits[word] |= std::uint64_t{1} << (dimension % word_bits);
}

void AttentionScoreCounter::on_spikes(std::span<const SpikeRecord> spikes) {
  for (Unit& unit : units_) {
    for (const SpikeRecord& spike : spikes) {
      if (spike.population == unit.query) note(unit, unit.queries, spike);
      if (spike.population == unit.key) note(unit, unit.keys, spike);
    }
  }
}

std::int64_t AttentionScoreCounter::count(const Unit& unit, const Bits& query,
                                          const Bits& key) const {
  if (query.empty() || key.empty()) return 0;
  std::int64_t nonzero = 0;
  const std::size_t words = unit.head_words();
  const std::size_t heads = std::size_t{steps_} * unit.heads;
  for (std::size_t head = 0; head < heads; ++head) {
    std::uint64_t common = 0;
    for (std::size_t i = head * words; i < (head + 1) * words; ++i) common |= query[i] & key[i];
    nonzero += common != 0 ? 1 : 0;
  }
  return nonzero;
}

void AttentionScoreCounter::on_token(std::uint32_t token) {
  next_token_ = token + 1;
  const std::size_t own = token - first_token_;
  for (Unit& unit : units_) {
    if (own >= unit.queries.size()) continue;
    const std::size_t visible = std::min(own + 1, unit.keys.size());
    for (std::size_t m = 0; m < visible; ++m) {
      nonzeros_ += count(unit, unit.queries[own], unit.keys[m]);
    }
    unit.queries[own].clear();
  }
}

void AttentionScoreCounter::clear_context() {
  first_token_ = next_token_;
  for (Unit& unit : units_) {
    unit.queries.clear();
    unit.keys.clear();
  }
}

}  // namespace synfire
