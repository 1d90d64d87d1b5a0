// SPDX-License-Identifier: Apache-2.0
#include "models/training/embedding.hpp"

#include <set>
#include <vector>

#include <torch/csrc/autograd/autograd.h>

#include "models/training/spiking_decoder.hpp"
#include "tests/training/catch_beside_torch.hpp"

namespace synfire::training {
namespace {

/// SpikeDecoder as its paper's embedding grid has it.
DecoderShape published_shape(TokenCode token, PositionCode position, std::int64_t position_width) {
  DecoderShape shape;
  shape.attention = Attention::published;
  shape.learned_attention_gain = false;
  shape.norm = Norm::layer;
  shape.linear_bias = true;
  shape.head = HeadForm::average;
  shape.vocabulary = 30;
  shape.context = 256;
  shape.blocks = 6;
  shape.decay_shift = {1};
  shape.token_code = token;
  shape.position_code = position;
  shape.position_width = position_width;
  shape.width = code_widths(shape).stream;
  shape.hidden = 16 * shape.width;
  return shape;
}

std::int64_t distinct_rows(const at::Tensor& code) {
  std::set<std::vector<float>> rows;
  for (std::int64_t v = 0; v < code.size(0); ++v) {
    const float* row = code[v].data_ptr<float>();
    rows.emplace(row, row + code.size(1));
  }
  return static_cast<std::int64_t>(rows.size());
}

// Source  SpikeDecoder (arXiv 2606.12287), program Visualizations.py: parameters of the grid, M.
TEST_CASE("the paper's embedding grid has the paper's numbers of parameters") {
  struct Cell {
    TokenCode token;
    PositionCode position;
    std::int64_t position_width;
    std::int64_t width;
    double millions;
  };
  const Cell cell = GENERATE(values<Cell>({
      {TokenCode::two_hot, PositionCode::linear, 30, 286, 17.785},
      {TokenCode::two_hot, PositionCode::binary, 30, 38, 0.327},
      {TokenCode::two_hot, PositionCode::sinusoidal, 34, 64, 0.911},
      {TokenCode::binary, PositionCode::linear, 30, 261, 14.821},
      {TokenCode::binary, PositionCode::binary, 30, 13, 0.042},
      {TokenCode::binary, PositionCode::sinusoidal, 35, 40, 0.362},
      {TokenCode::learned, PositionCode::linear, 30, 306, 20.352},
      {TokenCode::learned, PositionCode::binary, 30, 58, 0.752},
      {TokenCode::learned, PositionCode::sinusoidal, 30, 80, 1.417},
  }));
  const DecoderShape shape = published_shape(cell.token, cell.position, cell.position_width);
  CHECK(shape.width == cell.width);
  SpikingDecoder decoder(shape, Precision::float32, 1);
  std::int64_t parameters = 0;
  for (const NamedTensor& parameter : decoder.parameters()) parameters += parameter.value.numel();
  CHECK(static_cast<double>(parameters) * 1e-6 == Approx(cell.millions).margin(0.0005).epsilon(0));
}

TEST_CASE("binary codes tell all values apart, the published ones do not") {
  CHECK(distinct_rows(binary_code(30, false)) == 30);
  CHECK(distinct_rows(binary_code(256, false)) == 256);
  CHECK(distinct_rows(binary_code(30, true)) == 16);
  CHECK(distinct_rows(binary_code(256, true)) == 129);
  const at::Tensor published = binary_code(30, true);
  for (const int power : {2, 4, 8, 16}) CHECK(at::equal(published[1], published[power]));
}

TEST_CASE("heaviside fires from 0 on and has arctangent's gradient") {
  const at::Tensor x = at::linspace(-2.0, 2.0, 17).set_requires_grad(true);
  const at::Tensor y = heaviside(x);
  CHECK(at::equal(y.detach(), (x.detach() >= 0.0).to(at::kFloat)));
  torch::autograd::backward({y.sum()}, {});
  const at::Tensor expected = 1.0 / (1.0 + at::square(x.detach() * M_PI));
  CHECK(at::allclose(x.grad(), expected, 1e-5, 1e-6));
}

TEST_CASE("codes and positions lie side by side, added ones are made bits after the addition") {
  DecoderShape shape = published_shape(TokenCode::two_hot, PositionCode::linear, 30);
  shape.vocabulary = 3;
  shape.context = 4;
  shape.width = code_widths(shape).stream;
  Initialiser initialise(1);
  const TokenEmbedding plain(shape, initialise);
  const at::Tensor bits = plain.forward(at::tensor({2, 0}, at::kLong).view({1, 2}), false);
  const at::Tensor expected =
      at::tensor({0.F, 0.F, 1.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F, 0.F, 0.F, 1.F, 0.F, 0.F});
  CHECK(at::equal(bits.flatten(), expected));

  shape.token_code = TokenCode::learned;
  shape.position_code = PositionCode::learned;
  shape.sums_positions = true;
  shape.token_width = shape.position_width = 16;
  shape.width = code_widths(shape).stream;
  REQUIRE(shape.width == 16);
  check(shape);
  const TokenEmbedding summed(shape, initialise);
  std::vector<NamedTensor> tables;
  summed.add_parameters(tables);
  REQUIRE(tables.size() == 2);
  const at::Tensor sum = tables[0].value[1] + tables[1].value[0];
  const at::Tensor first = summed.forward(at::tensor({1}, at::kLong).view({1, 1}), false);
  CHECK(at::equal(first.flatten().detach(), (sum >= 0.0).to(at::kFloat)));
}

}  // namespace
}  // namespace synfire::training
