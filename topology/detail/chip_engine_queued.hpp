// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sim/kernel.hpp"
#include "sim/parallel.hpp"
#include "topology/chip_engine.hpp"
#include "topology/detail/chip_engine_state.hpp"
#include "topology/detail/reception.hpp"
#include "topology/faults.hpp"
#include "topology/graph.hpp"
#include "topology/link_charge.hpp"
#include "topology/network_on_chip.hpp"
#include "topology/packet.hpp"
#include "topology/slice_unit.hpp"
#include "topology/spike_table.hpp"
#include "topology/token_past.hpp"
#include "topology/traffic_plan.hpp"

namespace synfire {

/// Groups of `lanes` that `count` operations take.
constexpr std::int64_t groups_of(std::int64_t count, std::int64_t lanes) {
  return (count + lanes - 1) / lanes;
}

/// The event loop of a chip. The life of a spike: fire -> axon table -> port -> links and routers
/// (NetworkOnChip) -> input pipeline of the destination's neurocore, where it adds to an
/// accumulator; when all sources have ended the step, the slice steps and fires in turn.
///
/// Events    What a data packet adds is looked at only when the end-of-step packet behind it has
///           been read, and sums do not depend on their order, so it is added as soon as its
///           arrival is known, without an event of its own. Of the control packets that a slice
///           waits for, the last one alone changes anything: it has an event when it has been read.
/// Progress  With finite buffers, too, nothing waits in a circle. A neurocore takes packets in
///           whatever its own port does: accumulators are buffered by step, for window + 1 steps,
///           and credits let no source run further ahead, so every packet has a place to add to.
///           Only firing waits for the port (back-pressure); end-of-step and step-credit packets,
///           of which a slice has a bounded number at a time, are queued at the port without
///           waiting. So ejection channels always move on, and with routes free of deadlock so does
///           everything (Dally and Towles 2004, section 14.1: endpoints that consume). What a
///           neurocore sends to itself skips the network and always has room in its queue.
/// Order     Ids of components in event keys: neurocores, the host, then links.
template <typename Queue>
class QueuedChipEngine final : public RankEngine {
 public:
  QueuedChipEngine(const Network& network, const ChipDescription& chip, Mapping mapping,
                   SimulationOptions options, Probe& probe);

  void push_token(std::span<const std::uint32_t> input_spikes) override;
  void push_stimulus(std::span<const SpikeTrain> inputs) override;
  std::span<const std::int32_t> run_until_readout(std::uint32_t token) override;
  void drain() override;
  void clear_context() override;
  bool is_quiet() const override;
  void resume_after(const TokenPast& past, TimePoint now) override;
  const SimulationTotals& totals() override;
  std::vector<InputStages> input_stages() const override;
  const Mapping& mapping() const override { return mapping_; }

  // Of one of several ranks: detail/chip_engine_ranks.hpp.
  RankTiming timing() const override;
  bool run_before(TimePoint end) override;
  RankState state() override;
  std::int64_t event_count() const override { return kernel_.event_count(); }
  std::span<std::vector<LinkMessage>> outgoing() override { return network_on_chip_.outgoing(); }
  void receive(const LinkMessage& message) override { network_on_chip_.receive(message); }
  void rest_at(TimePoint now) override { kernel_.skip_to(now); }
  void forget_context() override;
  void hear_all_read(TimePoint when) override;
  void pass_barrier(bool counts) override;
  void flush() override { flush_records(); }
  std::optional<std::span<const std::int32_t>> logits(std::uint32_t token) const override;
  std::optional<std::uint32_t> open_token() const override;
  std::string obstacles(std::uint32_t token) const override;

  // What NetworkOnChip tells its sink: detail/chip_engine_packets.hpp.
  void crossed(const Packet& packet, LinkId link);
  void deliver(const Packet& packet, TimePoint at);
  void lost(const Packet& packet, std::uint32_t node, TimePoint at);
  void port_ready(std::uint32_t core);

 private:
  enum Kind : std::uint32_t {
    input_whole = first_engine_kind,  ///< the last end of a step that a slice needs has been read
    step_acked,                       ///< so has the last step credit
    all_read,                         ///< and the last of all control packets
    fire,                             ///< the next neuron of a slice
    resume,                           ///< neurons of a neurocore fire that waited for the port
    step_end,                         ///< a slice has sent a step's spikes
    step_start,                       ///< a slice steps
    token_done,                       ///< the host has all logits of a token
  };

  void make_slices();
  bool is_here(CoreId core) const;
  void make_faults();
  void foresee_deliveries();
  void join_alike_cores(const std::vector<bool>& sends_to_itself);
  void push_next_token();
  void handle(const Event& event);
  bool advance();
  [[noreturn]] void report_deadlock(std::uint32_t token) const;
  std::string waiting_slices(std::uint32_t token) const;

  // Quiet chips: detail/chip_engine_resume.hpp
  bool rests(const NeurocoreState& core) const;
  bool owes_nothing(std::uint32_t slice) const;

  // Steps: detail/chip_engine_steps.hpp
  bool has_all_input(std::uint32_t slice) const;
  bool has_credit(std::uint32_t slice) const;
  void try_step(std::uint32_t slice, Duration after = Duration{0});
  void release_barrier();
  void on_step_start(std::uint32_t first);
  void compute(std::uint32_t slice);
  void apply_stuck(std::uint32_t slice, StepOutput& output) const;
  void begin_output(std::uint32_t slice);
  void time_input(PendingOutput& pending);
  void time_update(std::uint32_t slice, PendingOutput& pending);
  std::int64_t functions_of(std::uint32_t slice) const;
  void count_step(std::uint32_t slice, const StepOutput& output);
  void report_potentials(std::uint32_t slice);

  // Spikes and ends of steps: detail/chip_engine_fires.hpp
  void schedule_next_fire(std::uint32_t slice);
  bool port_is_full(std::uint32_t core) const;
  void on_fire(std::uint32_t slice);
  void count_stall(std::uint32_t core);
  void on_resume(std::uint32_t core);
  void fire_now(std::uint32_t slice);
  void record_spike(std::uint32_t slice, const PendingOutput& pending);
  void send_spike(std::uint32_t slice, const PendingOutput& pending);
  void on_step_end(std::uint32_t slice);
  void end_token(std::uint32_t token);
  void flush_records();

  // Packets: detail/chip_engine_packets.hpp
  void inject(std::uint32_t slice, Packet packet, const TreeRoots& roots);
  void record_packet(const Packet& packet, std::uint32_t core, TimePoint at);
  bool takes_by_fault(const Packet& packet, std::uint32_t core);
  InputWork work_of(const Packet& packet, const Reception& reception) const;
  void receive_data(const Packet& packet, const Reception& reception);
  void deliver_control(const Packet& packet, Reception& reception, TimePoint at);
  void receive_control(const Packet& packet, const Reception& reception, TimePoint done);
  void receive_end_of_step(std::uint32_t slice, std::uint32_t step, TimePoint done);
  void receive_credit(std::uint32_t slice, std::uint32_t step, TimePoint done);
  void receive_logit(const Packet& packet);
  void receive_end_at_host(const Packet& packet, TimePoint done);
  void on_token_done(std::uint32_t token);
  std::int64_t bits_of(PacketKind kind) const { return bits_[size_class(kind)]; }

  std::uint32_t host_index() const { return host_index_; }
  /// Inputs, and nothing else, lie on the host.
  bool is_input(std::uint32_t slice) const { return core_of_slice_[slice] == host_index_; }
  const Population& population_of(std::uint32_t slice) const {
    return network_.population(mapping_.slices[slice].population);
  }
  TokenState& token_state(std::uint32_t token) { return tokens_[token - first_token_]; }
  std::uint32_t token_of(std::uint32_t step) const { return step / network_.time_steps(); }
  std::uint16_t step_in_token(std::uint32_t step) const {
    return static_cast<std::uint16_t>(step % network_.time_steps());
  }

  const Network& network_;
  const ChipDescription chip_;  ///< at its operating point
  Mapping mapping_;
  SimulationOptions options_;
  Probe& probe_;
  RouterGraph graph_;
  std::uint32_t host_index_;  ///< after the neurocores
  TrafficPlan plan_;
  Kernel<Queue> kernel_;
  Workers workers_;
  std::array<std::int64_t, packet_sizes> bits_;
  NetworkOnChip<Queue, QueuedChipEngine> network_on_chip_;
  std::vector<LinkCharge> charges_;  ///< per link
  CrossingLedger crossings_;         ///< not charged to their slices yet
  ReceptionTable receptions_;
  TimePoint last_read_{};    ///< when the last control packet on its way so far has been read
  std::uint32_t run_ahead_;  ///< steps that a source may have sent and its target not consumed
  std::uint32_t buffers_;    ///< steps that may gather input at once: delays reach beyond those
  std::uint32_t update_lanes_;
  std::optional<FaultModel> faults_;
  std::vector<NeurocoreState> cores_;  ///< neurocores, then the host
  std::vector<std::uint32_t> core_of_slice_;
  std::vector<std::uint32_t> first_slices_;  ///< of each neurocore in use
  std::vector<std::uint32_t> slices_here_;   ///< all, but with a share
  std::vector<SliceUnit> units_;
  std::vector<SliceState> states_;
  // [slice][buffer of a step]: packets that are not sure to be read yet.
  std::vector<std::uint32_t> ends_missing_;
  std::vector<std::uint32_t> acks_missing_;
  std::vector<std::uint32_t> at_barrier_;
  std::vector<std::uint32_t> starting_;        ///< slices that step at once
  std::vector<std::uint32_t> input_of_slice_;  ///< which of Network::inputs; of input slices only
  std::uint32_t readout_slices_ = 0;
  std::uint32_t context_tokens_ = 0;
  RingQueue<TokenState> tokens_;  ///< from first_token_ on; ended ones go at the next push
  std::uint32_t first_token_ = 0;
  TokenState next_token_;           ///< being pushed; else what an ended one leaves for reuse
  std::uint32_t pushed_steps_ = 0;  ///< time steps of all tokens pushed so far
  std::vector<SpikeRecord> spike_batch_;
  std::vector<StepRecord> step_batch_;
  std::vector<PacketRecord> packet_batch_;
  SimulationTotals totals_;
  // With a share.
  bool has_begun_ = false;           ///< a window
  bool has_finished_token_ = false;  ///< in this window
  TimePoint last_event_{};
  RingQueue<TimePoint> due_tokens_;  ///< when tokens will finish, as far as is known
};

extern template class QueuedChipEngine<BinaryHeapQueue>;
extern template class QueuedChipEngine<RadixHeapQueue>;

}  // namespace synfire
