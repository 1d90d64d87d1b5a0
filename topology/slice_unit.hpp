// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "neurons/spiking_attention.hpp"
#include "topology/mapping.hpp"
#include "topology/packet.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {

/// What a slice sends after a step: ids of neurons that fired, or one payload per neuron.
struct StepOutput {
  std::uint32_t step = 0;              ///< time step of the run
  std::vector<std::uint32_t> neurons;  ///< within the population, ascending
  std::vector<std::int32_t> payloads;  ///< graded and readout: one for each of `neurons`
  AttentionWork attention;

  /// Empties it for another step; what it has allocated stays.
  void restart(std::uint32_t at_step) {
    step = at_step;
    neurons.clear();
    payloads.clear();
    attention = {};
  }
};

/// The function of a population slice: accumulators buffered by step, membranes, dynamics.
///
/// Knows nothing of time: the neurocore says what has arrived and when to step, so what fires
/// depends only on what arrived.
class SliceUnit {
 public:
  /// `buffers` steps may be gathering input at once (window + 1 + greatest delay).
  SliceUnit(const Network& network, const PopulationSlice& slice, std::uint32_t buffers,
            std::uint32_t context, AttentionRealisation realisation);

  /// Takes one neuron's spike or payload for `step` through the given input.
  void receive(std::uint32_t step, const Connection& connection, const Packet& packet);

  /// Sums what has arrived for `output.step`, updates all neurons, and frees the buffer. `output`
  /// is empty but for its step.
  void step(StepOutput& output);

  /// The same step of an earlier run: `fired` are the neurons that fired then (none for populations
  /// that send payloads). Sums and membranes are left alone, payloads are 0; what is sent, and what
  /// attention costs, is as it was.
  void replay(std::span<const std::uint32_t> fired, StepOutput& output);

  /// Forgets earlier tokens (attention, membranes, delayed spikes); the slice must not be in the
  /// middle of a token.
  void clear_context();

  std::span<const std::int32_t> membrane() const { return membrane_; }

 private:
  struct Buffer {
    std::vector<std::vector<std::uint32_t>> spikes;  ///< per input
    std::vector<std::int32_t> current;               ///< payloads and one-to-one spikes
    std::vector<std::int32_t> carry;
  };
  Buffer& buffer_of(std::uint32_t step) { return buffers_[step % buffer_count_]; }
  void sum_input(std::uint32_t step, Buffer& buffer);
  struct AttentionSpikes {
    std::span<const std::uint32_t> query, key, value;
  };
  AttentionSpikes attention_spikes(const Buffer& buffer) const;
  void send_payloads(StepOutput& output) const;
  void free(Buffer& buffer) const;
  void update(const Buffer& buffer, StepOutput& output);
  void update_graded(const Buffer& buffer, StepOutput& output);
  void update_readout(StepOutput& output);
  void restart_membrane();

  const Network& network_;
  const Population& population_;
  PopulationSlice slice_;
  std::vector<const Projection*> inputs_;
  std::vector<Buffer> buffers_;
  std::uint32_t buffer_count_;  ///< divides faster than the size of a vector
  std::vector<std::int32_t> current_;
  std::vector<std::int32_t> membrane_;  ///< potentials, or a readout's running logits
  std::optional<SpikingAttention> attention_;
};

}  // namespace synfire
