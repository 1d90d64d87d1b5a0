// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <string>

#include <torch/csrc/autograd/autograd.h>

#include "models/training/spiking_decoder.hpp"
#include "models/training/switch_names.hpp"
#include "sim/error.hpp"
#include "tests/training/catch_beside_torch.hpp"
#include "tests/training/plain_autograd.hpp"

namespace synfire::training {
namespace {

constexpr std::int64_t windows = 2;
constexpr std::int64_t length = 10;

/// Widths that no kernel has: 24 channels, heads of 12.
DecoderShape odd_shape() {
  DecoderShape shape;
  shape.attention = Attention::published;
  shape.vocabulary = 7;
  shape.context = length;
  shape.steps = 3;
  shape.groups = 2;
  shape.width = 24;
  shape.hidden = 40;
  shape.blocks = 2;
  shape.decay_shift = {1, 2};
  shape.learned_threshold = true;
  shape.linear_bias = true;
  return shape;
}

/// The decoder's equations again, plainly: SpikeDecoder (arXiv 2606.12287) with its program's
/// `spiking_residuals`, in the order LIF, linear, norm.
class PlainDecoder {
 public:
  PlainDecoder(SpikingDecoder& decoder) : shape_(decoder.shape()) {
    for (const NamedTensor& p : decoder.parameters()) values_[p.name] = p.value.detach();
  }

  at::Tensor logits(const at::Tensor& tokens) const {
    at::Tensor x = embed(tokens);
    for (std::int64_t b = 0; b < shape_.blocks; ++b) {
      x = attention(x, "block" + std::to_string(b), b == 0);
      x = mlp(x, "block" + std::to_string(b));
    }
    if (shape_.spike_degree == 4) x = fire(x, "head.input");
    return head(x);
  }

 private:
  at::Tensor value(const std::string& name) const { return values_.at(name); }
  bool is(ResidualForm form) const { return shape_.residual == form; }

  at::Tensor embed(const at::Tensor& tokens) const {
    at::Tensor rows = at::zeros({windows, length, shape_.width});
    const at::Tensor table = value("embedding.weight");
    for (std::int64_t w = 0; w < windows; ++w) {
      for (std::int64_t n = 0; n < length; ++n) {
        for (std::int64_t g = 0; g <= std::min(n, shape_.groups - 1); ++g) {
          const auto token = tokens[w][n - g].item<std::int64_t>();
          rows[w][n] += table[g * shape_.vocabulary + token];
        }
      }
    }
    rows = rows + value("embedding.bias");
    return rows.view({-1, 1, shape_.width}).expand({-1, shape_.steps, -1});
  }

  at::Tensor fire(const at::Tensor& x, const std::string& population, std::int64_t part = 0) const {
    return plain::lif(x / value(population + ".threshold")[part]);
  }

  /// Linear, then norm over the channels (LayerNorm) or all tokens and steps (BatchNorm).
  at::Tensor normed(const at::Tensor& s, const std::string& layer, std::int64_t first,
                    std::int64_t size) const {
    const auto rows = [&](const char* what) {
      return value(layer + what).slice(0, first, first + size);
    };
    const at::Tensor y = at::linear(s, rows(".weight"), rows(".linear_bias"));
    const bool layer_norm = shape_.norm == Norm::layer;
    const std::vector<std::int64_t> over =
        layer_norm ? std::vector<std::int64_t>{2} : std::vector<std::int64_t>{0, 1};
    const at::Tensor mean = y.mean(over, true);
    const at::Tensor variance = (y - mean).square().mean(over, true);
    return (y - mean) / at::sqrt(variance + norm_epsilon) * rows(".gain") + rows(".bias");
  }

  at::Tensor attention(at::Tensor x, const std::string& block, bool is_first) const {
    const std::string name = block + ".attention";
    const std::int64_t e = shape_.width;
    const at::Tensor s = fire(x, name + ".input");
    if (is(ResidualForm::spiking)) x = s;
    at::Tensor parts[3];
    for (int i = 0; i < 3; ++i) {
      parts[i] = fire(normed(s, name + ".query_key_value", i * e, e), name + ".query_key_value", i)
                     .view({windows, length, shape_.steps, shape_.heads(), -1})
                     .permute({0, 2, 3, 1, 4});
    }
    const at::Tensor scores = at::matmul(parts[0], parts[1].transpose(-1, -2)).tril();
    const at::Tensor y = at::matmul(scores, parts[2])
                             .permute({0, 3, 1, 2, 4})
                             .reshape({windows * length, shape_.steps, e});
    const at::Tensor a = plain::lif(value(name + ".gain") * y);
    const at::Tensor out = normed(a, name + ".output", 0, e);
    const bool spikes = is(ResidualForm::spiking) || (is(ResidualForm::first_block) && is_first);
    return x + (spikes ? fire(out, name + ".output") : out);
  }

  at::Tensor mlp(at::Tensor x, const std::string& block) const {
    const std::string name = block + ".mlp";
    if (shape_.spike_degree == 2) {
      const at::Tensor h = at::gelu(
          at::linear(x, value(name + ".hidden.weight"), value(name + ".hidden.linear_bias")),
          "tanh");
      return x + at::linear(h, value(name + ".output.weight"), value(name + ".output.linear_bias"));
    }
    const bool spikes = is(ResidualForm::spiking) || is(ResidualForm::spiking_mlp);
    const at::Tensor s = fire(x, name + ".input");
    const at::Tensor h = fire(normed(s, name + ".hidden", 0, shape_.hidden), name + ".hidden");
    const at::Tensor out = normed(h, name + ".output", 0, shape_.width);
    return spikes ? s + fire(out, name + ".output") : x + out;
  }

  at::Tensor head(const at::Tensor& x) const {
    at::Tensor features = x.select(1, shape_.steps - 1);
    if (shape_.head == HeadForm::average) features = x.mean(1);
    if (shape_.head == HeadForm::accumulate) features = x.sum(1);
    if (shape_.head == HeadForm::concatenate) features = x.flatten(1);
    return at::linear(features, value("head.weight"), value("head.bias"))
        .view({windows, length, -1});
  }

  DecoderShape shape_;
  std::map<std::string, at::Tensor> values_;
};

at::Tensor some_tokens() {
  at::manual_seed(7);
  return at::randint(7, {windows, length}, at::kLong);
}

/// Thresholds and biases away from their first values, so that each has its effect.
void shake(SpikingDecoder& decoder) {
  const at::NoGradGuard no_gradient;
  at::manual_seed(9);
  for (NamedTensor& p : decoder.parameters()) {
    if (p.name.ends_with("threshold")) p.value.uniform_(0.25, 0.45);
    if (p.name.ends_with("bias")) p.value.add_(at::randn_like(p.value), 0.3);
    if (p.name.ends_with("attention.gain")) p.value.uniform_(0.2, 0.6);
  }
}

}  // namespace

TEST_CASE("a decoder computes its published equations, whatever the switches") {
  DecoderShape shape = odd_shape();
  shape.norm = GENERATE(Norm::batch, Norm::layer);
  shape.residual = GENERATE(ResidualForm::real, ResidualForm::spiking_mlp, ResidualForm::spiking,
                            ResidualForm::first_block);
  shape.head =
      GENERATE(HeadForm::average, HeadForm::accumulate, HeadForm::concatenate, HeadForm::final);
  shape.spike_degree = GENERATE(2, 3, 4);
  if (shape.spike_degree == 2 && shape.residual != ResidualForm::real) return;
  CAPTURE(name_of(norm_names, shape.norm), name_of(residual_names, shape.residual),
          name_of(head_names, shape.head), shape.spike_degree);
  check(shape);
  SpikingDecoder decoder(shape, Precision::float32, 3);
  shake(decoder);
  Pass pass;
  pass.training = true;
  const at::Tensor tokens = some_tokens();
  const at::Tensor logits = decoder.logits(tokens, pass).detach();
  CHECK(plain::difference(logits, PlainDecoder(decoder).logits(tokens)) < 1e-3);
}

TEST_CASE("every learned number of every variant gets a gradient") {
  DecoderShape shape = odd_shape();
  shape.norm = GENERATE(Norm::batch, Norm::power, Norm::layer);
  shape.residual = GENERATE(ResidualForm::real, ResidualForm::spiking_mlp, ResidualForm::spiking,
                            ResidualForm::first_block);
  shape.spike_degree = GENERATE(2, 3, 4);
  if (shape.spike_degree == 2 && shape.residual != ResidualForm::real) return;
  SpikingDecoder decoder(shape, Precision::float32, 3);
  shake(decoder);
  Pass pass;
  pass.training = true;
  pass.warming_up = true;
  at::manual_seed(1);
  const at::Tensor logits = decoder.logits(some_tokens(), pass);
  torch::autograd::backward({(logits * at::randn_like(logits)).sum()}, {});
  for (const NamedTensor& p : decoder.parameters()) {
    CAPTURE(p.name);
    REQUIRE(p.value.grad().defined());
    CHECK(at::isfinite(p.value.grad()).all().item<bool>());
    // A bias in front of a norm that takes the mean away has none by right.
    const bool may_vanish = p.name.ends_with("linear_bias") && shape.norm == Norm::batch;
    if (!may_vanish) CHECK(p.value.grad().abs().sum().item<double>() > 0.0);
  }
}

TEST_CASE("bits of codes pass an input threshold of 0.5, and never one of 1") {
  DecoderShape shape = odd_shape();
  shape.token_code = TokenCode::learned;
  shape.position_code = PositionCode::learned;
  shape.token_width = shape.position_width = 12;
  for (const double threshold : {1.0, 0.5}) {
    CAPTURE(threshold);
    shape.input_threshold = threshold;
    check(shape);
    SpikingDecoder decoder(shape, Precision::float32, 3);
    Pass pass;
    pass.training = true;
    pass.observe = true;
    decoder.logits(some_tokens(), pass);
    const Firing& first = decoder.firing().front();
    REQUIRE(first.population == "block0.attention.input");
    CHECK((first.mean.sum().item<float>() > 0.0F) == (threshold < 1.0));
  }
}

TEST_CASE("switches that exclude each other are refused with the option's name") {
  const auto [change, option] = GENERATE(table<void (*)(DecoderShape&), std::string>({
      {[](DecoderShape& s) { s.spike_degree = 5; }, "--spike-degree"},
      {[](DecoderShape& s) { s.residual = ResidualForm::spiking, s.spike_degree = 2; },
       "--residual"},
      {[](DecoderShape& s) { s.attention = Attention::none, s.spike_degree = 2; },
       "--spike-degree"},
      {[](DecoderShape& s) { s.position_code = PositionCode::linear; }, "--positions"},
      {[](DecoderShape& s) { s.token_code = TokenCode::binary; }, "--width"},
      {[](DecoderShape& s) { s.token_code = TokenCode::binary, s.spike_degree = 0; },
       "--token-code"},
      {[](DecoderShape& s) { s.sums_positions = true; }, "--sum-positions"},
      {[](DecoderShape& s) { s.padded_right = true; }, "--paper-compat"},
      {[](DecoderShape& s) {
         s.decay_shift = {1, 1, 1, 1, 1};
       },
       "--width"},
      {[](DecoderShape& s) { s.steps = 17; }, "--time-steps"},
      {[](DecoderShape& s) { s.input_threshold = 0.0; }, "--input-threshold"},
      {[](DecoderShape& s) { s.input_threshold = 0.5, s.learned_threshold = false; },
       "--input-threshold"},
      {[](DecoderShape& s) { s.norm = Norm::power, s.spike_degree = 1; }, "--norm"},
  }));
  DecoderShape shape = odd_shape();
  check(shape);
  change(shape);
  CHECK_THROWS_WITH(check(shape), Catch::StartsWith(option));
}

}  // namespace synfire::training
