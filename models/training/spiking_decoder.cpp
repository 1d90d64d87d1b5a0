// SPDX-License-Identifier: Apache-2.0
#include "models/training/spiking_decoder.hpp"

#include <cmath>
#include <utility>

#include "models/training/embedding_sum.hpp"
#include "models/training/initialiser.hpp"
#include "models/training/quantisation.hpp"

namespace synfire::training {
namespace {

constexpr double kLifBias = 0.5;       // keeps a fresh population firing about one step in five
constexpr double kResidualGain = 0.5;  // a fresh block changes the stream by half its spread

NormedLinear fresh_layer(std::int64_t out, std::int64_t in, double gain, double bias,
                         Initialiser& initialise) {
  const at::Tensor ones = at::ones({out});
  return {initialise.weight(out, in), ones * gain, ones * bias,
          NormState{at::zeros({out}), at::ones({out}), at::zeros({out}), 0.1}};
}

SpikingBlock fresh_block(const DecoderShape& shape, Initialiser& initialise) {
  const std::int64_t e = shape.width;
  SpikingBlock block;
  if (shape.attention != Attention::none) {
    block.query_key_value = fresh_layer(3 * e, e, 1.0, kLifBias, initialise);
    block.attention_gain = at::full({e}, 0.125);
    if (shape.attention == Attention::leaky) {
      at::Tensor per_head = block.attention_gain.view({shape.heads(), -1});
      for (std::int64_t h = 0; h < shape.heads(); ++h) {
        per_head[h].fill_(std::exp2(1.0 - 0.5 * shape.decay_shift[h]));
      }
    }
    block.attention_output = fresh_layer(e, e, kResidualGain, 0.0, initialise);
  }
  block.hidden = fresh_layer(shape.hidden, e, 1.0, kLifBias, initialise);
  block.output = fresh_layer(e, shape.hidden, kResidualGain, 0.0, initialise);
  return block;
}

}  // namespace

FoldedNorm folded_norm(const NormedLinear& layer) {
  const at::Tensor scale = layer.gain * (layer.state.power + norm_epsilon).rsqrt();
  return {scale, layer.bias - layer.state.mean * scale};
}

SpikingDecoder::SpikingDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed)
    : shape_(shape), type_(precision == Precision::bfloat16 ? at::kBFloat16 : at::kFloat) {
  Initialiser initialise(seed);
  const std::int64_t e = shape.width;
  const double groups = static_cast<double>(shape.groups);
  embedding_weight_ =
      initialise.normal({shape.groups * shape.vocabulary, e}, 1.0 / std::sqrt(groups));
  embedding_bias_ = at::full({e}, kLifBias);
  for (std::int64_t b = 0; b < shape.blocks; ++b) {
    blocks_.push_back(fresh_block(shape, initialise));
  }
  head_weight_ = initialise.weight(shape.vocabulary, shape.steps * e);
  head_bias_ = at::zeros({shape.vocabulary});
  add_parameters();
}

void SpikingDecoder::add(const std::string& name, NormedLinear& layer) {
  parameters_.push_back({name + ".weight", layer.weight, true});
  parameters_.push_back({name + ".gain", layer.gain, false});
  parameters_.push_back({name + ".bias", layer.bias, false});
  buffers_.push_back({name + ".mean", layer.state.mean, false});
  buffers_.push_back({name + ".power", layer.state.power, false});
  buffers_.push_back({name + ".correction", layer.state.correction, false});
}

void SpikingDecoder::add_parameters() {
  parameters_.push_back({"embedding.weight", embedding_weight_, false});
  parameters_.push_back({"embedding.bias", embedding_bias_, false});
  for (std::size_t b = 0; b < blocks_.size(); ++b) {
    const std::string name = "block" + std::to_string(b);
    if (shape_.attention != Attention::none) {
      add(name + ".attention.query_key_value", blocks_[b].query_key_value);
      parameters_.push_back({name + ".attention.gain", blocks_[b].attention_gain, false});
      add(name + ".attention.output", blocks_[b].attention_output);
    }
    add(name + ".mlp.hidden", blocks_[b].hidden);
    add(name + ".mlp.output", blocks_[b].output);
  }
  parameters_.push_back({"head.weight", head_weight_, true});
  parameters_.push_back({"head.bias", head_bias_, false});
  for (NamedTensor& parameter : parameters_) parameter.value.set_requires_grad(true);
}

at::Tensor SpikingDecoder::embed(const at::Tensor& tokens, const Pass& pass) const {
  at::Tensor table = embedding_weight_;
  if (pass.quantised) table = fake_quantise(table.t(), true).t();
  const at::Tensor sum =
      embedding_sum(table.reshape({shape_.groups, shape_.vocabulary, shape_.width}), tokens) +
      embedding_bias_;
  return sum.view({-1, 1, shape_.width}).expand({-1, shape_.steps, -1}).contiguous();
}

Statistics SpikingDecoder::statistics(const Pass& pass) const {
  if (!pass.training || pass.quantised) return Statistics::none;
  if (shape_.norm == Norm::batch) return Statistics::batch_moments;
  return pass.warming_up ? Statistics::batch_power : Statistics::running_power;
}

void SpikingDecoder::observe(const std::string& population, const at::Tensor& spikes,
                             const Pass& pass) {
  if (!pass.observe) return;
  firing_.push_back({population, spikes.detach().flatten(0, -2).to(at::kFloat).mean(0)});
}

NormLifResult SpikingDecoder::apply(NormedLinear& layer, const at::Tensor& spikes,
                                    const at::Tensor& residual, const Pass& pass,
                                    const std::string& population) {
  at::Tensor weight = layer.weight;
  at::Tensor gain = layer.gain;
  at::Tensor bias = layer.bias;
  const Statistics kind = statistics(pass);
  if (kind == Statistics::none) {
    const FoldedNorm folded = folded_norm(layer);
    gain = folded.scale;
    bias = folded.shift;
    if (pass.quantised) {
      weight = fake_quantise(weight * gain.unsqueeze(1), residual.defined());
      gain = at::ones_like(gain);
    }
  }
  const at::Tensor rows = spikes.view({-1, spikes.size(-1)});
  const at::Tensor x = spike_linear(rows, weight).view({spikes.size(0), shape_.steps, -1});
  Dropout dropout;
  if (residual.defined() && pass.training) {
    dropout.probability = static_cast<float>(pass.dropout);
    dropout.seed = (pass.seed + ++masks_) * 0x9E3779B1U;
  }
  NormLifResult result = norm_lif(x, gain, bias, residual, layer.state, kind, dropout);
  observe(population, result.spikes, pass);
  return result;
}

at::Tensor SpikingDecoder::attend(std::int64_t index, const at::Tensor& spikes,
                                  std::int64_t windows, const Pass& pass) {
  SpikingBlock& block = blocks_[index];
  const std::string name = "block" + std::to_string(index) + ".attention";
  const at::Tensor qkv =
      apply(block.query_key_value, spikes, {}, pass, name + ".query_key_value").spikes;
  AttentionShape shape;
  shape.windows = windows;
  shape.tokens = spikes.size(0) / windows;
  shape.steps = shape_.steps;
  shape.heads = shape_.heads();
  shape.head_dimension = shape_.head_dimension();
  shape.window = pass.attention_window;
  for (const int k : shape_.decay_shift) {
    shape.decay.push_back(shape_.attention == Attention::leaky ? 1.0F - std::exp2f(-k) : 1.0F);
  }
  const at::Tensor out = attention_lif(qkv, block.attention_gain, shape);
  observe(name, out, pass);
  return out;
}

at::Tensor SpikingDecoder::logits(const at::Tensor& tokens, const Pass& pass) {
  firing_.clear();
  masks_ = 0;
  at::Tensor stream = embed(tokens, pass);
  at::Tensor spikes = lif(stream, type_);
  observe(shape_.attention == Attention::none ? "block0.mlp.input" : "block0.attention.input",
          spikes, pass);
  for (std::int64_t b = 0; b < shape_.blocks; ++b) {
    const std::string name = "block" + std::to_string(b);
    if (shape_.attention != Attention::none) {
      spikes = attend(b, spikes, tokens.size(0), pass);
      const NormLifResult out =
          apply(blocks_[b].attention_output, spikes, stream, pass, name + ".mlp.input");
      stream = out.stream;
      spikes = out.spikes;
    }
    spikes = apply(blocks_[b].hidden, spikes, {}, pass, name + ".mlp.hidden").spikes;
    std::string next = "block" + std::to_string(b + 1) +
                       (shape_.attention == Attention::none ? ".mlp.input" : ".attention.input");
    if (b + 1 == shape_.blocks) next = "head.input";
    const NormLifResult out = apply(blocks_[b].output, spikes, stream, pass, next);
    stream = out.stream;
    spikes = out.spikes;
  }
  at::Tensor weight = head_weight_;
  if (pass.quantised) weight = fake_quantise(weight.view({1, -1}), false).view_as(weight);
  const at::Tensor features = spikes.to(at::kFloat).view({tokens.size(0), tokens.size(1), -1});
  return at::linear(features, weight, head_bias_);
}

}  // namespace synfire::training
