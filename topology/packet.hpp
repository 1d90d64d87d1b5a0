// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/units.hpp"

namespace synfire {

enum class PacketKind : std::uint8_t {
  spike,        ///< neuron fired
  graded,       ///< neuron and integer payload
  end_of_step,  ///< follows the last packet of a step on the same path
  step_credit,  ///< a destination has consumed a step: its source may run on
};

/// Classes of packets by size that every chip has: spike, graded, control. Whoever sends others
/// numbers their classes from here on.
inline constexpr std::size_t packet_sizes = 3;

constexpr std::size_t size_class(PacketKind kind) {
  return kind == PacketKind::spike ? 0 : kind == PacketKind::graded ? 1 : 2;
}

constexpr bool is_control(PacketKind kind) {
  return kind == PacketKind::end_of_step || kind == PacketKind::step_credit;
}

/// A packet on its way, from injection until its neurocore has read it.
struct Packet {
  TimePoint injected{};
  std::uint32_t node = 0;    ///< of the multicast nodes: where it is
  std::uint32_t source = 0;  ///< slice that sent it
  std::uint32_t neuron = 0;  ///< within its population
  std::int32_t payload = 0;
  std::uint32_t step = 0;  ///< time step of the run
  PacketKind kind{};
  std::uint16_t size = 0;  ///< class: index into the sizes given to the network
};

/// Packets in flight, addressed by index; freed places are used again, so memory follows the peak.
class PacketPool {
 public:
  std::uint32_t add(const Packet& packet) {
    if (free_.empty()) {
      packets_.push_back(packet);
      return static_cast<std::uint32_t>(packets_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    packets_[place] = packet;
    return place;
  }
  void remove(std::uint32_t place) { free_.push_back(place); }
  Packet& operator[](std::uint32_t place) { return packets_[place]; }
  std::size_t in_flight() const { return packets_.size() - free_.size(); }

 private:
  std::vector<Packet> packets_;
  std::vector<std::uint32_t> free_;
};

}  // namespace synfire
