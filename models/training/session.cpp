// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iomanip>
#include <limits>
#include <map>
#include <memory>
#include <sstream>

#include <ATen/Parallel.h>
#include <malloc.h>

#include "models/corpus.hpp"
#include "models/evaluation.hpp"
#include "models/model_file.hpp"
#include "models/tokenizer.hpp"
#include "models/training/ann_export.hpp"
#include "models/training/calibration.hpp"
#include "models/training/dense_export.hpp"
#include "models/training/export.hpp"
#include "models/training/kernel.hpp"
#include "models/training/real_evaluation.hpp"
#include "models/training/recipe.hpp"
#include "models/training/spiking_decoder.hpp"
#include "models/training/trainer.hpp"
#include "models/training/window_sampler.hpp"
#include "sim/error.hpp"

namespace synfire::training {
namespace {

constexpr std::int64_t kAllWindows = std::numeric_limits<std::int64_t>::max();

/// Activations come and go by the hundred megabytes; the heap keeps them instead of handing them
/// back to the system, which would clear every page again (a quarter of the time).
void keep_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  constexpr int chunk = 256 * 1024 * 1024;
  mallopt(M_TOP_PAD, chunk);
}

/// The tokens of a text, of which `training_tenths` tenths have to hold a window.
Tokens load_tokens(const Recipe& recipe, const std::filesystem::path& path,
                   std::size_t training_tenths) {
  const Tokenizer tokenizer(recipe.alphabet);
  Tokens tokens = corpus_tokens(tokenizer, load_text(path), path.string());
  const std::string unit(to_string(recipe.alphabet.level()));
  if (tokens.empty()) {
    throw ConfigError(path.string(), "has not one " + unit + " of text; give an English text");
  }
  const std::size_t training = tokens.size() / 10 * training_tenths;
  if (training > static_cast<std::size_t>(recipe.shape.context)) return tokens;
  throw ConfigError(path.string(), "has " + std::to_string(tokens.size()) + " " + unit +
                                       "s, of which " + std::to_string(training) +
                                       " are for training, too few for a window of " +
                                       std::to_string(recipe.shape.context) +
                                       " and the one behind it; give a longer text or a smaller "
                                       "--context");
}

/// Source  Fowler, Noll, Vo: FNV-1a.
std::uint64_t fingerprint(const Tokens& tokens) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const Token token : tokens) hash = (hash ^ token) * 0x100000001B3U;
  return hash;
}

/// All that decides the weights, as text; a checkpoint carries it.
std::string identity(const Recipe& recipe, const std::vector<Tokens>& texts) {
  std::ostringstream out;
  const DecoderShape& shape = recipe.shape;
  const TrainingSettings& s = recipe.settings;
  out << shape.spike_degree << ' ' << int(shape.attention) << int(shape.learned_attention_gain)
      << int(shape.norm) << int(shape.linear_bias) << int(shape.learned_threshold)
      << int(shape.token_code) << int(shape.position_code) << int(shape.sums_positions)
      << int(shape.padded_right) << int(shape.residual) << int(shape.head) << ' '
      << shape.token_width << ' ' << shape.position_width << ' ' << shape.vocabulary << ' '
      << shape.context << ' ' << shape.steps << ' ' << shape.groups << ' ' << shape.width << ' '
      << shape.hidden << ' ' << shape.blocks << " k";
  for (const int k : shape.decay_shift) out << ' ' << k;
  out << " s " << s.steps << ' ' << s.batch << ' ' << s.learning_rate << ' ' << s.warm_up << ' '
      << s.quantised << ' ' << s.power_warm_up << ' ' << s.dropout << ' ' << s.extra_share_first
      << ' ' << s.extra_share_last << ' ' << s.seed << ' ' << s.optimiser.weight_decay << " p "
      << int(recipe.precision) << ' ' << recipe.threads;
  if (shape.input_threshold != 1.0) out << " i " << shape.input_threshold;
  for (const Tokens& text : texts) out << ' ' << std::hex << fingerprint(text);
  return out.str();
}

std::unique_ptr<LanguageModel> make_model(const Recipe& recipe) {
  if (recipe.shape.is_artificial()) {
    return std::make_unique<AnnDecoder>(recipe.shape, recipe.precision, recipe.settings.seed);
  }
  return std::make_unique<SpikingDecoder>(recipe.shape, recipe.precision, recipe.settings.seed);
}

std::int64_t count_parameters(LanguageModel& model) {
  std::int64_t count = 0;
  for (const NamedTensor& parameter : model.parameters()) count += parameter.value.numel();
  return count;
}

void require(bool holds, const char* option, const char* fact) {
  if (!holds) throw ConfigError(option, fact);
}

void evaluate_outcome(Outcome& outcome, const Recipe& recipe, LanguageModel& model,
                      const HeldOutSplit& split) {
  const std::int64_t context = recipe.shape.context;
  const std::span<const Token> held_out = split.held_out;
  Pass pass;
  pass.observe_scores = recipe.observes_scores;
  outcome.real = evaluate(model, held_out, context, pass, kAllWindows);
  pass.observe_scores = false;
  const std::size_t sample = std::min(split.training.size(), held_out.size());
  outcome.training = evaluate(model, split.training.first(sample), context, pass, kAllWindows);
  if (recipe.shape.is_artificial()) return;
  pass.quantised = true;
  outcome.quantised = evaluate(model, held_out, context, pass, kAllWindows);
  if (recipe.shape.attention == Attention::none) return;
  pass.attention_window = recipe.shape.groups;
  outcome.without_context =
      evaluate(model, held_out, context, pass, kAllWindows).bits_per_character;
}

std::map<std::string, std::string> provenance(const Recipe& recipe, const Outcome& outcome) {
  const auto fixed = [](double value) {
    std::ostringstream out;
    out << std::fixed << std::setprecision(4) << value;
    return out.str();
  };
  std::map<std::string, std::string> facts;
  facts["command"] = recipe.command;
  facts["corpus"] = text_name(recipe.text) + ", last tenth held out";
  for (const std::filesystem::path& extra : recipe.extra_texts) {
    facts["corpus"] += ", extra " + text_name(extra);
  }
  const std::string unit(to_string(recipe.alphabet.level()));
  const std::string bits = "bits_per_" + unit;
  facts["trained_" + unit + "s"] =
      std::to_string(outcome.steps * recipe.settings.batch * recipe.shape.context);
  facts["precision"] = recipe.precision == Precision::bfloat16 ? "bfloat16" : "float32";
  facts["parameters"] = std::to_string(outcome.parameters);
  facts[bits + "_real"] = fixed(outcome.real.bits_per_character);
  const char* form = recipe.writes_integers() ? "_integer" : "_bfloat16";
  facts[bits + form] = fixed(outcome.written_bits);
  if (recipe.shape.is_artificial()) return facts;
  facts[bits + "_8_bit"] = fixed(outcome.quantised.bits_per_character);
  if (recipe.shape.attention == Attention::none) return facts;
  facts[bits + "_limited"] =
      fixed(outcome.without_context) + ", attention sees what the embedding sees";
  return facts;
}

void export_integers(Outcome& outcome, const Recipe& recipe, LanguageModel& model,
                     const HeldOutSplit& split, const EvaluationOptions& options) {
  const Ranges ranges = calibrate(model, split.training, recipe.shape.context);
  Model exported = recipe.shape.is_artificial()
                       ? to_model(dynamic_cast<AnnDecoder&>(model), recipe.alphabet, ranges)
                       : to_model(dynamic_cast<SpikingDecoder&>(model), recipe.normalization,
                                  recipe.alphabet, ranges);
  outcome.written_bits = synfire::evaluate(exported, split.held_out, options).bits_per_character;
  exported.provenance = provenance(recipe, outcome);
  write_model(exported, recipe.model);
}

void export_twin(Outcome& outcome, const Recipe& recipe, AnnDecoder& decoder,
                 std::span<const Token> held_out, const EvaluationOptions& options) {
  RealModel exported = to_real_model(decoder, recipe.alphabet);
  outcome.written_bits = evaluate_real(exported, held_out, options).bits_per_character;
  exported.provenance = provenance(recipe, outcome);
  write_real_model(exported, recipe.model);
}

void export_model(Outcome& outcome, const Recipe& recipe, LanguageModel& model,
                  const HeldOutSplit& split) {
  if (recipe.model.empty()) return;
  EvaluationOptions options;
  options.threads = static_cast<unsigned>(recipe.threads);
  if (recipe.writes_integers()) {
    export_integers(outcome, recipe, model, split, options);
  } else {
    export_twin(outcome, recipe, dynamic_cast<AnnDecoder&>(model), split.held_out, options);
  }
}

}  // namespace

void check(const Recipe& recipe) {
  const TrainingSettings& s = recipe.settings;
  check(recipe.shape);
  require(s.steps >= 1, "--tokens", "is less than one batch");
  require(s.batch >= 1, "--batch", "is less than 1");
  require(s.learning_rate > 0.0, "--learning-rate", "is not above 0");
  require(s.dropout >= 0.0 && s.dropout < 1.0, "--dropout", "is not in [0, 1)");
  require(recipe.threads >= 1, "--threads", "is less than 1");
  require(!recipe.resume || !s.checkpoint.empty(), "--resume",
          "needs --checkpoint, the folder to go on from");
}

void check_texts(const Recipe& recipe) {
  load_tokens(recipe, recipe.text, 9);
  for (const std::filesystem::path& path : recipe.extra_texts) load_tokens(recipe, path, 10);
}

std::int64_t count_parameters(const Recipe& recipe) {
  return count_parameters(*make_model(recipe));
}

Outcome train_recipe(const Recipe& recipe, const std::atomic<bool>& stop,
                     const std::function<void(const Progress&)>& report) {
  check(recipe);
  keep_memory();
  at::set_num_threads(recipe.threads);
  const Tokens corpus = load_tokens(recipe, recipe.text, 9);
  const HeldOutSplit split = split_held_out(corpus);
  std::vector<Tokens> texts{Tokens(split.training.begin(), split.training.end())};
  for (const std::filesystem::path& path : recipe.extra_texts) {
    texts.push_back(load_tokens(recipe, path, 10));
  }
  const std::string id = identity(recipe, texts);
  const WindowSampler sampler(std::move(texts), recipe.shape.context, recipe.settings.seed);
  const std::unique_ptr<LanguageModel> model = make_model(recipe);
  Outcome outcome;
  outcome.parameters = count_parameters(*model);
  outcome.steps =
      train(*model, sampler, split.held_out, recipe.settings, id, recipe.resume, stop, report);
  outcome.complete = outcome.steps == recipe.settings.steps;
  if (!outcome.complete) return outcome;
  evaluate_outcome(outcome, recipe, *model, split);
  export_model(outcome, recipe, *model, split);
  return outcome;
}

}  // namespace synfire::training
