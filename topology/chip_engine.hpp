// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "sim/kernel.hpp"
#include "sim/parallel.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/link_server.hpp"
#include "topology/packet.hpp"
#include "topology/slice_unit.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {

/// Groups of `lanes` that `count` operations take.
constexpr std::int64_t groups_of(std::int64_t count, std::int64_t lanes) {
  return (count + lanes - 1) / lanes;
}

/// What ChipSimulation stands on, whatever the event queue.
class ChipEngine {
 public:
  virtual ~ChipEngine() = default;
  virtual void push_token(std::span<const std::uint32_t> input_spikes) = 0;
  virtual std::span<const std::int32_t> run_until_readout(std::uint32_t token) = 0;
  virtual void drain() = 0;
  virtual void clear_context() = 0;
  virtual const SimulationTotals& totals() = 0;
  virtual const Mapping& mapping() const = 0;
};

std::unique_ptr<ChipEngine> make_chip_engine(const Network& network, const ChipDescription& chip,
                                             Mapping mapping, SimulationOptions options,
                                             Probe& probe);

/// A neurocore's servers: packets are read one after another, slices step one after another, and
/// packets leave through one port, independently of each other.
struct NeurocoreState {
  TimePoint input_free{};
  TimePoint update_free{};
  TimePoint port_free{};
  std::int64_t waiting = 0;  ///< packets that have arrived and are not read yet
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
  std::uint32_t acked_steps = 0;    ///< steps that every target has consumed
  bool is_scheduled = false;        ///< a step is in the event queue or at the barrier
  std::vector<std::uint32_t> ends;  ///< per buffer: sources that have ended the step
  std::vector<std::uint32_t> acks;  ///< per buffer: targets that have consumed the step
  std::deque<PendingOutput> outputs;
};

/// A token between the host and its logits.
struct TokenState {
  std::vector<std::uint32_t> input_spikes;
  std::vector<std::int32_t> logits;
  TimePoint pushed{};
  TimePoint injected{};
  std::uint32_t ended_readouts = 0;
  bool is_finished = false;
};

/// The event loop of a chip. The life of a spike: fire -> leave the port -> hop over links ->
/// be read by the destination's neurocore (`process`), where it adds to an accumulator; when all
/// sources have ended the step, the slice steps and fires in turn.
template <typename Queue>
class QueuedChipEngine final : public ChipEngine {
 public:
  QueuedChipEngine(const Network& network, const ChipDescription& chip, Mapping mapping,
                   SimulationOptions options, Probe& probe);

  void push_token(std::span<const std::uint32_t> input_spikes) override;
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override;
  void drain() override;
  void clear_context() override;
  const SimulationTotals& totals() override;
  const Mapping& mapping() const override { return mapping_; }

 private:
  enum Kind : std::uint32_t { hop, process, fire, step_end, step_start, token_done };

  void check_network();
  void make_links();
  void make_slices();
  void handle(const Event& event);
  bool advance();
  void release_barrier();
  [[noreturn]] void report_deadlock(std::uint32_t token) const;

  // Steps: detail/chip_engine_steps.hpp
  bool has_all_input(std::uint32_t slice) const;
  bool has_credit(std::uint32_t slice) const;
  void try_step(std::uint32_t slice);
  void on_step_start(std::uint32_t first);
  StepOutput compute(std::uint32_t slice);
  void begin_output(std::uint32_t slice, StepOutput output);
  void schedule_next_fire(std::uint32_t slice);
  void on_fire(std::uint32_t slice);
  void on_step_end(std::uint32_t slice);
  void count_step(std::uint32_t slice, const StepOutput& output);
  void report_potentials(std::uint32_t slice);

  // Packets: detail/chip_engine_packets.hpp
  void inject(std::uint32_t slice, Packet packet);
  void send_spike(std::uint32_t slice, const PendingOutput& pending);
  void on_hop(std::uint32_t place);
  void deliver(std::uint32_t place);
  Duration read_latency(const Packet& packet) const;
  void on_process(std::uint32_t place);
  void receive_data(const Packet& packet);
  void receive_end_of_step(const Packet& packet);
  void receive_credit(const Packet& packet);
  void receive_at_host(const Packet& packet);
  void on_token_done(std::uint32_t token);
  std::int64_t packet_bits(PacketKind kind) const;
  void count_hop(const Packet& packet, LinkId link);
  void check_zero_load(const Packet& packet);
  std::uint32_t core_of(const Packet& packet) const;

  std::uint32_t host_index() const { return graph_.core_count(); }
  std::uint32_t core_index(std::uint32_t slice) const {
    const CoreId core = mapping_.slices[slice].core;
    return core == host_core ? host_index() : index(core);
  }
  const Population& population_of(std::uint32_t slice) const {
    return network_.population(mapping_.slices[slice].population);
  }
  bool is_input(std::uint32_t slice) const {
    return population_of(slice).model == NeuronModel::input;
  }
  TokenState& token_state(std::uint32_t token) { return tokens_[token - first_token_]; }
  std::uint32_t token_of(std::uint32_t step) const { return step / network_.time_steps(); }

  const Network& network_;
  const ChipDescription& chip_;
  Mapping mapping_;
  SimulationOptions options_;
  Probe& probe_;
  RouterGraph graph_;
  TrafficPlan plan_;
  Kernel<Queue> kernel_;
  Workers workers_;
  std::uint32_t buffers_;
  std::vector<LinkServer> links_;
  std::vector<NeurocoreState> cores_;  ///< neurocores, then the host
  std::vector<SliceUnit> units_;
  std::vector<SliceState> states_;
  std::vector<std::uint32_t> at_barrier_;
  std::uint32_t input_slice_ = 0;
  std::uint32_t readout_slices_ = 0;
  std::uint32_t context_tokens_ = 0;
  std::deque<TokenState> tokens_;  ///< from first_token_ on; finished ones go at the next push
  std::uint32_t first_token_ = 0;
  PacketPool packets_;
  std::int64_t control_in_flight_ = 0;
  std::vector<SpikeRecord> spike_batch_;
  std::vector<StepRecord> step_batch_;
  SimulationTotals totals_;

  void flush_records();
};

extern template class QueuedChipEngine<BinaryHeapQueue>;
extern template class QueuedChipEngine<RadixHeapQueue>;

}  // namespace synfire
