// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "neurons/softmax_attention.hpp"
#include "neurons/spiking_attention.hpp"
#include "topology/detail/growing_list.hpp"
#include "topology/mapping.hpp"
#include "topology/packet.hpp"
#include "topology/token_past.hpp"

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

  /// Takes one neuron's spike or payload for `step` through the given input: index into
  /// Network::incoming.
  void receive(std::uint32_t step, std::uint32_t input, const Packet& packet) {
    Input& from = inputs_[input];
    const std::uint32_t place = step % buffer_count_;
    if (from.is_listed) {
      from.spikes[place].push() = packet.neuron - from.first;
      if (from.keeps_payloads) from.payloads[place].push() = packet.payload;
      return;
    }
    Buffer& buffer = buffers_[place];
    auto& sum = from.projection->port == Port::carry ? buffer.carry : buffer.current;
    sum[packet.neuron - slice_.begin] += packet.kind == PacketKind::graded ? packet.payload : 1;
  }

  /// Where `receive` lists the spikes of an input, per buffer of a step, each as its neuron less
  /// `first`; null if it sums instead, or lists payloads, too. Valid as long as the unit.
  struct SpikeLists {
    GrowingList<std::uint32_t>* of_buffer = nullptr;
    std::uint32_t first = 0;
  };
  SpikeLists spike_lists(std::uint32_t input) {
    Input& from = inputs_[input];
    const bool is_all = from.is_listed && !from.keeps_payloads;
    return {is_all ? from.spikes.data() : nullptr, from.first};
  }

  /// Sums what has arrived for `output.step`, updates all neurons, and frees the buffer. `output`
  /// is empty but for its step.
  void step(StepOutput& output);

  /// The same step of an earlier run: `fired` are the neurons that fired then (none for populations
  /// that send payloads). Sums and membranes are left alone, payloads are 0; what is sent, and what
  /// attention costs, is as it was.
  void replay(std::span<const std::uint32_t> fired, StepOutput& output);

  /// Replay: counts the work of attention as after the tokens of a context that ran elsewhere.
  void resume_after(const TokenPast& past);

  /// Forgets earlier tokens (attention, membranes, delayed spikes); the slice must not be in the
  /// middle of a token.
  void clear_context();

  std::span<const std::int32_t> membrane() const { return membrane_; }

 private:
  struct Input {
    const Projection* projection = nullptr;
    bool is_listed = false;                           ///< who fired is kept, not a sum
    bool keeps_payloads = false;                      ///< and with which payload
    std::uint32_t first = 0;                          ///< source neuron that is listed as 0
    std::vector<GrowingList<std::uint32_t>> spikes;   ///< per buffer
    std::vector<GrowingList<std::int32_t>> payloads;  ///< per buffer, if it keeps them
  };
  struct Buffer {
    std::vector<std::int32_t> current;  ///< payloads and one-to-one spikes
    std::vector<std::int32_t> carry;
  };
  void sum_input(std::uint32_t step);
  struct AttentionSpikes {
    std::span<const std::uint32_t> query, key, value;
  };
  AttentionSpikes attention_spikes(std::uint32_t step) const;
  void attend_softly(StepOutput& output);
  void send_payloads(StepOutput& output) const;
  void free_buffer(std::uint32_t place);
  void update(StepOutput& output);
  void update_graded(StepOutput& output);
  void update_readout(StepOutput& output);
  void restart_membrane();

  const Network& network_;
  const Population& population_;
  PopulationSlice slice_;
  std::vector<Input> inputs_;
  std::vector<Buffer> buffers_;
  std::uint32_t buffer_count_;  ///< divides faster than the size of a vector
  std::vector<std::int32_t> current_;
  std::vector<std::int32_t> membrane_;  ///< potentials, or a readout's running logits
  std::optional<SpikingAttention> attention_;
  std::optional<SoftmaxAttention> softmax_attention_;
};

}  // namespace synfire
