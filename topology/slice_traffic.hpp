// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "sim/ids.hpp"
#include "topology/hop_table.hpp"
#include "topology/mapping.hpp"
#include "topology/neuron_traffic.hpp"

namespace synfire {

/// Of a slice that is not placed yet.
inline constexpr CoreId no_core{0xfffffffeU};

/// Packets x hops, in all tokens of a NeuronTraffic.
struct TrafficHops {
  std::int64_t data = 0;     ///< spikes and graded payloads
  std::int64_t control = 0;  ///< end-of-step and step-credit packets

  std::int64_t total() const { return data + control; }
  TrafficHops& operator+=(const TrafficHops& more) {
    data += more.data;
    control += more.control;
    return *this;
  }
  bool operator==(const TrafficHops&) const = default;
};

/// Who sends how much to whom, between slices: what a placement is judged by.
///
/// Counts what the chip does under unicast (see TrafficPlan): a packet goes once to each neurocore
/// whatever it drives there, an end of step to each destination, a step credit to each source.
/// Multicast crosses fewer links.
/// Thread-safety  none: questions use scratch memory.
/// Tested  property/placement_test: equal to the hops of a simulation, to the packet.
class SliceTraffic {
 public:
  /// `traffic` must outlive this. `cores`: of the chip.
  SliceTraffic(const Network& network, std::span<const PopulationSlice> slices,
               const NeuronTraffic& traffic, std::uint32_t cores);

  /// What the slice's packets, and the credits that come back for them, cost if slice i lies on
  /// cores[i]; targets on `no_core` do not count. All slices together make the whole.
  TrafficHops hops_of(std::uint32_t slice, std::span<const CoreId> cores, HopTable& table);

  /// The whole.
  TrafficHops total(std::span<const CoreId> cores, HopTable& table);

  /// Slices that send to this one, ascending.
  std::span<const std::uint32_t> sources(std::uint32_t slice) const { return sources_[slice]; }
  /// Slices that this one sends to, ascending.
  std::span<const std::uint32_t> targets(std::uint32_t slice) const { return targets_[slice]; }
  /// Per target of the slice, in that order: packets that go to and fro, control included, if
  /// nothing else lies where the target does.
  std::vector<std::int64_t> packets_to_targets(std::uint32_t slice) const;

 private:
  /// Neurons [begin, end) of the source drive the target.
  struct Reach {
    std::uint32_t target = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    bool is_first = false;  ///< of those to the same target
  };

  /// True if the slice has sent nothing to the core yet, as far as hops_of has got.
  bool is_new(CoreId core);
  void connect(const Network& network, std::uint32_t source,
               std::span<const std::vector<std::uint32_t>> slices_of);

  const NeuronTraffic& traffic_;
  std::vector<PopulationSlice> slices_;
  std::int64_t steps_;                       ///< time steps of all tokens
  std::vector<bool> sends_to_host_;          ///< per slice
  std::vector<std::vector<Reach>> reaches_;  ///< per slice, ascending by begin
  std::vector<std::vector<std::uint32_t>> sources_;
  std::vector<std::vector<std::uint32_t>> targets_;
  std::uint32_t question_ = 0;
  std::vector<std::uint32_t> asked_by_;  ///< per core: the last question it was in
  std::vector<std::uint32_t> covered_;   ///< per core: neurons before this one have been counted
};

}  // namespace synfire
