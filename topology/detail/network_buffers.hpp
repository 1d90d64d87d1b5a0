// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/event.hpp"
#include "sim/units.hpp"
#include "topology/detail/depth_meter.hpp"
#include "topology/detail/ring_queue.hpp"
#include "topology/link_timing.hpp"
#include "topology/packet.hpp"

namespace synfire {

inline constexpr std::uint32_t no_buffer = 0xffffffffU;

/// Packets of one size on one link.
struct SizeOnLink {
  Duration serialization{};  ///< for which each of them occupies the link
  std::int64_t packets = 0;  ///< that have started to cross it
};

/// What a multicast node asks of a packet that arrives there, in little memory: a packet reads one
/// at every router.
struct Hop {
  std::uint32_t link = 0;        ///< crossed to reach the node
  std::uint32_t first_link = 0;  ///< crossed to reach the first child
  std::uint32_t first_child = 0;
  std::uint32_t child_count : 31 = 0;
  std::uint32_t is_destination : 1 = 0;
};

/// A packet that waits for a link or is on it, and when its tail is at the far end.
struct Crossing {
  TimePoint arrives{};
  Packet packet;
};

/// A link that serves packets in the order in which they reach it, without limit.
struct InfiniteLink {
  TimePoint free_at{};
  Duration latency{};
  Duration waiting{};             ///< of all packets
  DepthMeter departures;          ///< of packets on or waiting for the link
  RingQueue<Crossing> crossings;  ///< not yet at the far end; none if the link foresees
  bool has_windows = false;       ///< leads to no destination: arrivals are gathered in windows
  bool foresees = false;          ///< what follows is told at once
  std::uint32_t alike = 1;        ///< links to neurocores, from this one on, that it stands for
  bool leaves_rank = false;       ///< what follows is the business of another rank
};

/// A packet in a buffer and since when.
struct StoredPacket {
  std::uint32_t place = 0;
  TimePoint since{};
};

/// First-in-first-out buffer: a virtual channel at a router's input, or the port of a neurocore.
/// The first packet asks for the links that it needs; it goes when its last copy has left.
struct PacketBuffer {
  RingQueue<StoredPacket> packets;
  std::uint32_t ungranted = 0;   ///< copies of the first packet that still wait for their link
  std::uint32_t unfinished = 0;  ///< copies of the first packet whose tail has not left
};

/// The first packet of a buffer wants to go to a node.
struct LinkRequest {
  std::uint64_t order = 0;  ///< count of requests before it
  std::uint32_t buffer = 0;
  std::uint32_t node = 0;
};

/// A virtual channel of a link, seen by the sender.
struct OutputChannel {
  std::int64_t credits = 0;  ///< free places in the buffer at the far end
  RingQueue<LinkRequest> requests;
};

/// A link under credit flow control.
struct CreditLink {
  std::uint32_t sending = no_buffer;     ///< the buffer whose packet occupies the link
  std::int64_t depth = 0;                ///< packets on or waiting for the link
  bool leaves_rank = false;              ///< its far end is simulated by another rank
  Phase credit_phase = Phase::transfer;  ///< in which credits of its far end come back
};

}  // namespace synfire
