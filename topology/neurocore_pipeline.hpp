// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/units.hpp"
#include "topology/chip.hpp"
#include "topology/chip_simulation.hpp"
#include "topology/detail/depth_meter.hpp"

namespace synfire {

/// What a packet asks of the neurocore that reads it; nothing but decoding for control packets.
struct InputWork {
  std::int64_t words = 0;     ///< of synapse memory to fetch
  std::int64_t groups = 0;    ///< of synapse_lanes to accumulate
  std::int64_t products = 0;  ///< groups of dense.lanes to multiply and accumulate
};

/// The input side of a neurocore: packets wait in a queue, then pass three stages in tandem, each
/// of which holds one packet at a time.
///
/// Decode      axon_in_latency; takes the packet out of the queue.
/// Fetch       synapse_fetch_latency for each word.
/// Accumulate  accumulate_latency for each group, mac_latency for each of products; begins when the
///             first word is there and does not end before the last one is, so it works while
///             words arrive.
/// There is no place between stages: a packet stays in decode until fetch is free, and in fetch
/// until its last word is read and accumulate has begun it. Hence what waits, waits in the queue.
/// A packet takes effect when it leaves the last stage; control packets pass the last two in no
/// time but never overtake. On an idle core that is
///     axon_in_latency + max(first word + groups * accumulate_latency, all words).
/// Exact in integers and known when the packet arrives: every stage serves in order of arrival, so
/// later packets change nothing. One event a packet.
/// Source  tandem queues with blocking after service: Perros 1994, "Queueing Networks with
/// Blocking". Tested  unit/topology/neurocore_pipeline_test, reference/neurocore_timing_test.
class InputPipeline {
 public:
  /// A pipeline that takes no time: the host's.
  InputPipeline() = default;
  explicit InputPipeline(const NeurocoreDescription& core, Duration mac_latency = {})
      : decode_(core.axon_in_latency),
        fetch_(core.synapse_fetch_latency),
        accumulate_(core.accumulate_latency),
        multiply_(mac_latency) {}

  struct Times {
    TimePoint taken;  ///< leaves the queue: its place is free
    TimePoint done;   ///< takes effect
  };

  /// A packet arrives at `now`, which never decreases.
  Times read(TimePoint now, const InputWork& work) {
    const TimePoint taken = std::max(now, decode_free_);
    const TimePoint fetched_from = std::max(taken + decode_, fetch_free_);
    const TimePoint first_word = fetched_from + std::min<std::int64_t>(work.words, 1) * fetch_;
    const TimePoint last_word = fetched_from + work.words * fetch_;
    const TimePoint begun = std::max(first_word, accumulate_free_);
    decode_free_ = fetched_from;
    fetch_free_ = std::max(last_word, begun);
    const Duration adding = work.groups * accumulate_ + work.products * multiply_;
    accumulate_free_ = std::max(begun + adding, last_word);
    enqueue(now, taken);
    words_ += work.words;
    adding_ += adding;
    return {taken, accumulate_free_};
  }

  /// No packet is in the queue or in a stage.
  bool is_free(TimePoint now) const {
    return decode_free_ <= now && fetch_free_ <= now && accumulate_free_ <= now;
  }

  InputStages stages() const { return {packets_ * decode_, words_ * fetch_, adding_}; }

  /// Fills packets, max_queue_depth, waiting and input_busy. A packet that is taken at once was
  /// never in the queue.
  void report(NeurocoreUse& use) const {
    use.packets = packets_;
    use.max_queue_depth = queue_.deepest();
    use.waiting = waiting_;
    use.input_busy = stages().slowest();
  }

 private:
  void enqueue(TimePoint now, TimePoint taken) {
    ++packets_;
    waiting_ += taken - now;
    queue_.enter_if(taken != now, now, taken);
  }

  Duration decode_{};
  Duration fetch_{};
  Duration accumulate_{};
  Duration multiply_{};
  TimePoint decode_free_{};
  TimePoint fetch_free_{};
  TimePoint accumulate_free_{};
  DepthMeter queue_;  ///< of packets that wait
  std::int64_t packets_ = 0;
  Duration waiting_{};
  std::int64_t words_ = 0;
  Duration adding_{};
};

}  // namespace synfire
