// SPDX-License-Identifier: Apache-2.0
#include <torch/csrc/autograd/autograd.h>

#include "models/training/functions.hpp"
#include "tests/training/catch_beside_torch.hpp"
#include "tests/training/plain_autograd.hpp"

namespace synfire::training {
namespace {

constexpr std::int64_t tokens = 70;  // more than a tile of sums
constexpr std::int64_t steps = 4;
constexpr std::int64_t channels = 48;

struct Inputs {
  at::Tensor x, gain, bias, residual;
  Inputs() {
    at::manual_seed(7);
    x = plain::leaf(at::randn({tokens, steps, channels}) * 1.5 + 0.3);
    gain = plain::leaf(at::rand({channels}) + 0.5);
    bias = plain::leaf(at::randn({channels}) * 0.3 + 0.5);
    residual = plain::leaf(at::randn({tokens, steps, channels}));
  }
};

NormState fresh_state() {
  return {at::zeros({channels}), at::ones({channels}), at::zeros({channels}), 0.1};
}

at::Tensor normalised(const Inputs& in, Statistics statistics) {
  const at::Tensor rows = in.x.view({-1, channels});
  at::Tensor scaled = in.x;
  if (statistics == Statistics::batch_moments) {
    const at::Tensor mean = rows.mean(0);
    scaled = (in.x - mean) / (rows.square().mean(0) - mean.square() + norm_epsilon).sqrt();
  } else if (statistics == Statistics::batch_power) {
    scaled = in.x / (rows.square().mean(0) + norm_epsilon).sqrt();
  }
  return scaled * in.gain + in.bias;
}

/// Any loss that weighs every output differently.
at::Tensor weigh(const at::Tensor& outputs) {
  at::manual_seed(11);
  return (outputs * at::randn(outputs.sizes())).sum();
}

void compare(Statistics statistics, bool has_residual) {
  Inputs fused;
  NormState state = fresh_state();
  const NormLifResult result =
      norm_lif(fused.x, fused.gain, fused.bias, has_residual ? fused.residual : at::Tensor(), state,
               statistics, Dropout{});
  at::Tensor loss = weigh(result.spikes);
  if (has_residual) loss = loss + weigh(result.stream);
  torch::autograd::backward({loss}, {});

  Inputs by_steps;
  at::Tensor current = normalised(by_steps, statistics);
  if (has_residual) current = current + by_steps.residual;
  const at::Tensor spikes = plain::lif(current);
  at::Tensor expected_loss = weigh(spikes);
  if (has_residual) expected_loss = expected_loss + weigh(current);
  torch::autograd::backward({expected_loss}, {});

  CHECK(plain::difference(result.spikes.detach(), spikes.detach()) == 0.0);
  CHECK(plain::difference(fused.x.grad(), by_steps.x.grad()) < 2e-4);
  CHECK(plain::difference(fused.gain.grad(), by_steps.gain.grad()) < 2e-4);
  CHECK(plain::difference(fused.bias.grad(), by_steps.bias.grad()) < 2e-4);
  if (has_residual) {
    CHECK(plain::difference(fused.residual.grad(), by_steps.residual.grad()) < 2e-4);
  }
}

TEST_CASE("norm_lif has the spikes and gradients of autograd over the steps") {
  const auto statistics =
      GENERATE(Statistics::batch_moments, Statistics::batch_power, Statistics::none);
  const bool has_residual = GENERATE(false, true);
  compare(statistics, has_residual);
}

TEST_CASE("norm_lif keeps running moments of the batches") {
  const Inputs in;
  NormState state = fresh_state();
  norm_lif(in.x, in.gain, in.bias, {}, state, Statistics::batch_moments, Dropout{});
  const at::Tensor rows = in.x.detach().view({-1, channels});
  CHECK(plain::difference(state.mean, 0.1 * rows.mean(0)) < 1e-5);
  CHECK(plain::difference(state.power, 0.9 + 0.1 * rows.var(0, false)) < 1e-5);
}

TEST_CASE("PowerNorm after its warm-up divides by the running quadratic mean") {
  Inputs fused;
  NormState state = fresh_state();
  state.power.fill_(4.0);
  const NormLifResult result =
      norm_lif(fused.x, fused.gain, fused.bias, {}, state, Statistics::running_power, Dropout{});
  const Inputs by_steps;
  const at::Tensor current =
      by_steps.x / std::sqrt(4.0 + norm_epsilon) * by_steps.gain + by_steps.bias;
  CHECK(plain::difference(result.spikes.detach(), plain::lif(current).detach()) == 0.0);
  torch::autograd::backward({weigh(result.spikes)}, {});
  CHECK(state.correction.abs().sum().item<double>() > 0.0);
}

TEST_CASE("dropout silences whole channels of a token, and their gradient") {
  Inputs in;
  NormState state = fresh_state();
  const Dropout half{0.5F, 123};
  const NormLifResult result =
      norm_lif(in.x, in.gain, in.bias, in.residual, state, Statistics::none, half);
  const at::Tensor dropped = ((result.stream - in.residual).abs() == 0.0).all(1);
  const double share = dropped.to(at::kFloat).mean().item<double>();
  CHECK(share > 0.45);
  CHECK(share < 0.55);
  torch::autograd::backward({weigh(result.stream)}, {});
  const at::Tensor silent = (in.x.grad().abs() == 0.0).all(1);
  CHECK(at::equal(silent, dropped));
}

TEST_CASE("a LIF on the residual stream has the gradient of autograd over the steps") {
  Inputs fused;
  torch::autograd::backward({weigh(lif(fused.residual, at::kFloat))}, {});
  Inputs by_steps;
  torch::autograd::backward({weigh(plain::lif(by_steps.residual))}, {});
  CHECK(plain::difference(fused.residual.grad(), by_steps.residual.grad()) < 2e-4);
}

TEST_CASE("bfloat16 activations give the spikes of the same numbers in single precision") {
  Inputs in;
  const at::Tensor rounded = in.x.detach().to(at::kBFloat16);
  NormState state = fresh_state();
  const at::Tensor narrow =
      norm_lif(rounded, in.gain, in.bias, {}, state, Statistics::none, Dropout{}).spikes;
  const at::Tensor wide =
      norm_lif(rounded.to(at::kFloat), in.gain, in.bias, {}, state, Statistics::none, Dropout{})
          .spikes;
  CHECK(at::equal(narrow.to(at::kFloat), wide));
}

}  // namespace
}  // namespace synfire::training
