// SPDX-License-Identifier: Apache-2.0
#include "sim/app/chip_score.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/fault_json.hpp"
#include "analysis/grouped.hpp"
#include "analysis/summary.hpp"
#include "models/chip_evaluation.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/planned_chip.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

std::string line(std::string_view key, const std::string& value) {
  return fmt::format("{:<26}{}\n", key, value);
}

std::string to_text(const Model& model, const PlannedChip& chip, const ChipEvaluation& result) {
  const std::string unit(to_string(model.text.alphabet.level()));
  const Evaluation& evaluation = result.evaluation;
  std::string text =
      line("bits per " + unit, fmt::format("{:.4f}", evaluation.bits_per_character)) +
      line("accuracy", fmt::format("{:.2f} %", 100 * evaluation.accuracy)) +
      line(unit + "s scored", grouped(static_cast<std::int64_t>(evaluation.characters))) +
      line("chip", chip.description.name) +
      line("deliveries", grouped(result.totals.packets_delivered));
  if (!chip.faults) return text;
  text += line("lost by faults", grouped(result.totals.lost.total()));
  for (const FaultLine& fault :
       fault_lines(chip.faults->description, chip.faults->injected, result.totals.lost)) {
    text += line("    " + fault.fault, fault.outcome);
  }
  return text;
}

std::string to_json(const Model& model, const PlannedChip& chip, const ChipEvaluation& result) {
  using Json = nlohmann::ordered_json;
  const Evaluation& evaluation = result.evaluation;
  Json rates = Json::object();
  Json silent = Json::object();
  for (const PopulationActivity& population : evaluation.populations) {
    rates[population.name] = population.rate;
    silent[population.name] = population.silent_share;
  }
  const std::string unit(to_string(model.text.alphabet.level()));
  Json object{{"bits_per_" + unit, evaluation.bits_per_character},
              {"accuracy", evaluation.accuracy},
              {unit + "s", evaluation.characters},
              {"model_identity", model.identity},
              {"chip", chip.description.name},
              {"deliveries", result.totals.packets_delivered},
              {"lost", lost_json(result.totals.lost)}};
  if (chip.faults) object["faults"] = faults_json(*chip.faults);
  object["rate"] = rates;
  object["silent_fraction"] = silent;
  return object.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

ChipScoreReport score_on_chip(const Model& model, std::span<const Token> text,
                              const ChipScoreOptions& options) {
  const PlannedChip chip = plan_chip(model, options.chip, options.overrides);
  GenerationDisplay display(GenerationDisplay::Text::hidden, options.quiet);
  ChipEvaluationOptions settings;
  settings.threads = options.threads;
  settings.progress = [&](std::size_t done, std::size_t tokens) {
    display.show_progress(
        fmt::format("evaluating on {}: token {} of {}", chip.description.name, done, tokens));
  };
  try {
    const ChipEvaluation result =
        evaluate_on_chip(model, {chip.network, chip.description, chip.mapping}, text, settings);
    return {to_text(model, chip, result), to_json(model, chip, result)};
  } catch (const DeadlockError& error) {
    throw RunFailure(error.what());
  }
}

}  // namespace synfire::app
