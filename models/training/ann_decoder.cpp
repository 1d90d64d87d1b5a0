// SPDX-License-Identifier: Apache-2.0
#include "models/training/ann_decoder.hpp"

#include <cmath>

#include "models/training/functions.hpp"
#include "models/training/initialiser.hpp"

namespace synfire::training {
namespace {

constexpr double kHeadDeviation = 0.02;  // first logits near 0, whatever the stream's size

LayerNormedLinear fresh_layer(std::int64_t width, Initialiser& initialise) {
  return {initialise.weight(width, width), at::zeros({width}), at::ones({width}),
          at::zeros({width})};
}

AnnBlock fresh_block(const DecoderShape& shape, Initialiser& initialise) {
  AnnBlock block;
  if (shape.attention != Attention::none) {
    for (LayerNormedLinear* layer : {&block.query, &block.key, &block.value, &block.output}) {
      *layer = fresh_layer(shape.width, initialise);
    }
  }
  block.hidden_weight = initialise.weight(shape.hidden, shape.width);
  block.hidden_bias = at::zeros({shape.hidden});
  block.output_weight = initialise.weight(shape.width, shape.hidden);
  block.output_bias = at::zeros({shape.width});
  return block;
}

at::Tensor drop(const at::Tensor& x, const Pass& pass) {
  return pass.training && pass.dropout > 0.0 ? at::dropout(x, pass.dropout, true) : x;
}

}  // namespace

AnnDecoder::AnnDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed)
    : AnnDecoder(shape, precision, Initialiser(seed)) {}

AnnDecoder::AnnDecoder(const DecoderShape& shape, Precision precision, Initialiser initialise)
    : shape_(shape),
      type_(precision == Precision::bfloat16 ? at::kBFloat16 : at::kFloat),
      embedding_(shape, initialise) {
  for (std::int64_t b = 0; b < shape.blocks; ++b) {
    blocks_.push_back(fresh_block(shape, initialise));
  }
  head_weight_ = initialise.normal({shape.vocabulary, shape.width}, kHeadDeviation);
  head_bias_ = at::zeros({shape.vocabulary});
  add_parameters();
}

void AnnDecoder::add_parameters() {
  embedding_.add_parameters(parameters_);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const std::string name = "block" + std::to_string(b);
    const auto add = [&](const std::string& layer_name, const LayerNormedLinear& layer) {
      if (!layer.weight.defined()) return;
      parameters_.push_back({name + ".attention." + layer_name + ".weight", layer.weight, true});
      parameters_.push_back({name + ".attention." + layer_name + ".bias", layer.bias, false});
      parameters_.push_back({name + ".attention." + layer_name + ".gain", layer.gain, false});
      parameters_.push_back({name + ".attention." + layer_name + ".offset", layer.offset, false});
    };
    add("query", blocks_[b].query);
    add("key", blocks_[b].key);
    add("value", blocks_[b].value);
    add("output", blocks_[b].output);
    parameters_.push_back({name + ".mlp.hidden.weight", blocks_[b].hidden_weight, true});
    parameters_.push_back({name + ".mlp.hidden.bias", blocks_[b].hidden_bias, false});
    parameters_.push_back({name + ".mlp.output.weight", blocks_[b].output_weight, true});
    parameters_.push_back({name + ".mlp.output.bias", blocks_[b].output_bias, false});
  }
  parameters_.push_back({"head.weight", head_weight_, true});
  parameters_.push_back({"head.bias", head_bias_, false});
  for (NamedTensor& parameter : parameters_) parameter.value.set_requires_grad(true);
}

at::Tensor AnnDecoder::dense(const at::Tensor& x, const at::Tensor& weight,
                             const at::Tensor& bias) const {
  const at::Tensor rows = x.to(type_).flatten(0, 1).contiguous();
  return (spike_linear(rows, weight).to(at::kFloat) + bias).view({x.size(0), x.size(1), -1});
}

at::Tensor AnnDecoder::apply(const LayerNormedLinear& layer, const at::Tensor& x) const {
  return at::layer_norm(dense(x, layer.weight, layer.bias), {layer.weight.size(0)}, layer.gain,
                        layer.offset, norm_epsilon);
}

at::Tensor AnnDecoder::attend(std::size_t index, const at::Tensor& x, const Pass& pass) const {
  const AnnBlock& block = blocks_[index];
  const std::string name = "block" + std::to_string(index) + ".attention";
  const std::int64_t window = pass.attention_window;
  const std::int64_t windows = x.size(0);
  const std::int64_t length = x.size(1);
  const auto heads = [&](const at::Tensor& y) {
    return y.to(type_).view({windows, length, shape_.heads(), -1}).transpose(1, 2);
  };
  const auto seen = [&](const char* part, const at::Tensor& y) {
    if (pass.ranges != nullptr) pass.ranges->see(name + part, y);
    return y;
  };
  seen(".input", x);
  const at::Tensor q = heads(seen(".query", apply(block.query, x)));
  const at::Tensor k = heads(seen(".key", apply(block.key, x)));
  const at::Tensor v = heads(seen(".value", apply(block.value, x)));
  const double scale = 1.0 / std::sqrt(static_cast<double>(shape_.head_dimension()));
  const at::Tensor all = at::ones({length, length}, at::kBool);
  const at::Tensor hidden = window > 0 ? all.triu(1) | all.tril(-window) : all.triu(1);
  const at::Tensor scores = (at::matmul(q, k.transpose(2, 3)).to(at::kFloat) * scale)
                                .masked_fill(hidden, -std::numeric_limits<float>::infinity());
  const at::Tensor mixed = at::matmul(at::softmax(scores, -1).to(type_), v);
  return apply(block.output, mixed.transpose(1, 2).reshape({windows, length, -1}));
}

at::Tensor AnnDecoder::embed(const at::Tensor& tokens) const {
  const at::Tensor start = embedding_.forward(tokens, false);
  return shape_.spike_degree == 0 ? start + sinusoids(tokens.size(1), shape_.width) : start;
}

at::Tensor AnnDecoder::logits(const at::Tensor& tokens, const Pass& pass) {
  if (pass.training) at::manual_seed(pass.seed);  // a mask depends on seed and step alone
  at::Tensor x = embed(tokens);
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const AnnBlock& block = blocks_[b];
    if (shape_.attention != Attention::none) x = x + drop(attend(b, x, pass), pass);
    const at::Tensor sums = dense(x, block.hidden_weight, block.hidden_bias);
    if (pass.ranges != nullptr) {
      pass.ranges->see("block" + std::to_string(b) + ".mlp.input", x);
      pass.ranges->see("block" + std::to_string(b) + ".mlp.hidden", sums);
    }
    const at::Tensor hidden = at::gelu(sums, "tanh");
    x = x + drop(dense(hidden, block.output_weight, block.output_bias), pass);
  }
  return at::linear(x, head_weight_, head_bias_);
}

}  // namespace synfire::training
