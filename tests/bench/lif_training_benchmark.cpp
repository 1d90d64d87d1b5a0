// SPDX-License-Identifier: Apache-2.0

// How near to memory bandwidth are the LIF kernels of training? Each iteration runs the kernel once
// and copies as many bytes as it moves, one after the other, so that both see the same machine;
// `of_copy` is the kernel's bytes a second over the copy's, the best iteration of each. One thread.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/training/norm_lif.hpp"
#include "sim/random.hpp"

namespace synfire::bench {
namespace {

using training::ActivationShape;
using training::Bfloat16;

// A step of the ablations' default: 32 windows of 64 characters, T = 4, four times the width of 64.
constexpr ActivationShape shape{.tokens = 2048, .steps = 4, .channels = 256};
constexpr std::int64_t elements = shape.tokens * shape.steps * shape.channels;
constexpr training::Range all{0, shape.tokens};

Bfloat16 rounded(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return {static_cast<std::uint16_t>(bits >> 16U)};
}
void assign(float& to, float value) {
  to = value;
}
void assign(Bfloat16& to, float value) {
  to = rounded(value);
}

/// Values over -1 .. 3: about a quarter of the neurons fire.
template <class Real>
std::vector<Real> random_values(std::uint64_t seed) {
  RandomStream random(seed, 0);
  std::vector<Real> values(elements);
  for (Real& value : values) {
    assign(value, static_cast<float>(random.below(4096)) / 1024.0F - 1.0F);
  }
  return values;
}

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs `kernel`, which reads or writes `bytes_an_element`.
void beside_copy(benchmark::State& state, std::int64_t bytes_an_element, const auto& kernel) {
  const std::int64_t bytes = elements * bytes_an_element;
  std::vector<char> from(static_cast<std::size_t>(bytes / 2), 1);
  std::vector<char> to(from.size());
  double best_kernel = std::numeric_limits<double>::infinity();
  double best_copy = best_kernel;
  for (auto _ : state) {
    const double seconds = seconds_of(kernel);
    state.SetIterationTime(seconds);
    best_kernel = std::min(best_kernel, seconds);
    best_copy = std::min(best_copy, seconds_of([&] {
                           std::memcpy(to.data(), from.data(), from.size());
                           benchmark::ClobberMemory();
                         }));
  }
  state.counters["bytes_per_s"] = static_cast<double>(bytes) / best_kernel;
  state.counters["of_copy"] = best_copy / best_kernel;
}

/// A LIF that the residual stream drives.
template <class Real>
void lif_forward(benchmark::State& state) {
  const auto stream = random_values<float>(1);
  std::vector<Real> spikes(elements);
  training::NormLifForward<Real> io;
  io.residual = stream.data();
  io.spikes = spikes.data();
  beside_copy(state, sizeof(float) + sizeof(Real),
              [&] { training::norm_lif_forward<Real>(shape, all, io); });
}

template <class Real>
void lif_backward(benchmark::State& state) {
  const auto stream = random_values<float>(1);
  const auto grad_spikes = random_values<Real>(2);
  std::vector<float> grad_stream(elements);
  std::vector<double> unused(shape.channels);
  training::NormLifBackward<Real> io;
  io.next_residual = stream.data();
  io.grad_spikes = grad_spikes.data();
  io.grad_stream = grad_stream.data();
  io.sum_g = io.sum_gx = unused.data();
  beside_copy(state, 2 * sizeof(float) + sizeof(Real),
              [&] { training::norm_lif_backward<Real>(shape, all, io); });
}

/// A normalised layer and its LIF, as Q, K, V and the hidden layer of the MLP are.
template <class Real>
void norm_lif_forward(benchmark::State& state) {
  const auto x = random_values<Real>(1);
  const std::vector<float> scale(shape.channels, 1.1F);
  const std::vector<float> shift(shape.channels, 0.1F);
  std::vector<Real> spikes(elements);
  training::NormLifForward<Real> io;
  io.x = x.data();
  io.scale = scale.data();
  io.shift = shift.data();
  io.spikes = spikes.data();
  beside_copy(state, 2 * sizeof(Real), [&] { training::norm_lif_forward<Real>(shape, all, io); });
}

template <class Real>
void norm_lif_backward(benchmark::State& state) {
  const auto x = random_values<Real>(1);
  const auto grad_spikes = random_values<Real>(2);
  const std::vector<float> scale(shape.channels, 1.1F);
  const std::vector<float> shift(shape.channels, 0.1F);
  std::vector<Real> grad(elements);
  std::vector<double> sum_g(shape.channels);
  std::vector<double> sum_gx(shape.channels);
  training::NormLifBackward<Real> io;
  io.x = x.data();
  io.scale = scale.data();
  io.shift = shift.data();
  io.grad_spikes = grad_spikes.data();
  io.grad_y = grad.data();
  io.sum_g = sum_g.data();
  io.sum_gx = sum_gx.data();
  beside_copy(state, 3 * sizeof(Real), [&] { training::norm_lif_backward<Real>(shape, all, io); });
}

BENCHMARK_TEMPLATE(lif_forward, float)->Name("training/lif_forward/float32")->UseManualTime();
BENCHMARK_TEMPLATE(lif_forward, Bfloat16)->Name("training/lif_forward/bfloat16")->UseManualTime();
BENCHMARK_TEMPLATE(lif_backward, float)->Name("training/lif_backward/float32")->UseManualTime();
BENCHMARK_TEMPLATE(lif_backward, Bfloat16)->Name("training/lif_backward/bfloat16")->UseManualTime();
BENCHMARK_TEMPLATE(norm_lif_forward, float)
    ->Name("training/norm_lif_forward/float32")
    ->UseManualTime();
BENCHMARK_TEMPLATE(norm_lif_forward, Bfloat16)
    ->Name("training/norm_lif_forward/bfloat16")
    ->UseManualTime();
BENCHMARK_TEMPLATE(norm_lif_backward, float)
    ->Name("training/norm_lif_backward/float32")
    ->UseManualTime();
BENCHMARK_TEMPLATE(norm_lif_backward, Bfloat16)
    ->Name("training/norm_lif_backward/bfloat16")
    ->UseManualTime();

}  // namespace
}  // namespace synfire::bench
