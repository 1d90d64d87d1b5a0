// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "neurons/network.hpp"
#include "neurons/spike_train.hpp"
#include "sim/records.hpp"
#include "topology/action.hpp"
#include "topology/chip.hpp"
#include "topology/mapping.hpp"

namespace synfire {

enum class QueueKind : std::uint8_t {
  binary_heap,  ///< obviously right
  radix_heap,   ///< monotone radix heap, fast
};

class SpikeTable;
struct RankShare;
struct TokenPast;

struct SimulationOptions {
  QueueKind queue = QueueKind::radix_heap;
  std::uint32_t threads = 1;
  std::uint32_t context = 256;  ///< tokens (or presentations) at most until clear_context
  /// Per population: neurons [begin, end) whose potentials are reported; empty by default.
  struct PotentialRequest {
    PopulationId population{};
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::vector<PotentialRequest> potentials;
  bool packets = false;  ///< Probe::on_packets is told of every delivery
  /// Replay: who fires is read here instead of being computed, so logits are 0 and potentials stand
  /// still; times, counts and energy are those of the full run on the same chip (invariant I4).
  /// Must outlive the simulation; null: compute.
  const SpikeTable* replay = nullptr;
  /// The part of the board that is simulated here; null: all of it. Must outlive the simulation.
  const RankShare* share = nullptr;
};

/// Traffic and utilisation of one link.
struct LinkUse {
  std::int64_t packets = 0;          ///< spikes and graded payloads
  std::int64_t control_packets = 0;  ///< end-of-step and step credit
  std::int64_t bits = 0;
  Duration busy{};
  std::int64_t max_queue_depth = 0;  ///< packets that are on the link or wait for it
  Duration waiting{};  ///< from reaching the link to its start, over all packets; divided by the
                       ///< time of the run: mean queue length (Little's law)
  bool operator==(const LinkUse&) const = default;
};

/// Work of one neurocore, or of the host.
struct NeurocoreUse {
  std::int64_t packets = 0;          ///< that arrived, control packets included
  std::int64_t max_queue_depth = 0;  ///< packets that have arrived and are not read yet
  Duration waiting{};                ///< from arrival until read, over all packets
  Duration input_busy{};             ///< of the slowest stage that reads packets
  Duration update_busy{};            ///< attention and neuron updates
  Duration output_busy{};            ///< axon table look-ups
  Duration stalled{};                ///< while any neuron waited for the network to take packets
  bool operator==(const NeurocoreUse&) const = default;
};

/// For how long each stage of a neurocore that reads packets has worked.
struct InputStages {
  Duration decode{};
  Duration fetch{};
  Duration accumulate{};
  Duration slowest() const { return std::max({decode, fetch, accumulate}); }
};

/// Deliveries that a fault took.
struct LossCounts {
  std::int64_t dropped = 0;    ///< at the neurocore, by FaultDescription::drop_rate
  std::int64_t dead_link = 0;  ///< beyond a dead link
  std::int64_t dead_core = 0;  ///< to a dead neurocore
  std::int64_t total() const { return dropped + dead_link + dead_core; }
  bool operator==(const LossCounts&) const = default;
};

/// What happened on the chip; complete at any time between two calls of run.
struct SimulationTotals {
  TimePoint now{};
  std::int64_t events = 0;
  std::int64_t spikes = 0;             ///< neurons that fired, inputs included
  std::int64_t packets_injected = 0;   ///< spike and graded packets put into the network
  std::int64_t deliveries_due = 0;     ///< destinations of all of them
  std::int64_t packets_delivered = 0;  ///< due = delivered + lost + in flight (I2)
  std::int64_t packets_in_flight = 0;  ///< deliveries still to come
  std::int64_t arrivals = 0;  ///< packets_injected's copies that reached a destination's neurocore,
                              ///< read or not yet, those that a fault takes there included
  LossCounts lost;
  std::int64_t control_packets = 0;
  std::int64_t hops = 0;             ///< links between routers crossed by spike, graded packets
  std::int64_t max_queue_depth = 0;  ///< packets waiting at a neurocore
  std::int64_t barriers = 0;         ///< global barriers passed
  Duration waiting{};                ///< network latency beyond zero load, over all arrivals
  Duration least_waiting{};  ///< smallest of it, over control packets too; never negative (I3)
  std::vector<ActionCounts> slices;  ///< per slice; network actions charged to the source slice
  std::vector<ActionCounts> links;   ///< the network's share of the same actions, per link
  std::vector<LinkUse> link_use;
  std::vector<NeurocoreUse> core_use;  ///< per neurocore; last the host
  std::vector<std::int64_t> spikes_per_population;
  std::vector<std::int64_t> neuron_steps_per_population;      ///< updates; rate = spikes / these
  std::vector<std::vector<std::uint32_t>> spikes_per_neuron;  ///< per population, per neuron
  bool operator==(const SimulationTotals&) const = default;
};

class ChipEngine;

/// A network running on a chip: every packet moves through links and routers as events.
///
/// Function is that of the integer reference whatever the chip (invariant I1); time and cost are
/// the chip's. One simulation owns all its state; two can run in one process.
class ChipSimulation {
 public:
  /// Keeps references to network, chip and probe.
  ChipSimulation(const Network& network, const ChipDescription& chip, Mapping mapping,
                 SimulationOptions options, Probe& probe);
  ~ChipSimulation();
  ChipSimulation(const ChipSimulation&) = delete;
  ChipSimulation& operator=(const ChipSimulation&) = delete;

  /// Hands a token's input spikes (ascending neuron ids of the input population, the same in every
  /// step) to the host interface; they are injected as soon as the chip takes them.
  ///
  /// Throws  ConfigError if the network has not exactly one input and one readout population.
  void push_token(std::span<const std::uint32_t> input_spikes);

  /// Hands the host interface the recorded input spikes of one presentation, as
  /// NetworkReference::run_presentation takes them. A presentation is counted as a token. Without a
  /// readout it is finished when every slice has ended its T steps, and has no logits.
  void push_stimulus(std::span<const SpikeTrain> inputs);

  /// Runs until the logits of `token` (0-based count of pushed tokens) have reached the host.
  ///
  /// Returns  one integer logit per readout neuron, valid until the next call.
  /// Throws   DeadlockError if nothing can move and the token is not finished.
  std::span<const std::int32_t> run_until_readout(std::uint32_t token);

  /// Runs until no event is left.
  void drain();

  /// Drains, then forgets all tokens: attention and membranes start anew and delayed spikes are
  /// gone, as at the start of a context. Tokens keep counting.
  void clear_context();

  /// Nothing moves and nothing is owed: every packet has been read, every credit is back, every
  /// server is free, every step has been made. All that happens from here on depends on time
  /// differences alone, and on no spike before, but for what TokenPast says.
  bool is_quiet() const;

  /// Replay: goes on at `now` as if the tokens so far were those of `past`, which ran elsewhere, so
  /// that the next one has its place in the run. Counts go on from those of this simulation, which
  /// must be quiet and must not have gone beyond `now`.
  void resume_after(const TokenPast& past, TimePoint now);

  const SimulationTotals& totals() const;
  /// As SimulationTotals::core_use.
  std::vector<InputStages> input_stages() const;
  const Mapping& mapping() const;

 private:
  std::unique_ptr<ChipEngine> engine_;
};

}  // namespace synfire
