// SPDX-License-Identifier: Apache-2.0

// How many events a second does a queue hold (pop the first, push one later), whatever is pending?

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "sim/event.hpp"
#include "sim/event_queue.hpp"
#include "sim/random.hpp"

namespace synfire::bench {
namespace {

/// Times between an event and the one that it schedules. Source of the first two: Jones 1986, "An
/// empirical comparison of priority-queue and event-set implementations".
enum class Increments {
  exponential,  ///< mean 10 ns
  uniform,      ///< 0 .. 20 ns
  equal,        ///< all 10 ns: what is pending lies at two times
  hops,         ///< four latencies of links and neurocores
};

constexpr double mean_ticks = 10'000;       // picoseconds
constexpr std::size_t drawn = 1U << 14U;    // increments, drawn before the clock starts
constexpr std::uint32_t components = 1024;  // that schedule events in turn

std::vector<std::int64_t> draw(Increments kind) {
  constexpr std::array<std::int64_t, 4> hop_ticks = {4'100, 6'500, 8'100, 16'000};
  std::vector<std::int64_t> ticks(drawn);
  RandomStream random(1, static_cast<std::uint64_t>(kind));
  for (std::int64_t& increment : ticks) {
    const double x = random.uniform();
    increment = kind == Increments::exponential ? std::llround(-mean_ticks * std::log1p(-x))
                : kind == Increments::uniform   ? std::llround(2 * mean_ticks * x)
                : kind == Increments::equal     ? std::llround(mean_ticks)
                                                : hop_ticks[random.below(hop_ticks.size())];
  }
  return ticks;
}

/// Gives events the keys that a kernel would give them.
class KeySource {
 public:
  explicit KeySource(Increments kind) : increments_(draw(kind)) {}

  Event next(std::int64_t now) {
    const std::size_t i = count_++;
    const TimePoint time{Duration{now + increments_[i % drawn]}};
    return {{time, Phase::transfer, static_cast<std::uint32_t>(i % components),
             static_cast<std::uint32_t>(i / components)},
            0,
            0};
  }

 private:
  std::vector<std::int64_t> increments_;
  std::size_t count_ = 0;
};

template <typename Queue>
void hold(benchmark::State& state, Increments kind) {
  const std::int64_t pending = state.range(0);
  Queue queue;
  KeySource source(kind);
  for (std::int64_t i = 0; i < pending; ++i) queue.push(source.next(0));
  const auto turn_over = [&] { queue.push(source.next(queue.pop().ticks())); };
  for (std::int64_t i = 0; i < pending; ++i) turn_over();  // to the steady state
  for (auto _ : state) turn_over();
  state.counters["holds_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void pending_events(benchmark::internal::Benchmark* benchmark) {
  for (const std::int64_t pending : {1'000, 100'000, 1'000'000}) benchmark->Arg(pending);
}

template <typename Queue>
void register_queue(const std::string& name) {
  const std::array<std::pair<const char*, Increments>, 4> kinds = {
      {{"exponential", Increments::exponential},
       {"uniform", Increments::uniform},
       {"equal", Increments::equal},
       {"hops", Increments::hops}}};
  for (const auto& [word, kind] : kinds) {
    benchmark::RegisterBenchmark(("hold/" + name + "/" + word).c_str(), hold<Queue>, kind)
        ->Apply(pending_events);
  }
}

// Every queue of sim/event_queue.hpp has a line here.
const bool is_registered = [] {
  register_queue<BinaryHeapQueue>("binary_heap");
  register_queue<RadixHeapQueue>("radix_heap");
  return true;
}();

}  // namespace
}  // namespace synfire::bench
