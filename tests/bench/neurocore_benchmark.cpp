// SPDX-License-Identifier: Apache-2.0

// How fast is the arithmetic of a neurocore's step: synaptic sums, membranes, attention states?

#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "neurons/lif.hpp"
#include "neurons/spiking_attention.hpp"
#include "neurons/synaptic_sum.hpp"
#include "sim/random.hpp"

namespace synfire::bench {
namespace {

constexpr std::uint32_t row_length = 1024;      // neurons of a core
constexpr std::uint32_t spikes_per_step = 154;  // 15 % of 1,024 sources
constexpr double rate = 0.15;

void set_rate(benchmark::State& state, const char* name, double per_iteration) {
  state.counters[name] = benchmark::Counter(per_iteration * static_cast<double>(state.iterations()),
                                            benchmark::Counter::kIsRate);
}

/// Sums of 154 random rows out of as many as fill a level of memory; a step reads other rows than
/// the one before.
void sum_rows(benchmark::State& state) {
  const auto rows = static_cast<std::size_t>(state.range(0)) / row_length;
  std::vector<std::int8_t> weights(rows * row_length);
  RandomStream random(1, 0);
  for (auto& weight : weights) weight = static_cast<std::int8_t>(random());
  std::vector<std::uint32_t> spikes(spikes_per_step * 64);
  for (auto& spike : spikes) spike = static_cast<std::uint32_t>(random.below(rows));
  std::vector<std::int32_t> sums(row_length);
  std::size_t step = 0;
  for (auto _ : state) {
    const auto fired = std::span(spikes).subspan(step++ % 64 * spikes_per_step, spikes_per_step);
    add_rows(weights.data(), row_length, fired, sums);
    benchmark::DoNotOptimize(sums.data());
  }
  set_rate(state, "synaptic_operations_per_s", double{spikes_per_step} * row_length);
}

void update_neurons(benchmark::State& state) {
  RandomStream random(1, 1);
  std::vector<std::int32_t> current(row_length);
  for (auto& x : current) x = static_cast<std::int32_t>(random.below(2000)) - 1000;
  const std::vector<std::int32_t> threshold(row_length, 700);  // about 15 % fire
  std::vector<std::int32_t> membrane(row_length);
  std::vector<std::uint32_t> fired;
  for (auto _ : state) {
    fired.clear();
    update_lif({.threshold = threshold}, current, 0, membrane, fired);
    benchmark::DoNotOptimize(fired.data());
  }
  set_rate(state, "neuron_updates_per_s", row_length);
}

/// A step of 12 heads of 64 dimensions, as in GPT-2 small, at 15 %.
void step_attention(benchmark::State& state, AttentionKind kind) {
  constexpr std::uint32_t heads = 12;
  constexpr std::uint32_t head_dimension = 64;
  AttentionParameters parameters{.kind = kind, .heads = heads};
  if (kind == AttentionKind::leaky) {
    parameters.decay_shift.assign(heads, 3);
    parameters.fraction_bits = 8;
  }
  SpikingAttention unit(parameters, {head_dimension, 0, heads, 1, row_length},
                        AttentionRealisation::state);
  RandomStream random(1, 2);
  std::array<std::vector<std::uint32_t>, 3> spikes;
  for (auto& list : spikes) {
    for (std::uint32_t i = 0; i < heads * head_dimension; ++i) {
      if (random.uniform() < rate) list.push_back(i);
    }
  }
  std::vector<std::int32_t> sums(std::size_t{heads} * head_dimension);
  for (auto _ : state) {
    unit.step(0, spikes[0], spikes[1], spikes[2], sums);
    benchmark::DoNotOptimize(sums.data());
  }
  set_rate(state, "steps_per_s", 1);
  set_rate(state, "state_entries_per_s", double{heads} * head_dimension * head_dimension);
}

constexpr std::int64_t kibibyte = 1024;
constexpr std::int64_t mebibyte = 1024 * kibibyte;
// A gibibyte lies in memory whatever the third-level cache of the machine.
BENCHMARK(sum_rows)->Name("core/sum_rows/L2")->Arg(768 * kibibyte);
BENCHMARK(sum_rows)->Name("core/sum_rows/L3")->Arg(16 * mebibyte);
BENCHMARK(sum_rows)->Name("core/sum_rows/DRAM")->Arg(1024 * mebibyte);
BENCHMARK(update_neurons)->Name("core/lif_update");
BENCHMARK_CAPTURE(step_attention, published, AttentionKind::published)
    ->Name("core/attention_step/published_state");
BENCHMARK_CAPTURE(step_attention, leaky, AttentionKind::leaky)->Name("core/attention_step/leaky");

}  // namespace
}  // namespace synfire::bench
