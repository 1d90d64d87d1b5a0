// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "sim/ids.hpp"
#include "sim/units.hpp"

namespace synfire {

/// A neuron fired: when (hardware time), in which step of which token, and who.
struct SpikeRecord {
  TimePoint time{};
  std::uint32_t token = 0;
  std::uint32_t neuron = 0;  ///< within its population
  PopulationId population{};
  std::uint16_t step = 0;  ///< 0 .. T-1
};

/// Membrane potentials of a population slice after a step (before the reset of the next token).
struct PotentialRecord {
  TimePoint time{};
  std::uint32_t token = 0;
  std::uint16_t step = 0;
  PopulationId population{};
  std::uint32_t first_neuron = 0;
  std::span<const std::int32_t> potentials;
};

/// A token's logits reached the host.
struct TokenRecord {
  std::uint32_t token = 0;  ///< position in the context
  TimePoint injected{};     ///< its first spike left the host
  TimePoint finished{};     ///< its last logit reached the host
  std::span<const std::int32_t> logits;
};

/// A population slice ended a step: for latency per layer.
struct StepRecord {
  TimePoint started{};  ///< all inputs were there and the core was free
  TimePoint ended{};    ///< its end-of-step packets were handed to the port
  std::uint32_t token = 0;
  std::uint16_t step = 0;
  SliceId slice{};
};

/// A spike or graded packet was delivered: it reached a neurocore, or the host, and no fault took
/// it. One record for each destination.
struct PacketRecord {
  TimePoint sent{};     ///< composed at the port of its neurocore
  TimePoint arrived{};  ///< at the input queue of the destination
  std::uint32_t token = 0;
  std::uint32_t neuron = 0;  ///< that sent it, within its population
  SliceId source{};
  CoreId destination{};  ///< host_core: the host
  std::uint16_t step = 0;
};

/// What a simulation reports while it runs; implemented by recorders. Records come in the order of
/// events, in batches (never one call per spike); spans are valid during the call only.
class Probe {
 public:
  virtual ~Probe() = default;
  virtual void on_spikes(std::span<const SpikeRecord> spikes) = 0;
  virtual void on_steps(std::span<const StepRecord> steps) = 0;
  virtual void on_potentials(const PotentialRecord& potentials) = 0;
  virtual void on_token(const TokenRecord& token) = 0;
  /// Only if packets were asked for, in no order of time: an arrival is told when it is certain.
  virtual void on_packets(std::span<const PacketRecord> /*packets*/) {}
};

}  // namespace synfire
