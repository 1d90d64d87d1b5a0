// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/byte_stream.hpp"
#include "sim/communicator.hpp"
#include "sim/records.hpp"
#include "topology/graph.hpp"
#include "topology/mapping.hpp"

namespace synfire {

/// Collects what the engine of a rank reports, until it is merged with what the others do.
class RankRows final : public Probe {
 public:
  struct Potentials {
    PotentialRecord record;  ///< its span is unused
    std::vector<std::int32_t> values;
  };
  struct Token {
    TokenRecord record;  ///< its span is unused
    std::vector<std::int32_t> logits;
  };

  void on_spikes(std::span<const SpikeRecord> records) override;
  void on_steps(std::span<const StepRecord> records) override;
  void on_potentials(const PotentialRecord& record) override;
  void on_token(const TokenRecord& record) override;

  std::size_t size() const { return spikes.size() + steps.size() + potentials.size(); }
  /// Takes out all rows but the token, as bytes.
  Bytes take();
  /// What take() of another rank has made.
  static RankRows from(std::span<const std::byte> bytes);

  std::vector<SpikeRecord> spikes;
  std::vector<StepRecord> steps;
  std::vector<Potentials> potentials;
  std::optional<Token> token;  ///< the last one that has finished
};

/// Rows of all ranks in the order of events, as one rank would report them.
///
/// Order  Of rows of one kind at one time, those of the neurocore with the smaller id come first,
///        as events of one phase do (EventKey); rows of one neurocore come from one rank in order.
class RowMerger {
 public:
  RowMerger(const Mapping& mapping, std::size_t populations);

  /// Adds the rows of a rank to those of others.
  void add(RankRows rows);
  /// Tells the probe everything added of times before `end`, and forgets it.
  void hand_on(Probe& probe, TimePoint end);

 private:
  std::uint32_t core_of(PopulationId population, std::uint32_t neuron) const {
    return cores_[index(population)][neuron];
  }

  std::vector<std::vector<std::uint32_t>> cores_;  ///< [population][neuron]; the host comes last
  std::vector<std::uint32_t> core_of_slice_;
  RankRows rows_;
};

}  // namespace synfire
