// SPDX-License-Identifier: Apache-2.0
#include "topology/neurocore_pipeline.hpp"

#include <deque>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include "sim/random.hpp"
#include "tests/support/seed.hpp"

namespace synfire::test {
namespace {

NeurocoreDescription core_with(std::int64_t decode, std::int64_t fetch, std::int64_t accumulate) {
  NeurocoreDescription core;
  core.axon_in_latency = Duration{decode};
  core.synapse_fetch_latency = Duration{fetch};
  core.accumulate_latency = Duration{accumulate};
  return core;
}

TimePoint at(std::int64_t picoseconds) {
  return TimePoint{Duration{picoseconds}};
}

struct Arrival {
  std::int64_t time = 0;
  InputWork work;
};

struct Times {
  std::int64_t taken = 0;
  std::int64_t done = 0;
  bool operator==(const Times&) const = default;
};

/// The stages as they are described, moved by hand, one picosecond after another.
class SteppedPipeline {
 public:
  explicit SteppedPipeline(const NeurocoreDescription& core) : core_(core) {}

  std::vector<Times> run(const std::vector<Arrival>& arrivals) {
    std::vector<Times> times(arrivals.size());
    std::size_t next = 0, done = 0;
    for (std::int64_t now = 0; done < arrivals.size(); ++now) {
      bool has_moved = true;
      while (has_moved) {
        has_moved = false;
        if (accumulate_ && accumulate_->until <= now) {
          times[accumulate_->packet].done = now;
          ++done;
          accumulate_.reset();
          has_moved = true;
        }
        if (fetch_ && !is_begun_ && first_word_ <= now && !accumulate_) {
          const auto& work = arrivals[fetch_->packet].work;
          const std::int64_t end = now + work.groups * core_.accumulate_latency.count();
          accumulate_ = {fetch_->packet, std::max(end, fetch_->until)};
          is_begun_ = true;
          has_moved = true;
        }
        if (fetch_ && is_begun_ && fetch_->until <= now) {
          fetch_.reset();
          has_moved = true;
        }
        if (decode_ && decode_->until <= now && !fetch_) {
          const auto& work = arrivals[decode_->packet].work;
          const std::int64_t word = core_.synapse_fetch_latency.count();
          first_word_ = now + (work.words > 0 ? word : 0);
          fetch_ = {decode_->packet, now + work.words * word};
          is_begun_ = false;
          decode_.reset();
          has_moved = true;
        }
        if (!decode_ && next < arrivals.size() && arrivals[next].time <= now) {
          times[next].taken = now;
          decode_ = {next, now + core_.axon_in_latency.count()};
          ++next;
          has_moved = true;
        }
      }
    }
    return times;
  }

 private:
  struct Stage {
    std::size_t packet;
    std::int64_t until;
  };
  NeurocoreDescription core_;
  std::optional<Stage> decode_, fetch_, accumulate_;
  std::int64_t first_word_ = 0;
  bool is_begun_ = false;
};

}  // namespace

TEST_CASE("InputPipeline: a packet alone takes decode, the first word and its groups") {
  InputPipeline pipeline(core_with(10, 3, 5));
  CHECK(pipeline.read(at(100), {4, 6}).done == at(100 + 10 + 3 + 6 * 5));
}

TEST_CASE("InputPipeline: accumulating does not end before the last word is read") {
  InputPipeline pipeline(core_with(10, 3, 5));
  CHECK(pipeline.read(at(0), {4, 1}).done == at(10 + 4 * 3));
}

TEST_CASE("InputPipeline: without fetch latency a packet alone takes decode and its groups") {
  InputPipeline pipeline(core_with(10, 0, 5));
  CHECK(pipeline.read(at(7), {4, 6}).done == at(7 + 10 + 6 * 5));
}

TEST_CASE("InputPipeline: a packet is decoded while the one before is accumulated") {
  InputPipeline pipeline(core_with(10, 0, 5));
  pipeline.read(at(0), {1, 6});
  const auto second = pipeline.read(at(0), {1, 6});
  CHECK(second.taken == at(10));
  CHECK(second.done == at(10 + 30 + 30));
}

TEST_CASE("InputPipeline: a control packet takes effect after what came before it") {
  InputPipeline pipeline(core_with(10, 0, 5));
  pipeline.read(at(0), {1, 6});
  CHECK(pipeline.read(at(0), {}).done == at(40));
  CHECK(pipeline.read(at(1000), {}).done == at(1010));
}

TEST_CASE("InputPipeline: packets that wait are counted until decode takes them") {
  InputPipeline pipeline(core_with(10, 0, 100));
  for (int i = 0; i < 5; ++i) pipeline.read(at(0), {1, 1});
  NeurocoreUse use;
  pipeline.report(use);
  // Taken at 0, 10, 20 (fetch holds the second until 110), 110 and 210.
  CHECK(use.packets == 5);
  CHECK(use.max_queue_depth == 4);
  CHECK(use.waiting == Duration{0 + 10 + 20 + 110 + 210});
  CHECK(use.input_busy == Duration{500});
}

TEST_CASE("InputPipeline: the host's takes no time") {
  InputPipeline pipeline;
  CHECK(pipeline.read(at(9), {3, 3}).done == at(9));
  CHECK(pipeline.read(at(9), {3, 3}).taken == at(9));
}

TEST_CASE("InputPipeline: the closed form is what stages do that are moved by hand") {
  for (std::uint64_t i = 0; i < 300; ++i) {
    const std::uint64_t seed = base_seed() + i;
    INFO("seed " << seed);
    RandomStream random(seed, 0);
    const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
    const NeurocoreDescription core = core_with(1 + below(12), below(5), 1 + below(8));
    std::vector<Arrival> arrivals;
    std::int64_t time = 0;
    for (int n = 0; n < 20; ++n) {
      time += below(2) * below(60);
      arrivals.push_back({time, below(4) == 0 ? InputWork{} : InputWork{below(6), 1 + below(6)}});
    }
    const std::vector<Times> expected = SteppedPipeline(core).run(arrivals);
    InputPipeline pipeline(core);
    std::vector<Times> times;
    for (const Arrival& arrival : arrivals) {
      const auto read = pipeline.read(at(arrival.time), arrival.work);
      times.push_back(
          {read.taken.time_since_epoch().count(), read.done.time_since_epoch().count()});
    }
    CHECK(times == expected);
  }
}

}  // namespace synfire::test
