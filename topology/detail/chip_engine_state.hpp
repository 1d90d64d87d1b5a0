// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/ids.hpp"
#include "sim/units.hpp"
#include "topology/detail/ring_queue.hpp"
#include "topology/neurocore_pipeline.hpp"
#include "topology/packet.hpp"
#include "topology/slice_unit.hpp"

namespace synfire {

/// A neurocore's servers: packets are read in a pipeline, slices step one after another, and
/// packets leave through one port, independently of each other.
struct NeurocoreState {
  InputPipeline input;
  std::uint32_t alike = 1;  ///< neurocores, from this one on, that `input` stands for; 0: another's
  LinkId ejection{};        ///< if several are alike
  TimePoint update_free{};
  TimePoint port_free{};             ///< axon table
  RingQueue<std::uint32_t> stalled;  ///< slices whose next neuron waits for the port, in order
  TimePoint stalled_since{};         ///< of those not counted yet, while there are any
  bool is_resuming = false;          ///< an event to let them fire is in the queue
  bool is_dead = false;
};

/// A step whose spikes are still leaving.
struct PendingOutput {
  StepOutput output;
  TimePoint started{};
  TimePoint first_fire{};  ///< when neuron `begin` of the slice would fire
  TimePoint end{};         ///< when the last neuron has had its turn
  std::size_t position = 0;
};

/// Where a slice stands in the run.
struct SliceState {
  std::uint32_t next_step = 0;
  std::uint32_t acked_steps = 0;  ///< steps that every target has consumed
  bool is_scheduled = false;      ///< a step is in the event queue or at the barrier
  std::uint32_t whole_steps = 0;  ///< steps that every source has ended
  RingQueue<PendingOutput> outputs;
};

/// All of its steps are whole from the beginning on.
inline bool needs_no_input(const SliceState& slice) {
  return slice.whole_steps == std::numeric_limits<std::uint32_t>::max();
}

/// How far a token is on its way from the host to its logits.
struct TokenProgress {
  TimePoint pushed{};
  TimePoint injected{};
  bool has_fired = false;  ///< an input, in the first step
  std::uint32_t ended_readouts = 0;
  std::uint32_t ended_slices = 0;
  bool is_finished = false;
};

/// A token between the host and its logits.
struct TokenState {
  std::vector<SpikeTrain> input_spikes;  ///< per input population
  bool is_repeated = false;              ///< of their first step, in every step
  std::vector<std::int32_t> logits;
  TokenProgress progress;
};

}  // namespace synfire
