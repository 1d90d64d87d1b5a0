// SPDX-License-Identifier: Apache-2.0
#include "models/training/spiking_decoder.hpp"

#include <cmath>
#include <utility>

#include <ATen/core/grad_mode.h>

#include "models/training/quantisation.hpp"
#include "models/training/score_attention.hpp"

namespace synfire::training {
namespace {

constexpr double kLifBias = 0.5;           // keeps a fresh population firing about one step in five
constexpr double kResidualGain = 0.5;      // a fresh block changes the stream by half its spread
constexpr double kPublishedScale = 0.125;  // SpikeDecoder's attention_scale

at::Tensor fresh_attention_gain(const DecoderShape& shape) {
  const at::Tensor gain = at::full({shape.width}, kPublishedScale);
  if (shape.attention != Attention::leaky) return gain;
  at::Tensor per_head = gain.view({shape.heads(), -1});
  for (std::int64_t h = 0; h < shape.heads(); ++h) {
    per_head[h].fill_(std::exp2(1.0 - 0.5 * shape.decay_shift[h]));
  }
  return gain;
}

SpikingBlock fresh_block(const DecoderShape& shape, Initialiser& initialise) {
  const std::int64_t e = shape.width;
  SpikingBlock block;
  if (shape.attention != Attention::none) {
    block.query_key_value = fresh_layer(shape, 3 * e, e, 1.0, kLifBias, initialise);
    block.query_key_value.parts = 3;
    block.attention_gain = fresh_attention_gain(shape);
    block.attention_output = fresh_layer(shape, e, e, kResidualGain, 0.0, initialise);
  }
  if (shape.spike_degree == 2) {
    block.hidden = fresh_linear(shape.hidden, e, true, initialise);
    block.output = fresh_linear(e, shape.hidden, true, initialise);
  } else {
    block.hidden = fresh_layer(shape, shape.hidden, e, 1.0, kLifBias, initialise);
    block.output = fresh_layer(shape, e, shape.hidden, kResidualGain, 0.0, initialise);
  }
  return block;
}

Pass unobserved(Pass pass) {
  pass.observe = false;
  return pass;
}

std::string block_name(std::int64_t index) {
  return "block" + std::to_string(index);
}

}  // namespace

SpikingDecoder::SpikingDecoder(const DecoderShape& shape, Precision precision, std::uint64_t seed)
    : SpikingDecoder(shape, precision, Initialiser(seed)) {}

SpikingDecoder::SpikingDecoder(const DecoderShape& shape, Precision precision,
                               Initialiser initialise)
    : shape_(shape),
      type_(precision == Precision::bfloat16 ? at::kBFloat16 : at::kFloat),
      embedding_(shape, initialise) {
  const std::int64_t e = shape.width;
  for (std::int64_t b = 0; b < shape.blocks; ++b) {
    blocks_.push_back(fresh_block(shape, initialise));
  }
  const bool concatenates = shape.head == HeadForm::concatenate;
  head_weight_ = initialise.weight(shape.vocabulary, concatenates ? shape.steps * e : e);
  head_bias_ = at::zeros({shape.vocabulary});
  add_parameters();
}

void SpikingDecoder::add(const std::string& name, NormedLinear& layer) {
  parameters_.push_back({name + ".weight", layer.weight, true});
  if (layer.linear_bias.defined()) {
    parameters_.push_back({name + ".linear_bias", layer.linear_bias, false});
  }
  if (!layer.gain.defined()) return;
  parameters_.push_back({name + ".gain", layer.gain, false});
  parameters_.push_back({name + ".bias", layer.bias, false});
  if (shape_.norm == Norm::layer) return;
  buffers_.push_back({name + ".mean", layer.state.mean, false});
  buffers_.push_back({name + ".power", layer.state.power, false});
  buffers_.push_back({name + ".correction", layer.state.correction, false});
}

void SpikingDecoder::add_threshold(const std::string& population, std::int64_t count) {
  if (!shape_.learned_threshold) return;
  const bool is_first = population == stream_population(0);
  const at::Tensor value = at::full({count}, is_first ? shape_.input_threshold : 1.0);
  thresholds_[population] = value;
  parameters_.push_back({population + ".threshold", value, false});
}

void SpikingDecoder::add_parameters() {
  embedding_.add_parameters(parameters_);
  for (std::int64_t b = 0; b < shape_.blocks; ++b) {
    const std::string name = block_name(b);
    SpikingBlock& block = blocks_[b];
    add_threshold(stream_population(b));
    if (shape_.attention != Attention::none) {
      add(name + ".attention.query_key_value", block.query_key_value);
      add_threshold(name + ".attention.query_key_value", 3);
      if (shape_.learned_attention_gain) {
        parameters_.push_back({name + ".attention.gain", block.attention_gain, false});
      }
      add(name + ".attention.output", block.attention_output);
      if (adds_spikes(b)) add_threshold(name + ".attention.output");
      if (shape_.spike_degree > 2) add_threshold(name + ".mlp.input");
    }
    add(name + ".mlp.hidden", block.hidden);
    add(name + ".mlp.output", block.output);
    if (shape_.spike_degree > 2) add_threshold(name + ".mlp.hidden");
    if (mlp_adds_spikes()) add_threshold(name + ".mlp.output");
  }
  if (shape_.spike_degree == 4) add_threshold("head.input");
  parameters_.push_back({"head.weight", head_weight_, true});
  parameters_.push_back({"head.bias", head_bias_, false});
  for (NamedTensor& parameter : parameters_) parameter.value.set_requires_grad(true);
}

/// The LIF on the stream behind block - 1; empty behind the last one of a head that does not spike.
std::string SpikingDecoder::stream_population(std::int64_t block) const {
  if (block == shape_.blocks) return shape_.spike_degree == 4 ? "head.input" : "";
  return block_name(block) +
         (shape_.attention == Attention::none ? ".mlp.input" : ".attention.input");
}

bool SpikingDecoder::adds_spikes(std::int64_t block) const {
  return shape_.residual == ResidualForm::spiking ||
         (shape_.residual == ResidualForm::first_block && block == 0);
}

bool SpikingDecoder::mlp_adds_spikes() const {
  return shape_.residual == ResidualForm::spiking || shape_.residual == ResidualForm::spiking_mlp;
}

Statistics SpikingDecoder::statistics(const Pass& pass) const {
  if (!pass.training || pass.quantised) return Statistics::none;
  if (shape_.norm == Norm::batch) return Statistics::batch_moments;
  return pass.warming_up ? Statistics::batch_power : Statistics::running_power;
}

void SpikingDecoder::observe(const std::string& population, const at::Tensor& spikes,
                             const Pass& pass) {
  if (!pass.observe || population.empty()) return;
  firing_.push_back({population, spikes.detach().flatten(0, -2).to(at::kFloat).mean(0)});
}

Dropout SpikingDecoder::next_dropout(const Pass& pass) {
  Dropout dropout;
  if (!pass.training) return dropout;
  dropout.probability = static_cast<float>(pass.dropout);
  dropout.seed = (pass.seed + ++masks_) * 0x9E3779B1U;
  return dropout;
}

at::Tensor SpikingDecoder::divisor(const std::string& population, std::int64_t channels) const {
  const auto found = thresholds_.find(population);
  if (found == thresholds_.end()) return {};
  const at::Tensor& value = found->second;
  return value.clamp_min(smallest_threshold).repeat_interleave(channels / value.size(0));
}

at::Tensor SpikingDecoder::fire(const at::Tensor& current, const Pass& pass,
                                const std::string& population) {
  const at::Tensor by = divisor(population, current.size(2));
  const at::Tensor spikes = lif(by.defined() ? current / by : current, type_);
  observe(population, spikes, pass);
  return spikes;
}

SpikingDecoder::Flow SpikingDecoder::apply_layer_norm(const NormedLinear& layer,
                                                      const at::Tensor& x,
                                                      const at::Tensor& residual, const Pass& pass,
                                                      const std::string& population) {
  const std::int64_t part = x.size(2) / layer.parts;
  at::Tensor y = at::layer_norm(x.view({x.size(0), x.size(1), layer.parts, part}), {part}, {}, {},
                                norm_epsilon)
                     .view_as(x);
  y = y * layer.gain + layer.bias;
  if (!residual.defined()) return {{}, fire(y, pass, population)};
  if (pass.training && pass.dropout > 0.0) {
    at::manual_seed(next_dropout(pass).seed);
    y = at::feature_dropout(y.transpose(1, 2), pass.dropout, true).transpose(1, 2);
  }
  Flow flow{residual + y, {}};
  if (!population.empty()) flow.spikes = fire(flow.stream, pass, population);
  return flow;
}

SpikingDecoder::Flow SpikingDecoder::apply(NormedLinear& layer, const at::Tensor& spikes,
                                           const at::Tensor& residual, const Pass& pass,
                                           const std::string& population) {
  const bool is_layer_norm = shape_.norm == Norm::layer;
  const Statistics kind = statistics(pass);
  at::Tensor weight = layer.weight;
  at::Tensor gain = layer.gain;
  at::Tensor bias = layer.bias;
  const bool folds = kind == Statistics::none && !is_layer_norm;
  if (folds) {
    const FoldedNorm folded = folded_norm(layer);
    gain = folded.scale;
    bias = folded.shift;
  }
  if (pass.quantised) {
    weight = fake_quantise(folds ? weight * gain.unsqueeze(1) : weight, residual.defined());
    if (folds) gain = at::ones_like(gain);
  }
  at::Tensor x = spike_linear(spikes.view({-1, spikes.size(-1)}), weight)
                     .view({spikes.size(0), shape_.steps, -1});
  if (is_layer_norm) {
    x = x.to(at::kFloat);
    if (layer.linear_bias.defined()) x = x + layer.linear_bias;
    return apply_layer_norm(layer, x, residual, pass, population);
  }
  if (layer.linear_bias.defined() && !folds) x = x + layer.linear_bias.to(type_);
  const at::Tensor by = divisor(population, x.size(2));
  if (by.defined() && !residual.defined()) {
    gain = gain / by;
    bias = bias / by;
  }
  const Dropout dropout = residual.defined() ? next_dropout(pass) : Dropout{};
  const NormLifResult fused = norm_lif(x, gain, bias, residual, layer.state, kind, dropout);
  if (by.defined() && residual.defined()) {
    return {fused.stream, fire(fused.stream, pass, population)};
  }
  observe(population, fused.spikes, pass);
  return {fused.stream, population.empty() ? at::Tensor() : fused.spikes};
}

at::Tensor SpikingDecoder::attend(std::int64_t index, const at::Tensor& spikes,
                                  std::int64_t windows, const Pass& pass) {
  SpikingBlock& block = blocks_[index];
  const std::string name = block_name(index) + ".attention";
  const at::Tensor qkv =
      apply(block.query_key_value, spikes, {}, unobserved(pass), name + ".query_key_value").spikes;
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
  observe_attention(name, qkv, shape, pass);
  observe(name, out, pass);
  return out;
}

/// Q, K and V apart, and how many scores are not 0 per token and channel, for the energy formula.
void SpikingDecoder::observe_attention(const std::string& name, const at::Tensor& qkv,
                                       const AttentionShape& shape, const Pass& pass) {
  if (!pass.observe) return;
  const std::vector<at::Tensor> parts = qkv.detach().chunk(3, 2);
  observe(name + ".query", parts[0], pass);
  observe(name + ".key", parts[1], pass);
  observe(name + ".value", parts[2], pass);
  if (!pass.observe_scores || shape_.attention != Attention::published) return;
  const at::NoGradGuard no_gradient;
  const at::Tensor nonzero = attention_scores(qkv, shape) != 0;
  firing_.push_back({name + ".scores",
                     nonzero.sum(at::kDouble).view({1}) / static_cast<double>(qkv.numel() / 3)});
}

SpikingDecoder::Flow SpikingDecoder::attention(std::int64_t index, Flow flow, std::int64_t windows,
                                               const Pass& pass) {
  const std::string name = block_name(index);
  if (shape_.residual == ResidualForm::spiking) flow.stream = flow.spikes.to(at::kFloat);
  const at::Tensor spikes = attend(index, flow.spikes, windows, pass);
  NormedLinear& layer = blocks_[index].attention_output;
  const std::string next = shape_.spike_degree > 2 ? name + ".mlp.input" : "";
  if (!adds_spikes(index)) return apply(layer, spikes, flow.stream, pass, next);
  const at::Tensor out = apply(layer, spikes, {}, pass, name + ".attention.output").spikes;
  const at::Tensor stream = flow.stream + out.to(at::kFloat);
  return {stream, fire(stream, pass, next)};
}

SpikingDecoder::Flow SpikingDecoder::spiking_mlp(std::int64_t index, Flow flow, const Pass& pass) {
  const std::string name = block_name(index) + ".mlp";
  SpikingBlock& block = blocks_[index];
  const std::string next = stream_population(index + 1);
  const at::Tensor hidden = apply(block.hidden, flow.spikes, {}, pass, name + ".hidden").spikes;
  if (!mlp_adds_spikes()) return apply(block.output, hidden, flow.stream, pass, next);
  const at::Tensor out = apply(block.output, hidden, {}, pass, name + ".output").spikes;
  const at::Tensor stream = flow.spikes.to(at::kFloat) + out.to(at::kFloat);
  return {stream, next.empty() ? at::Tensor() : fire(stream, pass, next)};
}

SpikingDecoder::Flow SpikingDecoder::dense_mlp(std::int64_t index, const Flow& flow,
                                               const Pass& pass) {
  const SpikingBlock& block = blocks_[index];
  const at::Tensor sums = apply_dense(block.hidden, flow.stream, type_, pass.quantised);
  if (pass.ranges != nullptr) {
    pass.ranges->see(block_name(index) + ".mlp.input", flow.stream);
    pass.ranges->see(block_name(index) + ".mlp.hidden", sums);
  }
  const at::Tensor hidden = at::gelu(sums, "tanh");
  const at::Tensor stream = flow.stream + apply_dense(block.output, hidden, type_, pass.quantised);
  const std::string next = stream_population(index + 1);
  return {stream, next.empty() ? at::Tensor() : fire(stream, pass, next)};
}

at::Tensor SpikingDecoder::head(const Flow& flow, std::int64_t windows, const Pass& pass) {
  at::Tensor features = shape_.spike_degree == 4 ? flow.spikes.to(at::kFloat) : flow.stream;
  switch (shape_.head) {
    case HeadForm::average:
      features = features.mean(1);
      break;
    case HeadForm::accumulate:
      features = features.sum(1);
      break;
    case HeadForm::concatenate:
      features = features.flatten(1, 2);
      break;
    case HeadForm::final:
      features = features.select(1, shape_.steps - 1);
      break;
  }
  at::Tensor weight = head_weight_;
  if (pass.quantised) weight = fake_quantise(weight.view({1, -1}), false).view_as(weight);
  return at::linear(features.view({windows, features.size(0) / windows, -1}), weight, head_bias_);
}

at::Tensor SpikingDecoder::logits(const at::Tensor& tokens, const Pass& pass) {
  firing_.clear();
  masks_ = 0;
  const at::Tensor start = embedding_.forward(tokens, pass.quantised);
  Flow flow;
  flow.stream = start.view({-1, 1, shape_.width}).expand({-1, shape_.steps, -1}).contiguous();
  flow.spikes = fire(flow.stream, pass, stream_population(0));
  for (std::int64_t b = 0; b < shape_.blocks; ++b) {
    if (shape_.attention != Attention::none) flow = attention(b, flow, tokens.size(0), pass);
    flow = shape_.spike_degree == 2 ? dense_mlp(b, flow, pass) : spiking_mlp(b, flow, pass);
  }
  return head(flow, tokens.size(0), pass);
}

}  // namespace synfire::training
