// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <torch/csrc/autograd/autograd.h>

#include "models/training/functions.hpp"
#include "tests/training/catch_beside_torch.hpp"
#include "tests/training/plain_autograd.hpp"

namespace synfire::training {
namespace {

AttentionShape small_shape() {
  AttentionShape shape;
  shape.windows = 2;
  shape.tokens = 40;
  shape.steps = 3;
  shape.heads = 3;
  shape.head_dimension = 16;
  shape.decay = {0.5F, 0.9375F, 1.0F};
  return shape;
}

at::Tensor random_spikes(const AttentionShape& shape) {
  at::manual_seed(3);
  const at::Tensor uniform =
      at::rand({shape.windows * shape.tokens, shape.steps, 3 * shape.channels()});
  return (uniform < 0.3).to(at::kFloat);
}

at::Tensor random_gain(const AttentionShape& shape) {
  at::manual_seed(5);
  return at::rand({shape.channels()}) * 0.5 + 0.05;
}

/// decay^(n - m) where key m is seen by query n, else 0: [heads, tokens, tokens].
at::Tensor mask(const AttentionShape& shape) {
  at::Tensor weights = at::zeros({shape.heads, shape.tokens, shape.tokens});
  for (std::int64_t h = 0; h < shape.heads; ++h) {
    for (std::int64_t n = 0; n < shape.tokens; ++n) {
      for (std::int64_t m = 0; m <= n; ++m) {
        const bool seen = shape.window == 0 || n - m < shape.window;
        if (seen) weights[h][n][m] = std::pow(double{shape.decay[h]}, static_cast<double>(n - m));
      }
    }
  }
  return weights;
}

/// ((Q K^T) o mask) V and the LIF, by matrices of all positions.
at::Tensor by_matrices(const at::Tensor& spikes, const at::Tensor& gain,
                       const AttentionShape& shape) {
  const at::Tensor parts =
      spikes.view({shape.windows, shape.tokens, shape.steps, 3, shape.heads, shape.head_dimension})
          .permute({3, 0, 2, 4, 1, 5});  // part, window, step, head, token, dimension
  const at::Tensor scores = at::matmul(parts[0], parts[1].transpose(-1, -2)) * mask(shape);
  const at::Tensor sums = at::matmul(scores, parts[2]).permute({0, 3, 1, 2, 4});
  const at::Tensor current =
      sums.reshape({shape.windows * shape.tokens, shape.steps, shape.channels()}) * gain;
  return plain::lif(current);
}

at::Tensor weigh(const at::Tensor& outputs) {
  at::manual_seed(11);
  return (outputs * at::randn(outputs.sizes())).sum();
}

TEST_CASE("attention as a decaying state equals attention by masked matrices") {
  AttentionShape shape = small_shape();
  shape.window = GENERATE(0, 4);
  const at::Tensor spikes = random_spikes(shape);
  const at::Tensor gain = random_gain(shape);
  const at::Tensor out = attention_lif(spikes, gain, shape);
  CHECK(out.sum().item<double>() > 0.0);
  CHECK(at::equal(out, by_matrices(spikes, gain, shape)));
}

TEST_CASE("attention's gradients equal those of autograd over masked matrices") {
  const AttentionShape shape = small_shape();
  const at::Tensor fused = plain::leaf(random_spikes(shape));
  const at::Tensor fused_gain = plain::leaf(random_gain(shape));
  torch::autograd::backward({weigh(attention_lif(fused, fused_gain, shape))}, {});
  const at::Tensor plainly = plain::leaf(random_spikes(shape));
  const at::Tensor plain_gain = plain::leaf(random_gain(shape));
  torch::autograd::backward({weigh(by_matrices(plainly, plain_gain, shape))}, {});
  CHECK(plain::difference(fused.grad(), plainly.grad()) < 2e-4);
  CHECK(plain::difference(fused_gain.grad(), plain_gain.grad()) < 2e-4);
}

TEST_CASE("attention keeps its precision over a long context with a fast decay") {
  AttentionShape shape = small_shape();
  shape.windows = 1;
  shape.tokens = 300;
  shape.decay = {0.5F, 0.75F, 0.984375F};
  const at::Tensor spikes = random_spikes(shape);
  const at::Tensor gain = random_gain(shape);
  const at::Tensor difference =
      attention_lif(spikes, gain, shape) - by_matrices(spikes, gain, shape);
  CHECK(difference.abs().mean().item<double>() < 1e-4);  // a tie may fall either way
}

TEST_CASE("bfloat16 spikes give the attention of single-precision spikes") {
  const AttentionShape shape = small_shape();
  const at::Tensor spikes = random_spikes(shape);
  const at::Tensor gain = random_gain(shape);
  const at::Tensor narrow = attention_lif(spikes.to(at::kBFloat16), gain, shape);
  CHECK(at::equal(narrow.to(at::kFloat), attention_lif(spikes, gain, shape)));
}

}  // namespace
}  // namespace synfire::training
