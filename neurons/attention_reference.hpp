// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"

namespace synfire {

/// Spiking attention written down from its definition, for the dense reference: keys and values of
/// all tokens are kept, and nothing is shared with the units that a chip simulates.
class AttentionReference {
 public:
  AttentionReference(const Population& population, std::uint32_t time_steps);

  void reset();

  /// Sums Y of `step` of the next token. Spikes as 0 or 1 per neuron. Only the last `visible`
  /// tokens count, the current one included; 0: all.
  void step(std::uint32_t step, std::span<const std::uint8_t> query,
            std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
            std::uint32_t visible, std::span<std::int32_t> sums);

 private:
  struct History {
    std::vector<std::vector<std::uint8_t>> keys;    ///< [token][neuron]
    std::vector<std::vector<std::uint8_t>> values;  ///< [token][neuron]
    std::vector<std::int32_t> state;                ///< leaky: [head][d][d], all tokens so far
  };
  void published(const History& history, std::size_t first, std::span<const std::uint8_t> query,
                 std::span<std::int32_t> sums) const;
  void advance(std::span<const std::uint8_t> key, std::span<const std::uint8_t> value,
               std::vector<std::int32_t>& state) const;
  void read(std::span<const std::uint8_t> query, std::span<const std::int32_t> state,
            std::span<std::int32_t> sums) const;

  AttentionParameters parameters_;
  std::size_t size_;
  std::size_t d_;
  std::vector<History> history_;  ///< per time step
};

}  // namespace synfire
