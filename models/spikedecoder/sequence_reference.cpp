// SPDX-License-Identifier: Apache-2.0
#include "models/spikedecoder/sequence_reference.hpp"

#include <initializer_list>
#include <utility>

namespace synfire {
namespace {

using sequence::dense;
using sequence::lif;
using sequence::normalize;

/// Runs one sequence through the layers and keeps what each population did.
class SequenceRun {
 public:
  explicit SequenceRun(const DecoderParameters& parameters)
      : parameters_(parameters), architecture_(parameters.architecture) {}

  SequenceActivity run(std::span<const std::vector<std::uint32_t>> input_spikes) && {
    SequenceTensor stream = embed(show(input_spikes));
    for (std::uint32_t b = 0; b < parameters_.blocks.size(); ++b) {
      if (architecture_.attention) {
        stream = architecture_.attention_spikes() ? attention(b, stream) : softmax(b, stream);
      }
      stream = architecture_.mlp_spikes() ? mlp(b, stream) : dense_mlp(b, stream);
    }
    read_out(head_input(stream));
    return std::move(activity_);
  }

 private:
  /// The same input spikes in each of the T steps.
  SequenceTensor show(std::span<const std::vector<std::uint32_t>> input_spikes) {
    SequenceTensor s(input_spikes.size(), architecture_.time_steps, architecture_.input_size());
    for (std::size_t n = 0; n < s.tokens(); ++n) {
      for (std::size_t t = 0; t < s.steps(); ++t) {
        for (const std::uint32_t i : input_spikes[n]) s(n, t, i) = 1;
      }
    }
    return activity_.spikes["embedding"] = s;
  }

  /// x = W_e s; without weights the code itself is x.
  SequenceTensor embed(const SequenceTensor& s) {
    const ResidualLayerParameters& embedding = parameters_.embedding;
    const SequenceTensor x =
        embedding.weights.empty() ? s : dense(s, embedding.weights, architecture_.embedding);
    const SequenceTensor nothing(x.tokens(), x.steps(), x.neurons());
    return activity_.payloads["residual0"] =
               sequence::residual(nothing, x, embedding.bias, embedding.shift);
  }

  /// s = LIF(x).
  SequenceTensor fire(const std::string& name, const SequenceTensor& x,
                      const LifLayerParameters& parameters) {
    return activity_.spikes[name] =
               lif(x, parameters.bias, parameters.threshold, architecture_.fires_at_threshold);
  }

  /// W s, or Norm(W s) if the norm is a population of its own.
  SequenceTensor sums(const std::string& name, const SequenceTensor& s,
                      const std::vector<std::int8_t>& weights, const NormalizationParameters& norm,
                      std::size_t targets) {
    SequenceTensor x = dense(s, weights, targets);
    if (architecture_.normalization == NormalizationForm::folded) return x;
    return activity_.payloads[name + ".norm"] =
               architecture_.normalization == NormalizationForm::layer
                   ? sequence::layer_norm(x, norm.multiplier, norm.bias, norm.shift, norm.gain,
                                          norm.offset, norm.epsilon)
                   : normalize(x, norm.multiplier, norm.bias, norm.shift);
  }

  SequenceTensor rounded(const std::string& name, const SequenceTensor& x,
                         const ActivationParameters& a) {
    return activity_.payloads[name] = sequence::look_up(x, a.multiplier, a.bias, a.shift, a.table);
  }

  /// Round(LayerNorm(W x)).
  SequenceTensor dense_layer(const std::string& name, const SequenceTensor& x,
                             const DenseLayerParameters& layer) {
    return rounded(name, sums(name, x, layer.weights, layer.normalization, architecture_.embedding),
                   layer.activation);
  }

  /// x' = x + LayerNorm(W_o softmax(Q, K, V)).
  SequenceTensor softmax(std::uint32_t b, const SequenceTensor& stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".attention";
    const SequenceTensor x = rounded(name + ".input", stream, block.attention_rounded);
    const SequenceTensor q = dense_layer(name + ".query", x, block.dense_query);
    const SequenceTensor k = dense_layer(name + ".key", x, block.dense_key);
    const SequenceTensor v = dense_layer(name + ".value", x, block.dense_value);
    const SequenceTensor y = activity_.payloads[name] = sequence::softmax_attention(
        q, k, v, architecture_.heads, block.softmax, architecture_.fraction_bits);
    return add(2 * b + 1, stream, y, block.attention_output);
  }

  /// x' = x + W_2 GELU(W_1 Round(x)).
  SequenceTensor dense_mlp(std::uint32_t b, const SequenceTensor& stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".mlp";
    const SequenceTensor x = rounded(name + ".input", stream, block.mlp_rounded);
    const SequenceTensor hidden =
        rounded(name + ".hidden", dense(x, block.mlp_gelu.weights, architecture_.hidden),
                block.mlp_gelu.activation);
    const ResidualLayerParameters& out = block.mlp_output;
    return activity_.payloads["residual" + std::to_string(architecture_.mlp_residual(b))] =
               sequence::residual(stream, dense(hidden, out.weights, architecture_.embedding),
                                  out.bias, out.shift);
  }

  /// s' = LIF(Norm(W s)).
  SequenceTensor layer(const std::string& name, const SequenceTensor& s,
                       const SpikingLayerParameters& parameters, std::size_t targets) {
    return fire(name, sums(name, s, parameters.weights, parameters.normalization, targets),
                parameters.lif);
  }

  /// x' = x + Norm(W_o a), a = LIF(attention(Q, K, V)), the scale being part of the threshold.
  /// Where attention adds spikes, LIF(Norm(W_o a)) is added, to the block's input spikes or to x.
  SequenceTensor attention(std::uint32_t b, const SequenceTensor& stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".attention";
    const std::size_t width = architecture_.embedding;
    const SequenceTensor s = fire(name + ".input", stream, block.attention_input);
    const SequenceTensor q = layer(name + ".query", s, block.query, width);
    const SequenceTensor k = layer(name + ".key", s, block.key, width);
    const SequenceTensor v = layer(name + ".value", s, block.value, width);
    const SequenceTensor y =
        architecture_.attention == AttentionKind::published
            ? sequence::published_attention(q, k, v, architecture_.heads)
            : sequence::leaky_attention(q, k, v, block.decay_shift, architecture_.fraction_bits);
    const SequenceTensor a = activity_.spikes[name] =
        lif(y, {}, block.attention_threshold, architecture_.fires_at_threshold);
    if (!architecture_.attention_adds_spikes(b)) {
      return add(2 * b + 1, stream, a, block.attention_output);
    }
    const SequenceTensor out = layer(name + ".output", a, block.attention_spikes, width);
    return architecture_.residual == ResidualForm::spiking
               ? add_spikes(2 * b + 1, nothing_like(stream), {s, out})
               : add_spikes(2 * b + 1, stream, {out});
  }

  /// x' = x + MLP(x), or the MLP's spikes and those of its input.
  SequenceTensor mlp(std::uint32_t b, const SequenceTensor& stream) {
    const BlockParameters& block = parameters_.blocks[b];
    const std::string name = "block" + std::to_string(b) + ".mlp";
    const SequenceTensor s = fire(name + ".input", stream, block.mlp_input);
    const SequenceTensor hidden =
        layer(name + ".hidden", s, block.mlp_hidden, architecture_.hidden);
    const std::size_t version = architecture_.mlp_residual(b);
    if (!architecture_.mlp_adds_spikes()) return add(version, stream, hidden, block.mlp_output);
    const SequenceTensor out =
        layer(name + ".output", hidden, block.mlp_spikes, architecture_.embedding);
    return add_spikes(version, nothing_like(stream), {s, out});
  }

  static SequenceTensor nothing_like(const SequenceTensor& x) {
    return {x.tokens(), x.steps(), x.neurons()};
  }

  /// x' = x + 2^spike_bits (s1 + s2 + ...).
  SequenceTensor add_spikes(std::size_t version, SequenceTensor x,
                            std::initializer_list<SequenceTensor> spikes) {
    for (const SequenceTensor& s : spikes) {
      for (std::size_t n = 0; n < x.tokens(); ++n) {
        for (std::size_t t = 0; t < x.steps(); ++t) {
          for (std::size_t i = 0; i < x.neurons(); ++i) {
            x(n, t, i) += s(n, t, i) << architecture_.spike_bits;
          }
        }
      }
    }
    return activity_.payloads["residual" + std::to_string(version)] = x;
  }

  /// x' = x + Norm(W s).
  SequenceTensor add(std::size_t version, const SequenceTensor& stream, const SequenceTensor& s,
                     const ResidualLayerParameters& parameters) {
    const std::string name = "residual" + std::to_string(version);
    const SequenceTensor x =
        sums(name, s, parameters.weights, parameters.normalization, architecture_.embedding);
    return activity_.payloads[name] =
               sequence::residual(stream, x, parameters.bias, parameters.shift);
  }

  /// LIF(x), or x itself as payloads.
  SequenceTensor head_input(const SequenceTensor& stream) {
    if (architecture_.head_spikes()) return fire("head.input", stream, parameters_.head_input);
    const ResidualLayerParameters& pass = parameters_.head_stream;
    return activity_.payloads["head.input"] =
               sequence::residual(nothing_like(stream), stream, pass.bias, pass.shift);
  }

  void read_out(const SequenceTensor& s) {
    std::vector<std::int32_t> bias = parameters_.readout_bias;
    bias.resize(architecture_.vocabulary);
    activity_.logits = sequence::readout(s, parameters_.readout_weights, bias);
  }

  const DecoderParameters& parameters_;
  const DecoderArchitecture& architecture_;
  SequenceActivity activity_;
};

}  // namespace

SequenceActivity run_sequence(const DecoderParameters& parameters,
                              std::span<const std::vector<std::uint32_t>> input_spikes) {
  return SequenceRun(parameters).run(input_spikes);
}

}  // namespace synfire
