// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/kernel.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/detail/network_buffers.hpp"
#include "topology/detail/network_deadlock.hpp"
#include "topology/detail/window_arrivals.hpp"
#include "topology/link_timing.hpp"
#include "topology/multicast_tree.hpp"
#include "topology/packet.hpp"
#include "topology/rank_share.hpp"

namespace synfire {

/// Events that NetworkOnChip handles; kinds of its user start at `first_engine_kind`.
enum class NetworkEvent : std::uint32_t {
  link_crossed,     ///< argument: link, or port, whose earliest packet is at its far end (infinite)
  window_begins,    ///< argument: place of a window in which packets arrive (infinite)
  window_near,      ///< argument: link whose earliest packet arrives in the next window (infinite)
  packet_composed,  ///< argument: place of a packet that stands at a root (credit)
  packet_arrived,   ///< argument: place of a packet whose tail has crossed a link (credit)
  link_released,    ///< argument: link that a tail has left (credit)
  credit_returned,  ///< argument: channel whose far end has one place more (credit)
};
inline constexpr std::uint32_t first_engine_kind = 7;

/// Routers and links: moves packets along multicast trees as events of a kernel, and knows nothing
/// of neurons.
///
/// A link transmits one packet after another, each for its serialization latency; `latency` after
/// the start of its transmission plus that, the tail is at the far end (store and forward). At a
/// node with several children the packet is copied, each copy goes its own way.
///
/// FlowControl::infinite  Every link has a queue without limit and serves it in the order of
///   arrival; virtual channels share it. What is known beforehand is no event: an injection link
///   serves one neurocore in the order of composition, so the first event of a packet is its
///   arrival at a router; the last is its start on the ejection link, if its arrival is foreseen.
///   Arrivals at routers are handled together, window by window (WindowCalendar) of the shortest
///   hop: by then all of a window are known, and only those at one link depend on each other. That
///   serves them as events would be popped, by time, then by the link that brings them; each
///   counts as one event.
/// FlowControl::credit    A router has a first-in-first-out buffer of `buffer_depth` packets for
///   each virtual channel of each link that enters it, a neurocore one of `input_queue` packets for
///   each virtual channel of its ejection link. The first packet of a buffer asks for its links; a
///   free link serves the earliest request whose virtual channel has a credit. When the tails of
///   all copies have left, the place is free, and its credit is back at the sender credit_latency
///   later. The host takes every packet at once. Three events for each link crossed. A credit that
///   comes back from another chip counts after all packets that move at its time, so that who
///   simulates the other chip makes no difference.
///
/// Ranks   share() leaves the far ends of links to other ranks: outgoing() has what goes there, and
///         receive() takes what comes from there.
/// Order   On one path and virtual channel packets stay in order. Keys: component = core index for
///         neurocores, core count for the host, core count + 1 + LinkId for links.
/// Charged LinkUse: a packet waits for a link from its arrival at the link's router (composition
///         at the port) to the start of its transmission, so that latency is zero-load latency plus
///         the waiting of its links; links count it from arrival until its tail has left.
/// Sink    `void crossed(const Packet&, LinkId)`: starts to cross a link.
///         `void deliver(const Packet&, TimePoint at)`: is at a destination, the packet's node, at
///         `at`: now, or later if foreseen. In the order of `at` for each neurocore.
///         `void lost(const Packet&, node)`: dies before the dead link to `node`, and so do all
///         `leaves`.
///         `void port_ready(core)`: the backlog of the port has shrunk (credit).
///         `deliver` may call `return_credit`; `port_ready` nothing.
/// Source  Dally and Towles 2004, "Principles and Practices of Interconnection Networks", chapters
///         13 (buffers and credits) and 18 (arbitration).
/// Tested  reference/network_*_test.cpp, property/network_delivery_test.cpp.
template <typename Queue, typename Sink>
class NetworkOnChip {
 public:
  /// Keeps references to everything but `chip` and `bits`: the length of a packet of each size
  /// class. With credits, only roots and nodes behind ejection links may be destinations. The
  /// kernel needs components as above.
  NetworkOnChip(const RouterGraph& graph, const ChipDescription& chip,
                std::span<const std::int64_t> bits, std::span<const MulticastNode> nodes,
                Kernel<Queue>& kernel, Sink& sink);

  /// Lets deliveries to a neurocore (or the host) be told as soon as they are certain. Without
  /// credits only, and not for a core that sends packets to itself.
  void foresee_deliveries(std::uint32_t core) {
    if (!has_credits_) infinite_links_[index(graph_.ejection_link(core_id(core)))].foresees = true;
  }

  /// Lets the link to `core` stand for those to the `count` neurocores from it on: each packet at
  /// their router goes to all of them or to none, and only the first is told of: who crosses its
  /// link and is delivered. Their deliveries must be foreseen and their links alive.
  void serve_alike(std::uint32_t core, std::uint32_t count) {
    infinite_links_[index(graph_.ejection_link(core_id(core)))].alike = count;
  }

  /// Hands over a packet that stands at the root `root` of core `core` and is composed at `ready`,
  /// which lies in the future, or now if the event being handled is of an earlier key. `ready` of a
  /// core never decreases. Sets the packet's node and time of injection.
  void inject(std::uint32_t core, const Packet& packet, std::uint32_t root, TimePoint ready);

  /// Packets of a core that were injected and have not got the injection link; 0 without credits.
  std::int64_t port_backlog(std::uint32_t core) const { return backlog_[core]; }

  /// Handles an event of a kind below first_engine_kind.
  void handle(const Event& event);

  /// A packet that was delivered at `node` leaves the input queue of its neurocore at `when`. Does
  /// nothing without credits, for the host, and for packets that a neurocore sent to itself.
  void return_credit(std::uint32_t node, TimePoint when);

  /// Data packets that would cross the link are lost from now on; control packets pass.
  void kill(LinkId link) { is_dead_[index(link)] = 1; }

  /// Which channels wait for which although nothing moves, in one line; empty if none.
  std::string blocked() const;

  /// Other ranks simulate the routers that are not of this share, and what hangs at them. To be
  /// called before anything happens.
  void share(const RankShare& share);
  /// With a share: what is sent in a window of time until this long after its begin arrives in
  /// later windows.
  Duration lookahead() const { return lookahead_; }
  /// With a share: per rank, what is on its way there; to be emptied by the caller.
  std::span<std::vector<LinkMessage>> outgoing();
  bool has_outgoing() const { return sends_ || !leaving_.empty(); }
  /// Takes what another rank has sent; it must arrive after all that has been handled.
  void receive(const LinkMessage& message);

  /// Packets and copies of them that are neither delivered nor lost.
  std::int64_t in_flight() const {
    return has_credits_ ? static_cast<std::int64_t>(pool_.in_flight()) : in_flight_;
  }

  /// No packet is under way and every link is free; the events of all credits have been handled.
  bool is_quiet() const {
    return in_flight() == 0 && std::ranges::all_of(infinite_links_, [&](const InfiniteLink& link) {
             return link.free_at <= kernel_.now();
           });
  }

  /// Per link, at any time. Busy time and waiting are counted when the start of a transmission is
  /// certain. Control packets are those of their size class.
  std::span<const LinkUse> link_use();

  /// The most packets that ever lay in one router buffer; at most buffer_depth (credit).
  std::int64_t max_buffered() const { return max_buffered_; }

 private:
  bool is_lost(const Packet& packet, std::uint32_t link) const {
    return is_dead_[link] != 0 && !is_control(packet.kind);
  }
  std::uint32_t core_count() const { return core_count_; }
  CoreId core_id(std::uint32_t core) const {
    return core == core_count_ ? host_core : CoreId{core};
  }
  std::uint32_t component(std::uint32_t link) const { return core_count_ + 1 + link; }
  std::uint32_t channel_index(Channel channel) const {
    return index(channel.link) * virtual_channels_ + channel.virtual_channel;
  }
  Duration start_crossing(const Packet& packet, std::uint32_t link);

  void schedule(TimePoint time, std::uint32_t component, NetworkEvent kind,
                std::uint32_t argument) {
    kernel_.schedule(time, Phase::transfer, component, static_cast<std::uint32_t>(kind), argument);
  }

  // Without credits: detail/network_infinite.hpp.
  void make_links();
  void copy_to_alike();
  void start_from(std::uint32_t core, Packet packet, std::uint32_t root, TimePoint ready);
  template <typename Visitor>
  void for_each_branch(const Hop& hop, const Packet& packet, TimePoint now, const Visitor& visit);
  TimePoint serve(const Packet& packet, std::uint32_t link, TimePoint now);
  void send(Packet& packet, std::uint32_t node, std::uint32_t link, TimePoint now);
  void wait_until(TimePoint arrives, std::uint32_t link, const Packet& packet, std::uint32_t node);
  void await(std::uint32_t link);
  void on_crossed(std::uint32_t link);
  void on_window(std::uint32_t place);
  template <typename Taker>
  void take_arrivals(std::uint32_t feeder, TimePoint end, const Taker& taker);

  // With credits: detail/network_credit.hpp.
  void make_buffers(const RouterGraph& graph, const ChipDescription& chip);
  void compose(std::uint32_t core, const Packet& packet, std::uint32_t root, TimePoint ready);
  std::uint32_t branch(std::uint32_t place, bool is_last, std::uint32_t node);
  void on_composed(std::uint32_t place);
  void on_arrived(std::uint32_t place);
  void on_released(std::uint32_t link);
  void store(std::uint32_t buffer, std::uint32_t place);
  void request_links(std::uint32_t buffer);
  std::uint32_t request_links_of(std::uint32_t buffer, std::uint32_t place);
  void serve_links();
  OutputChannel* next_channel(std::uint32_t link);
  void grant(std::uint32_t link, OutputChannel& channel);
  void finish(std::uint32_t link, std::uint32_t buffer);
  void free_place(std::uint32_t buffer);
  void leave_port(std::uint32_t buffer);
  void schedule_credit(TimePoint when, std::uint32_t channel);

  // With a share: detail/network_ranks.hpp.
  void leave_far_end(std::uint32_t link, std::uint32_t rank);

  const RouterGraph& graph_;
  std::span<const MulticastNode> nodes_;
  Kernel<Queue>& kernel_;
  Sink& sink_;
  std::uint32_t core_count_;
  std::vector<std::int64_t> bits_;  ///< per size class
  std::vector<SizeOnLink> sizes_;   ///< [link][size class]
  std::vector<Duration> latency_;   ///< per link
  std::vector<LinkUse> link_use_;   ///< waiting and max_queue_depth; the rest by link_use()
  std::vector<std::uint8_t> is_dead_;
  bool has_credits_;

  std::vector<Hop> hops_;                     ///< per node
  std::vector<InfiniteLink> infinite_links_;  ///< then, for what it sends to itself, of each core
  /// Per window that is awaited: links whose earliest packet arrives in it.
  std::array<GrowingList<std::uint32_t>, WindowCalendar::ahead> feeders_;
  WindowArrivals arrivals_;
  std::int64_t in_flight_ = 0;  ///< of all crossings

  // With a share.
  std::uint32_t rank_ = 0;
  std::vector<std::uint32_t> peer_rank_;  ///< per link: that has the other end, or this one
  std::vector<std::uint32_t> leaving_;    ///< links with crossings to other ranks (infinite)
  std::vector<std::vector<LinkMessage>> outgoing_;  ///< per rank
  bool sends_ = false;                              ///< something is in `outgoing_`
  Duration lookahead_{};

  PacketPool pool_;  ///< with credits
  std::uint32_t virtual_channels_;
  Duration credit_latency_;
  std::int64_t buffer_depth_;
  std::vector<CreditLink> credit_links_;
  std::vector<OutputChannel> channels_;    ///< link * virtual_channels + virtual channel
  std::vector<PacketBuffer> buffers_;      ///< one for each channel, then the port of each core
  std::vector<std::int64_t> backlog_;      ///< per core, host last
  std::vector<std::uint32_t> core_of_;     ///< per link: core if injection, else no_buffer
  std::vector<std::uint8_t> is_ejection_;  ///< per link: to a neurocore, not the host
  std::vector<std::uint32_t> to_serve_;    ///< links whose requests or credits have changed
  std::uint64_t requests_ = 0;
  std::int64_t max_buffered_ = 0;
};

template <typename Queue, typename Sink>
NetworkOnChip<Queue, Sink>::NetworkOnChip(const RouterGraph& graph, const ChipDescription& chip,
                                          std::span<const std::int64_t> bits,
                                          std::span<const MulticastNode> nodes,
                                          Kernel<Queue>& kernel, Sink& sink)
    : graph_(graph),
      nodes_(nodes),
      kernel_(kernel),
      sink_(sink),
      core_count_(graph.core_count()),
      bits_(bits.begin(), bits.end()),
      link_use_(graph.links().size()),
      is_dead_(link_use_.size(), 0),
      has_credits_(chip.flow_control.kind == FlowControl::credit),
      virtual_channels_(static_cast<std::uint32_t>(chip.routing.virtual_channels)),
      credit_latency_(chip.flow_control.credit_latency),
      buffer_depth_(chip.flow_control.buffer_depth),
      backlog_(graph.core_count() + 1, 0) {
  for (const Duration serialization : serialization_table(graph, chip, bits)) {
    sizes_.push_back({serialization, 0});
  }
  for (const LinkTiming& timing : link_timings(graph, chip)) latency_.push_back(timing.latency);
  if (has_credits_) {
    make_buffers(graph, chip);
  } else {
    make_links();
  }
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::inject(std::uint32_t core, const Packet& packet,
                                        std::uint32_t root, TimePoint ready) {
  if (has_credits_) {
    compose(core, packet, root, ready);
  } else {
    start_from(core, packet, root, ready);
  }
}

template <typename Queue, typename Sink>
void NetworkOnChip<Queue, Sink>::handle(const Event& event) {
  switch (static_cast<NetworkEvent>(event.kind())) {
    case NetworkEvent::link_crossed:
      on_crossed(event.argument());
      return;
    case NetworkEvent::window_begins:
      on_window(event.argument());
      return;
    case NetworkEvent::window_near:
      kernel_.count_events(-1);  // the arrival will count instead
      await(event.argument());
      return;
    case NetworkEvent::packet_composed:
      on_composed(event.argument());
      break;
    case NetworkEvent::packet_arrived:
      on_arrived(event.argument());
      break;
    case NetworkEvent::link_released:
      on_released(event.argument());
      break;
    case NetworkEvent::credit_returned:
      ++channels_[event.argument()].credits;
      to_serve_.push_back(event.argument() / virtual_channels_);
      break;
  }
  serve_links();
}

/// Counts a packet that starts to cross the link; returns for how long it occupies it.
template <typename Queue, typename Sink>
Duration NetworkOnChip<Queue, Sink>::start_crossing(const Packet& packet, std::uint32_t link) {
  SizeOnLink& size = sizes_[link * bits_.size() + packet.size];
  ++size.packets;
  sink_.crossed(packet, LinkId{link});
  return size.serialization;
}

template <typename Queue, typename Sink>
std::span<const LinkUse> NetworkOnChip<Queue, Sink>::link_use() {
  for (std::size_t link = 0; link < link_use_.size(); ++link) {
    LinkUse use{.max_queue_depth = link_use_[link].max_queue_depth,
                .waiting = link_use_[link].waiting};
    if (!has_credits_) {
      use.max_queue_depth = infinite_links_[link].departures.deepest();
      use.waiting = infinite_links_[link].waiting;
    }
    for (std::size_t i = 0; i < bits_.size(); ++i) {
      const SizeOnLink& size = sizes_[link * bits_.size() + i];
      const bool control = i == size_class(PacketKind::end_of_step);
      (control ? use.control_packets : use.packets) += size.packets;
      use.bits += size.packets * bits_[i];
      use.busy += size.packets * size.serialization;
    }
    link_use_[link] = use;
  }
  if (!has_credits_) copy_to_alike();
  return link_use_;
}

}  // namespace synfire

#include "topology/detail/network_credit.hpp"
#include "topology/detail/network_infinite.hpp"
#include "topology/detail/network_ranks.hpp"
