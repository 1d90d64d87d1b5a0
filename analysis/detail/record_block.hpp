// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/records.hpp"

namespace synfire::detail {

/// A token that reached the host, and what it was.
struct TokenRow {
  std::uint32_t token = 0;
  std::uint32_t id = 0;
  std::uint32_t position = 0;
  bool is_given = false;
  TimePoint injected{};
  TimePoint finished{};
};

/// A moment at which counts were noted; they lie in the block.
struct MomentRow {
  std::uint32_t tokens = 0;  ///< handed to the chip until then
  TimePoint now{};
};

/// Potentials whose values lie in the block.
struct PotentialRow {
  PotentialRecord record;  ///< its span is not used
  std::size_t count = 0;
};

/// What a run reported in a while, on its way from the thread that simulates to the one that
/// writes. Used again and again, so that it allocates no more once it has been full.
struct RecordBlock {
  std::vector<SpikeRecord> spikes;
  std::vector<StepRecord> steps;
  std::vector<PacketRecord> packets;
  std::vector<PotentialRow> potentials;
  std::vector<std::int32_t> potential_values;  ///< of one row after another
  std::vector<TokenRow> tokens;
  std::vector<std::int32_t> logits;  ///< [tokens][vocabulary]
  std::vector<MomentRow> moments;
  std::vector<std::int64_t> action_counts;  ///< [moments][layers][kinds]
  std::vector<std::int64_t> link_bits;      ///< [moments][links]
  std::vector<std::int64_t> link_busy;      ///< [moments][links], picoseconds
  bool commits = false;                     ///< what is written becomes safe from a kill

  std::size_t bytes() const {
    return size(spikes) + size(steps) + size(packets) + size(potentials) + size(potential_values) +
           size(tokens) + size(logits) + size(moments) + size(action_counts) + size(link_bits) +
           size(link_busy);
  }
  void clear() {
    spikes.clear();
    steps.clear();
    packets.clear();
    potentials.clear();
    potential_values.clear();
    tokens.clear();
    logits.clear();
    moments.clear();
    action_counts.clear();
    link_bits.clear();
    link_busy.clear();
    commits = false;
  }

 private:
  template <typename T>
  static std::size_t size(const std::vector<T>& values) {
    return values.size() * sizeof(T);
  }
};

}  // namespace synfire::detail
