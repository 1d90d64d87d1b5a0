// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "sim/kernel.hpp"
#include "topology/detail/ring_queue.hpp"
#include "topology/graph.hpp"
#include "topology/link_charge.hpp"
#include "topology/network_on_chip.hpp"
#include "topology/neurocore_pipeline.hpp"
#include "topology/twin_plan.hpp"
#include "topology/twin_simulation.hpp"
#include "topology/twin_work.hpp"

namespace synfire {

/// What TwinSimulation stands on, whatever the event queue.
class TwinEngine {
 public:
  virtual ~TwinEngine() = default;
  virtual void run(std::span<const HostCall> calls) = 0;
  virtual const SimulationTotals& totals() = 0;
};

/// The event loop of a dense twin. The life of a vector: a slice has computed -> axon table -> port
/// -> links and routers (NetworkOnChip) -> input pipeline of its destination (`read`); when a slice
/// has all vectors of a token, it computes in turn.
///
/// Progress  as in QueuedChipEngine: a neurocore takes vectors in whatever its port does, and step
///           credits bound how many are under way.
/// Order     Ids of components in event keys: neurocores, the host, then links.
template <typename Queue>
class QueuedTwinEngine final : public TwinEngine {
 public:
  QueuedTwinEngine(const Network& network, const ChipDescription& chip, Mapping mapping,
                   TwinOptions options, Probe& probe);

  void run(std::span<const HostCall> calls) override;
  const SimulationTotals& totals() override;

  // What NetworkOnChip tells its sink.
  void crossed(const Packet& packet, LinkId link);
  void deliver(const Packet& packet, TimePoint at);
  void lost(const Packet&, std::uint32_t, TimePoint) {}  ///< never: faults are ignored
  void port_ready(std::uint32_t) {}

 private:
  enum Kind : std::uint32_t {
    read = first_engine_kind,  ///< a neurocore has read its earliest packet
    send,                      ///< a slice has computed: its vectors leave
    compute,                   ///< a slice begins
    token_done,                ///< the host has all logits of a token
  };

  struct CoreState {
    InputPipeline input;
    TimePoint update_free{};
    TimePoint port_free{};
    struct Reading {
      TimePoint done{};
      Packet packet;
    };
    RingQueue<Reading> reading;
  };
  struct SliceState {
    std::uint32_t next_token = 0;        ///< to compute
    std::uint32_t sent_tokens = 0;       ///< vectors have left
    std::uint32_t acked_tokens = 0;      ///< every target has consumed
    bool is_scheduled = false;           ///< to compute, or at the barrier
    std::vector<std::uint32_t> arrived;  ///< vectors, per token under way
    std::vector<std::uint32_t> acks;     ///< targets that have consumed, per token under way
    std::vector<TimePoint> begun;        ///< first vector has come, per token under way
    std::deque<TimePoint> started;       ///< the same, of tokens computed and not sent
  };
  struct TokenState {
    TimePoint pushed{};
    TimePoint injected{};
    std::uint32_t position = 0;        ///< in its context
    std::uint32_t ended_readouts = 0;  ///< slices whose logits the host has
    bool is_finished = false;
  };

  void make_slices();
  void push_token();
  void run_until_finished(std::uint32_t token);
  void drain();
  bool advance();
  void handle(const Event& event);
  [[noreturn]] void report_deadlock() const;

  // When slices compute: detail/twin_engine_steps.hpp
  void try_compute(std::uint32_t slice);
  void release_barrier();
  void on_compute(std::uint32_t slice);
  TimePoint time_input(std::uint32_t token);
  TimePoint time_slice(std::uint32_t slice, std::uint32_t token);
  void on_send(std::uint32_t slice);

  // Packets: detail/twin_engine_packets.hpp
  void inject(std::uint32_t slice, Packet packet);
  void on_read(std::uint32_t core);
  void receive_vector(const Packet& packet);
  void receive_credit(const Packet& packet);
  void receive_logits(const Packet& packet);
  void on_token_done(std::uint32_t token);
  std::int64_t packets_worth(std::int64_t bits) const;
  const CreditDestination& credit_of(const Packet& packet) const {
    return plan_.traffic.slices[packet.source]
        .credit_destinations[plan_.traffic.nodes[packet.node].destination];
  }
  std::uint32_t core_of(const Packet& packet) const {
    return packet.kind == PacketKind::step_credit
               ? credit_of(packet).core
               : plan_.receipts[plan_.receipt_of[packet.node]].core;
  }
  std::uint32_t host_index() const { return graph_.core_count(); }

  const Network& network_;
  const ChipDescription chip_;  ///< at its operating point
  Mapping mapping_;
  TwinOptions options_;
  Probe& probe_;
  RouterGraph graph_;
  TwinRules rules_;
  TwinPlan plan_;
  Kernel<Queue> kernel_;
  NetworkOnChip<Queue, QueuedTwinEngine> network_on_chip_;
  std::vector<LinkCharge> charges_;          ///< per link
  std::vector<std::int64_t> packets_worth_;  ///< of vectors, per link: hops charged
  std::uint32_t buffers_;                    ///< tokens that may gather input at once
  std::vector<CoreState> cores_;             ///< neurocores, then the host
  std::vector<SliceState> states_;
  std::vector<std::uint32_t> core_of_slice_;
  std::vector<std::uint32_t> first_slices_;  ///< of each neurocore in use
  std::vector<std::uint32_t> at_barrier_;
  std::uint32_t input_slice_ = 0;
  std::uint32_t readout_slices_ = 0;
  std::vector<TokenState> tokens_;
  std::uint32_t context_tokens_ = 0;
  SimulationTotals totals_;
};

}  // namespace synfire
