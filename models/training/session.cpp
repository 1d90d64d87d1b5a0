// SPDX-License-Identifier: Apache-2.0
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

Tokens load_tokens(const std::filesystem::path& path) {
  const Tokenizer tokenizer{std::string(character_alphabet)};
  return tokenizer.encode(clean_text(load_text(path)), path.string());
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
  out << int(shape.variant) << ' ' << int(shape.attention) << ' ' << int(shape.norm) << ' '
      << shape.vocabulary << ' ' << shape.context << ' ' << shape.steps << ' ' << shape.groups
      << ' ' << shape.width << ' ' << shape.hidden << ' ' << shape.blocks << " k";
  for (const int k : shape.decay_shift) out << ' ' << k;
  out << " s " << s.steps << ' ' << s.batch << ' ' << s.learning_rate << ' ' << s.warm_up << ' '
      << s.quantised << ' ' << s.power_warm_up << ' ' << s.dropout << ' ' << s.extra_share_first
      << ' ' << s.extra_share_last << ' ' << s.seed << ' ' << s.optimiser.weight_decay << " p "
      << int(recipe.precision) << ' ' << recipe.threads;
  for (const Tokens& text : texts) out << ' ' << std::hex << fingerprint(text);
  return out.str();
}

std::unique_ptr<LanguageModel> make_model(const Recipe& recipe) {
  if (recipe.shape.variant == Variant::ann) {
    return std::make_unique<AnnDecoder>(recipe.shape, recipe.precision, recipe.settings.seed);
  }
  return std::make_unique<SpikingDecoder>(recipe.shape, recipe.precision, recipe.settings.seed);
}

void require(bool holds, const char* option, const char* fact) {
  if (!holds) throw ConfigError(option, fact);
}

void evaluate_outcome(Outcome& outcome, const Recipe& recipe, LanguageModel& model,
                      std::span<const Token> held_out) {
  const std::int64_t context = recipe.shape.context;
  Pass pass;
  outcome.real = evaluate(model, held_out, context, pass, kAllWindows);
  if (recipe.shape.variant == Variant::ann) return;
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
  facts["corpus"] = recipe.text.filename().string() + ", last tenth held out";
  for (const std::filesystem::path& extra : recipe.extra_texts) {
    facts["corpus"] += ", extra " + extra.filename().string();
  }
  facts["trained_characters"] =
      std::to_string(outcome.steps * recipe.settings.batch * recipe.shape.context);
  facts["precision"] = recipe.precision == Precision::bfloat16 ? "bfloat16" : "float32";
  facts["parameters"] = std::to_string(outcome.parameters);
  facts["bits_per_character_real"] = fixed(outcome.real.bits_per_character);
  if (recipe.shape.variant == Variant::ann) {
    facts["bits_per_character_bfloat16"] = fixed(outcome.written_bits);
    return facts;
  }
  facts["bits_per_character_8_bit"] = fixed(outcome.quantised.bits_per_character);
  facts["bits_per_character_integer"] = fixed(outcome.written_bits);
  if (recipe.shape.attention == Attention::none) return facts;
  facts["bits_per_character_limited"] =
      fixed(outcome.without_context) + ", attention sees what the embedding sees";
  return facts;
}

void export_spiking(Outcome& outcome, const Recipe& recipe, const SpikingDecoder& decoder,
                    std::span<const Token> held_out, const EvaluationOptions& options) {
  Model exported = to_model(to_integers(decoder, recipe.normalization));
  outcome.written_bits = synfire::evaluate(exported, held_out, options).bits_per_character;
  exported.provenance = provenance(recipe, outcome);
  write_model(exported, recipe.model);
}

void export_twin(Outcome& outcome, const Recipe& recipe, AnnDecoder& decoder,
                 std::span<const Token> held_out, const EvaluationOptions& options) {
  RealModel exported = to_real_model(decoder);
  outcome.written_bits = evaluate_real(exported, held_out, options).bits_per_character;
  exported.provenance = provenance(recipe, outcome);
  write_real_model(exported, recipe.model);
}

void export_model(Outcome& outcome, const Recipe& recipe, LanguageModel& model,
                  std::span<const Token> held_out) {
  if (recipe.model.empty()) return;
  EvaluationOptions options;
  options.threads = static_cast<unsigned>(recipe.threads);
  if (recipe.shape.variant == Variant::ann) {
    export_twin(outcome, recipe, dynamic_cast<AnnDecoder&>(model), held_out, options);
  } else {
    export_spiking(outcome, recipe, dynamic_cast<SpikingDecoder&>(model), held_out, options);
  }
}

}  // namespace

void check(const Recipe& recipe) {
  const DecoderShape& shape = recipe.shape;
  const TrainingSettings& s = recipe.settings;
  require(shape.heads() > 0 && shape.width % shape.heads() == 0, "--width",
          "is not a multiple of the number of heads; give one --decay-shift per head");
  const std::int64_t d = shape.heads() > 0 ? shape.head_dimension() : 0;
  require(d == 16 || d == 32 || d == 48 || d == 64, "--width",
          "gives heads of a dimension that there is no kernel for; make width / heads 16, 32, 48 "
          "or 64");
  require(shape.hidden > 0 && shape.hidden % lanes == 0, "--hidden",
          "is not a positive multiple of 16");
  require(shape.steps >= 1 && shape.steps <= largest_step_count, "--time-steps",
          "is not between 1 and 16");
  require(shape.blocks >= 1, "--blocks", "is less than 1");
  require(shape.groups >= 1, "--embedding-groups", "is less than 1");
  require(shape.context >= 2, "--context", "is less than 2");
  for (const int k : shape.decay_shift) {
    require(k >= 1 && k <= 10, "--decay-shift", "is not between 1 and 10");
  }
  require(s.steps >= 1, "--tokens", "is less than one batch");
  require(s.batch >= 1, "--batch", "is less than 1");
  require(s.learning_rate > 0.0, "--learning-rate", "is not above 0");
  require(s.dropout >= 0.0 && s.dropout < 1.0, "--dropout", "is not in [0, 1)");
  require(recipe.threads >= 1, "--threads", "is less than 1");
  require(!recipe.resume || !s.checkpoint.empty(), "--resume",
          "needs --checkpoint, the folder to go on from");
}

Outcome train_recipe(const Recipe& recipe, const std::atomic<bool>& stop,
                     const std::function<void(const Progress&)>& report) {
  check(recipe);
  keep_memory();
  at::set_num_threads(recipe.threads);
  const Tokens corpus = load_tokens(recipe.text);
  const HeldOutSplit split = split_held_out(corpus);
  std::vector<Tokens> texts{Tokens(split.training.begin(), split.training.end())};
  for (const std::filesystem::path& path : recipe.extra_texts) texts.push_back(load_tokens(path));
  const std::string id = identity(recipe, texts);
  const WindowSampler sampler(std::move(texts), recipe.shape.context, recipe.settings.seed);
  const std::unique_ptr<LanguageModel> model = make_model(recipe);
  Outcome outcome;
  for (const NamedTensor& p : model->parameters()) outcome.parameters += p.value.numel();
  outcome.steps =
      train(*model, sampler, split.held_out, recipe.settings, id, recipe.resume, stop, report);
  outcome.complete = outcome.steps == recipe.settings.steps;
  if (!outcome.complete) return outcome;
  evaluate_outcome(outcome, recipe, *model, split.held_out);
  export_model(outcome, recipe, *model, split.held_out);
  return outcome;
}

}  // namespace synfire::training
