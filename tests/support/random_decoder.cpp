// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_decoder.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/spikedecoder/decoder_network.hpp"
#include "models/spikedecoder/sequence_layers.hpp"
#include "models/text_encoding.hpp"
#include "sim/random.hpp"

namespace synfire::test {
namespace {

constexpr std::string_view letters = " etaoinshrdlucmfwypvbgkjqxz.'";
constexpr std::size_t calibration_tokens = 48;
constexpr double lowest_rate = 0.08;
constexpr double highest_rate = 0.45;
constexpr int max_attempts = 100;

/// Streams of draws, one a purpose.
enum class Stream : std::uint64_t { architecture, code, parameters, tokens };

class Dice {
 public:
  Dice(std::uint64_t seed, Stream stream) : draws_(seed, static_cast<std::uint64_t>(stream)) {}

  /// Uniform in [first, last].
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first +
           static_cast<std::int64_t>(draws_.below(static_cast<std::uint64_t>(last - first + 1)));
  }
  double between(double first, double last) { return first + (last - first) * draws_.uniform(); }
  bool chance(double probability) { return draws_.uniform() < probability; }

  template <typename Value>
  std::vector<Value> values(std::size_t count, std::int64_t first, std::int64_t last) {
    std::vector<Value> drawn(count);
    for (Value& value : drawn) value = static_cast<Value>(between(first, last));
    return drawn;
  }

 private:
  RandomStream draws_;
};

std::vector<std::uint8_t> random_bits(Dice& dice, std::size_t count) {
  constexpr double density = 0.35;
  std::vector<std::uint8_t> bits(count);
  for (std::uint8_t& bit : bits) bit = dice.chance(density) ? 1 : 0;
  return bits;
}

TextInterface random_text_interface(std::uint64_t seed, const DecoderArchitecture& architecture) {
  Dice dice(seed, Stream::code);
  TextInterface text;
  text.alphabet = std::string(letters.substr(0, architecture.vocabulary));
  text.context = architecture.context;
  text.groups = architecture.groups;
  text.width = architecture.code_width;
  text.joint = architecture.joint_code;
  if (text.joint) return text;
  text.code = random_bits(dice, std::size_t{text.groups} * text.alphabet.size() * text.width);
  text.position_width = architecture.position_width;
  text.position_code = random_bits(dice, std::size_t{text.context} * text.position_width);
  return text;
}

double mean_of(const SequenceTensor& tensor, std::int64_t (*measure)(std::int64_t)) {
  std::int64_t sum = 0;
  for (std::size_t n = 0; n < tensor.tokens(); ++n) {
    for (std::size_t t = 0; t < tensor.steps(); ++t) {
      for (std::size_t i = 0; i < tensor.neurons(); ++i) sum += measure(tensor(n, t, i));
    }
  }
  return static_cast<double>(sum) /
         static_cast<double>(tensor.tokens() * tensor.steps() * tensor.neurons());
}

double rate_of(const SequenceTensor& spikes) {
  return mean_of(spikes, [](std::int64_t spike) { return spike; });
}

/// Per-neuron thresholds around a common one, chosen so that about `rate` of all neuron steps fire.
std::vector<std::int32_t> calibrated_threshold(Dice& dice, const SequenceTensor& x,
                                               const std::vector<std::int32_t>& bias, double rate,
                                               bool fires_at_threshold) {
  std::vector<double> spread(x.neurons());
  for (double& factor : spread) factor = dice.between(0.75, 1.25);
  const auto thresholds = [&](std::int64_t common) {
    std::vector<std::int32_t> threshold(x.neurons());
    for (std::size_t i = 0; i < threshold.size(); ++i) {
      const double value = std::round(static_cast<double>(common) * spread[i]);
      threshold[i] = static_cast<std::int32_t>(std::max(1.0, value));
    }
    return threshold;
  };
  const auto rate_at = [&](std::int64_t common) {
    return rate_of(sequence::lif(x, bias, thresholds(common), fires_at_threshold));
  };
  std::int64_t low = 1;
  std::int64_t high = std::int64_t{1} << 20;
  while (low < high) {  // the lowest common threshold at which no more than `rate` fire
    const std::int64_t middle = (low + high) / 2;
    if (rate_at(middle) > rate) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const bool is_below_closer = low > 1 && rate_at(low - 1) - rate < rate - rate_at(low);
  return thresholds(is_below_closer ? low - 1 : low);
}

/// Draws parameters layer by layer while a random text runs through the layers drawn so far.
class DecoderDraw {
 public:
  DecoderDraw(std::uint64_t seed, const DecoderArchitecture& architecture)
      : dice_(seed, Stream::parameters) {
    parameters_.architecture = architecture;
  }

  /// Nothing if a population fires too little or too much whatever its threshold.
  std::optional<DecoderParameters> draw(
      const std::vector<std::vector<std::uint32_t>>& input_spikes) && {
    const DecoderArchitecture& architecture = parameters_.architecture;
    stream_ = embed(input_spikes);
    for (std::uint32_t b = 0; b < architecture.blocks; ++b) draw_block();
    if (architecture.head_spikes()) {
      fire(stream_, parameters_.head_input);
    } else {
      parameters_.head_stream.bias = dice_.values<std::int32_t>(architecture.embedding, 0, 3);
      parameters_.head_stream.shift = dice_.values<std::int8_t>(architecture.embedding, 2, 4);
    }
    const std::size_t readout_inputs =
        std::size_t{architecture.time_steps} * architecture.embedding;
    parameters_.readout_weights =
        dice_.values<std::int8_t>(readout_inputs * architecture.vocabulary, -60, 60);
    parameters_.readout_bias = dice_.values<std::int32_t>(architecture.vocabulary, -100, 100);
    if (!is_alive_) return std::nullopt;
    return std::move(parameters_);
  }

 private:
  SequenceTensor embed(const std::vector<std::vector<std::uint32_t>>& input_spikes) {
    const DecoderArchitecture& architecture = parameters_.architecture;
    SequenceTensor s(input_spikes.size(), architecture.time_steps, architecture.input_size());
    for (std::size_t n = 0; n < s.tokens(); ++n) {
      for (std::size_t t = 0; t < s.steps(); ++t) {
        for (const std::uint32_t i : input_spikes[n]) s(n, t, i) = 1;
      }
    }
    ResidualLayerParameters& embedding = parameters_.embedding;
    const std::uint32_t width = architecture.embedding;
    const bool is_one_to_one = architecture.input_size() == width;
    if (!is_one_to_one) {
      embedding.weights = dice_.values<std::int8_t>(s.neurons() * width, -50, 50);
    }
    embedding.bias =
        dice_.values<std::int32_t>(width, is_one_to_one ? 0 : -40, is_one_to_one ? 1 : 40);
    embedding.shift = is_one_to_one ? std::vector<std::int8_t>(width, -6)
                                    : dice_.values<std::int8_t>(width, -1, 1);
    const SequenceTensor x = is_one_to_one ? s : sequence::dense(s, embedding.weights, width);
    return sequence::residual({s.tokens(), s.steps(), width}, x, embedding.bias, embedding.shift);
  }

  void draw_block() {
    BlockParameters& block = parameters_.blocks.emplace_back();
    const DecoderArchitecture& architecture = parameters_.architecture;
    if (architecture.attention) {
      architecture.attention_spikes() ? draw_attention(block) : draw_softmax_attention(block);
    }
    if (!architecture.mlp_spikes()) return draw_dense_mlp(block);
    const SequenceTensor input = fire(stream_, block.mlp_input);
    const SequenceTensor hidden =
        fire_layer(input, parameters_.architecture.hidden, 0.25, block.mlp_hidden);
    if (!parameters_.architecture.mlp_adds_spikes()) return add(hidden, block.mlp_output);
    stream_ = spikes_in_stream(input);
    add_spikes(hidden, block.mlp_spikes);
  }

  void draw_attention(BlockParameters& block) {
    const DecoderArchitecture& architecture = parameters_.architecture;
    const SequenceTensor s = fire(stream_, block.attention_input);
    const SequenceTensor q = fire_layer(s, architecture.embedding, 0.4, block.query);
    const SequenceTensor k = fire_layer(s, architecture.embedding, 0.4, block.key);
    const SequenceTensor v = fire_layer(s, architecture.embedding, 0.4, block.value);
    const bool is_leaky = architecture.attention == AttentionKind::leaky;
    if (is_leaky) block.decay_shift = dice_.values<std::uint8_t>(architecture.heads, 1, 6);
    const SequenceTensor y =
        is_leaky ? sequence::leaky_attention(q, k, v, block.decay_shift, architecture.fraction_bits)
                 : sequence::published_attention(q, k, v, architecture.heads);
    block.attention_threshold = calibrated_threshold(dice_, y, {}, dice_.between(0.2, 0.35),
                                                     architecture.fires_at_threshold);
    const SequenceTensor a =
        watched(sequence::lif(y, {}, block.attention_threshold, architecture.fires_at_threshold));
    const auto b = static_cast<std::uint32_t>(parameters_.blocks.size() - 1);
    if (!architecture.attention_adds_spikes(b)) return add(a, block.attention_output);
    if (architecture.residual == ResidualForm::spiking) stream_ = spikes_in_stream(s);
    add_spikes(a, block.attention_spikes);
  }

  /// Draws what brings `x` to a few times 8 bits, and returns what it sends.
  SequenceTensor rounded(const SequenceTensor& x, std::vector<std::int32_t> table,
                         ActivationParameters& activation) {
    constexpr int shift = 12;
    const double mean = mean_of(x, [](std::int64_t value) { return value < 0 ? -value : value; });
    const double typical = dice_.between(30.0, 80.0);
    const auto factor = static_cast<std::int64_t>(std::ldexp(typical, shift) / (mean + 1.0)) + 1;
    activation.multiplier = dice_.values<std::int32_t>(x.neurons(), factor / 2, factor);
    activation.bias = dice_.values<std::int32_t>(x.neurons(), -4000, 4000);
    activation.shift.assign(x.neurons(), shift);
    activation.table = std::move(table);
    return sequence::look_up(x, activation.multiplier, activation.bias, activation.shift,
                             activation.table);
  }

  static std::vector<std::int32_t> table_of(std::int32_t (*function)(std::int32_t)) {
    std::vector<std::int32_t> table;
    for (std::int32_t i = -128; i < 128; ++i) table.push_back(function(i));
    return table;
  }
  static std::vector<std::int32_t> identity() {
    return table_of([](std::int32_t i) { return i; });
  }

  void draw_dense_mlp(BlockParameters& block) {
    const DecoderArchitecture& architecture = parameters_.architecture;
    const SequenceTensor x = rounded(stream_, identity(), block.mlp_rounded);
    block.mlp_gelu.weights = dice_.values<std::int8_t>(x.neurons() * architecture.hidden, -50, 50);
    const SequenceTensor sums = sequence::dense(x, block.mlp_gelu.weights, architecture.hidden);
    const SequenceTensor hidden =
        rounded(sums, table_of([](std::int32_t i) { return i < 0 ? i / 16 : i; }),
                block.mlp_gelu.activation);
    ResidualLayerParameters& out = block.mlp_output;
    const std::size_t width = architecture.embedding;
    out.weights = dice_.values<std::int8_t>(hidden.neurons() * width, -50, 50);
    out.bias = dice_.values<std::int32_t>(width, -60, 60);
    out.shift = dice_.values<std::int8_t>(width, 5, 8);
    stream_ = sequence::residual(stream_, sequence::dense(hidden, out.weights, width), out.bias,
                                 out.shift);
  }

  void draw_softmax_attention(BlockParameters& block) {
    const DecoderArchitecture& architecture = parameters_.architecture;
    const std::size_t width = architecture.embedding;
    const SequenceTensor x = rounded(stream_, identity(), block.attention_rounded);
    const auto project = [&](DenseLayerParameters& layer) {
      const SequenceTensor y = sums(x, width, layer.weights, layer.normalization, 128);
      return rounded(y, identity(), layer.activation);
    };
    const SequenceTensor q = project(block.dense_query);
    const SequenceTensor k = project(block.dense_key);
    const SequenceTensor v = project(block.dense_value);
    const std::int64_t ln2 = dice_.between(std::int64_t{200}, std::int64_t{3000});
    block.softmax = {.score_shift = static_cast<std::int8_t>(dice_.between(std::int64_t{0}, 3)),
                     .ln2 = static_cast<std::int32_t>(ln2),
                     .b = static_cast<std::int32_t>(ln2 * 1.952),
                     .c = static_cast<std::int32_t>(2 * ln2 * ln2)};
    const SequenceTensor y = sequence::softmax_attention(q, k, v, architecture.heads, block.softmax,
                                                         architecture.fraction_bits);
    add(y, block.attention_output, std::int64_t{128} << architecture.fraction_bits);
  }

  SequenceTensor spikes_in_stream(SequenceTensor spikes) const {
    for (std::size_t n = 0; n < spikes.tokens(); ++n) {
      for (std::size_t t = 0; t < spikes.steps(); ++t) {
        for (std::size_t i = 0; i < spikes.neurons(); ++i) {
          spikes(n, t, i) <<= parameters_.architecture.spike_bits;
        }
      }
    }
    return spikes;
  }

  /// Draws a LIF behind `s` and adds its spikes to the stream.
  void add_spikes(const SequenceTensor& s, SpikingLayerParameters& layer) {
    const SequenceTensor out =
        spikes_in_stream(fire_layer(s, parameters_.architecture.embedding, 0.35, layer));
    stream_ = sequence::residual(stream_, out, {}, {});
  }

  /// Draws a LIF that `x` drives and returns its spikes.
  SequenceTensor fire(const SequenceTensor& x, LifLayerParameters& lif, double highest = 0.35) {
    const auto scale = static_cast<std::int64_t>(
        mean_of(x, [](std::int64_t value) { return value < 0 ? -value : value; }));
    lif.bias = dice_.values<std::int32_t>(x.neurons(), -scale / 4, scale / 4);
    const double rate = dice_.between(0.15, highest);
    const bool rule = parameters_.architecture.fires_at_threshold;
    lif.threshold = calibrated_threshold(dice_, x, lif.bias, rate, rule);
    return watched(sequence::lif(x, lif.bias, lif.threshold, rule));
  }

  SequenceTensor fire_layer(const SequenceTensor& s, std::size_t targets, double highest,
                            SpikingLayerParameters& layer) {
    return fire(sums(s, targets, layer.weights, layer.normalization), layer.lif, highest);
  }

  void add(const SequenceTensor& s, ResidualLayerParameters& layer,
           std::int64_t largest_input = 1) {
    const std::size_t width = parameters_.architecture.embedding;
    const SequenceTensor x = sums(s, width, layer.weights, layer.normalization, largest_input);
    if (parameters_.architecture.normalization == NormalizationForm::folded) {
      layer.bias = dice_.values<std::int32_t>(width, -60, 60);
      layer.shift = dice_.values<std::int8_t>(width, -1, 2);
    }
    stream_ = sequence::residual(stream_, x, layer.bias, layer.shift);
  }

  /// Draws synapses, and their normalization if it is a population, and returns the sums.
  SequenceTensor sums(const SequenceTensor& s, std::size_t targets,
                      std::vector<std::int8_t>& weights, NormalizationParameters& norm,
                      std::int64_t largest_input = 1) {
    weights = dice_.values<std::int8_t>(s.neurons() * targets, -50, 50);
    SequenceTensor x = sequence::dense(s, weights, targets);
    if (parameters_.architecture.normalization == NormalizationForm::folded) return x;
    if (parameters_.architecture.normalization == NormalizationForm::layer) {
      const auto largest = static_cast<std::uint64_t>(50 * std::ssize(weights) * largest_input);
      draw_layer_norm(targets, std::max(0, static_cast<int>(std::bit_width(largest)) - 18), norm);
      return sequence::layer_norm(x, norm.multiplier, norm.bias, norm.shift, norm.gain, norm.offset,
                                  norm.epsilon);
    }
    norm.multiplier = dice_.values<std::int32_t>(targets, -20, 200);
    norm.bias = dice_.values<std::int32_t>(targets, -2000, 2000);
    norm.shift = dice_.values<std::int8_t>(targets, 5, 7);
    return sequence::normalize(x, norm.multiplier, norm.bias, norm.shift);
  }

  void draw_layer_norm(std::size_t targets, int shift, NormalizationParameters& norm) {
    norm.multiplier = dice_.values<std::int32_t>(targets, 60, 200);
    norm.bias = dice_.values<std::int32_t>(targets, -2000, 2000);
    norm.shift = dice_.values<std::int8_t>(targets, 5 + shift, 7 + shift);
    norm.gain = dice_.values<std::int32_t>(targets, -2000, 20000);
    norm.offset = dice_.values<std::int32_t>(targets, -100, 100);
    norm.epsilon = static_cast<std::int32_t>(dice_.between(std::int64_t{1}, 1000));
  }

  /// Notes whether a population fires as it should.
  SequenceTensor watched(SequenceTensor spikes) {
    const double rate = rate_of(spikes);
    is_alive_ = is_alive_ && rate >= lowest_rate && rate <= highest_rate;
    return spikes;
  }

  Dice dice_;
  DecoderParameters parameters_;
  bool is_alive_ = true;
  SequenceTensor stream_;
};

/// Draws until every population lives; some heads have queries and keys that never meet.
DecoderParameters draw_alive(std::uint64_t seed, const DecoderArchitecture& architecture,
                             const std::vector<std::vector<std::uint32_t>>& input_spikes) {
  for (std::uint64_t attempt = 0; attempt < max_attempts; ++attempt) {
    auto parameters = DecoderDraw(mix_bits(seed) + attempt, architecture).draw(input_spikes);
    if (parameters) return *std::move(parameters);
  }
  throw std::runtime_error("no living random decoder of this shape for seed " +
                           std::to_string(seed));
}

/// Dense MLPs add sums only; softmax attention has LayerNorm.
void make_less_spiking(std::uint32_t degree, DecoderArchitecture& architecture) {
  architecture.spike_degree = degree;
  if (degree == 3) return;
  architecture.residual = ResidualForm::real;
  architecture.spike_bits = 0;
  if (degree == 2) return;
  architecture.attention = AttentionKind::published;
  architecture.fraction_bits = 4;
  architecture.normalization = NormalizationForm::layer;
  architecture.fires_at_threshold = true;
}

}  // namespace

DecoderArchitecture random_architecture(std::uint64_t seed) {
  Dice dice(seed, Stream::architecture);
  const auto draw = [&dice](std::int64_t first, std::int64_t last) {
    return static_cast<std::uint32_t>(dice.between(first, last));
  };
  DecoderArchitecture architecture;
  architecture.time_steps = draw(1, 4);
  architecture.blocks = draw(1, 3);
  architecture.heads = draw(1, 4);
  architecture.embedding = architecture.heads * draw(architecture.heads == 1 ? 8 : 4, 12);
  architecture.hidden = draw(architecture.embedding, 3 * std::int64_t{architecture.embedding});
  architecture.vocabulary = draw(8, std::int64_t{letters.size()});
  architecture.context = draw(24, 48);
  architecture.groups = draw(1, 3);
  architecture.code_width = draw(8, 16);
  architecture.position_width = dice.chance(0.5) ? draw(4, 8) : 0;
  if (dice.chance(0.5)) {
    architecture.attention = AttentionKind::leaky;
    architecture.fraction_bits = static_cast<std::uint8_t>(draw(2, 8));
  }
  if (dice.chance(0.25)) {  // one-to-one embedding
    architecture.groups = 1;
    architecture.code_width = architecture.embedding;
    architecture.position_width = 0;
  }
  if (dice.chance(0.5)) architecture.normalization = NormalizationForm::population;
  architecture.fires_at_threshold = dice.chance(0.5);
  if (dice.chance(0.5)) {
    architecture.residual = static_cast<ResidualForm>(draw(1, 3));
    architecture.spike_bits = static_cast<std::uint8_t>(draw(4, 8));
  }
  if (dice.chance(0.15)) {
    architecture.joint_code = true;
    architecture.groups = 1;
    architecture.code_width = architecture.vocabulary * architecture.context;
    architecture.position_width = 0;
  }
  if (architecture.normalization == NormalizationForm::population && dice.chance(0.5)) {
    architecture.normalization = NormalizationForm::layer;
  }
  if (dice.chance(0.4)) make_less_spiking(draw(1, 3), architecture);
  return architecture;
}

DecoderArchitecture all_spiking(DecoderArchitecture architecture) {
  architecture.spike_degree = 4;
  if (architecture.normalization == NormalizationForm::layer) {
    architecture.normalization = NormalizationForm::population;
  }
  if (architecture.attention == AttentionKind::published) architecture.fraction_bits = 0;
  return architecture;
}

DecoderArchitecture without_layer_norm(DecoderArchitecture architecture) {
  if (architecture.normalization != NormalizationForm::layer) return architecture;
  architecture.normalization = NormalizationForm::population;
  if (architecture.spike_degree < 2) {  // whose softmax attention has it
    architecture.spike_degree = 2;
    architecture.fraction_bits = 0;
  }
  return architecture;
}

DecoderArchitecture without_attention(DecoderArchitecture architecture) {
  architecture.attention.reset();
  architecture.fraction_bits = 0;
  if (architecture.spike_degree == 2) architecture.spike_degree = 3;
  if (architecture.spike_degree < 2) architecture.normalization = NormalizationForm::folded;
  if (architecture.residual != ResidualForm::real) {
    architecture.residual = ResidualForm::spiking_mlp;
  }
  return architecture;
}

RandomDecoder random_decoder(std::uint64_t seed, const DecoderArchitecture& shape) {
  DecoderArchitecture architecture = shape;
  if (shape.joint_code) architecture.code_width = shape.vocabulary * shape.context;
  TextInterface text = random_text_interface(seed, architecture);
  const std::vector<Token> tokens =
      random_tokens(mix_bits(seed), architecture.vocabulary,
                    std::min<std::size_t>(calibration_tokens, architecture.context));
  const DecoderParameters parameters =
      draw_alive(seed, architecture, sequence_input_spikes(text, tokens));
  // Logits spread over some nats, so that sampling has a choice; payloads make larger ones.
  text.logit_scale = architecture.head_spikes() ? 1.0 / 256.0 : 1.0 / 65536.0;
  return {parameters, Model{.network = build_decoder(parameters),
                            .text = std::move(text),
                            .architecture = describe(architecture),
                            .provenance = {{"seed", std::to_string(seed)}},
                            .identity = {}}};
}

RandomDecoder random_decoder(std::uint64_t seed) {
  return random_decoder(seed, random_architecture(seed));
}

std::vector<Token> random_tokens(std::uint64_t seed, std::size_t vocabulary, std::size_t count) {
  Dice dice(seed, Stream::tokens);
  return dice.values<Token>(count, 0, static_cast<std::int64_t>(vocabulary) - 1);
}

}  // namespace synfire::test
