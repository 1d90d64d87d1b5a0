// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "sim/records.hpp"

namespace synfire {

/// Counts the nonzero scores (q_n . k_m with m <= n, per head and time step) of published
/// attention, which SpikeDecoder's energy formula asks for and no chip need ever compute.
///
/// Shapes  keeps one bit per key neuron, step and token of a context.
class AttentionScoreCounter {
 public:
  explicit AttentionScoreCounter(const Network& network);
  void on_spikes(std::span<const SpikeRecord> spikes);
  /// All spikes of `token` have been reported.
  void on_token(std::uint32_t token);
  /// The next token starts a context.
  void clear_context();
  std::int64_t nonzeros() const { return nonzeros_; }

 private:
  using Bits = std::vector<std::uint64_t>;  ///< [step][head][words of a head]
  struct Unit {
    PopulationId query{};
    PopulationId key{};
    std::uint32_t heads = 1;
    std::uint32_t head_dimension = 0;
    std::vector<Bits> queries;  ///< by token of the context; emptied when counted
    std::vector<Bits> keys;

    std::size_t head_words() const { return (head_dimension + 63) / 64; }
  };

  void note(Unit& unit, std::vector<Bits>& tokens, const SpikeRecord& spike) const;
  std::int64_t count(const Unit& unit, const Bits& query, const Bits& key) const;

  std::uint32_t steps_;
  std::uint32_t first_token_ = 0;  ///< of the context
  std::uint32_t next_token_ = 0;
  std::vector<Unit> units_;
  std::int64_t nonzeros_ = 0;
};

}  // namespace synfire
