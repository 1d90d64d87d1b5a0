// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/recording.hpp"
#include "analysis/verification.hpp"
#include "models/model_file.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/generation_display.hpp"
#include "sim/app/support.hpp"

namespace synfire::app {
namespace {

struct VerifyOptions {
  std::string recording;
  std::string model;  ///< empty: the one that the recording names
  std::string json;
  bool quiet = false;
};

/// Why a run with faults does not pass, even if nothing differs.
std::string fault_text(const Verification& verification) {
  if (verification.faults.empty()) return "";
  return "\nthis run had faults: " + verification.faults +
         (verification.is_identical() ? "\nthey happened to change none of the above" : "");
}

std::string comparison_text(const Verification& verification, const Recording& recording) {
  const bool is_complete = recording.is_complete();
  const std::string counts =
      recording.has_run_value("presentations")
          ? fmt::format("{}, {} spikes, {} logits", counted(verification.tokens, "presentation"),
                        verification.spikes, verification.logits)
          : fmt::format("{} tokens, {} spikes, {} logits, {} choices", verification.tokens,
                        verification.spikes, verification.logits, verification.choices);
  if (!verification.is_identical()) {
    return fmt::format("different: {}\nidentical before it: {}", verification.difference->what,
                       counts);
  }
  return fmt::format("identical: {}{}", counts,
                     is_complete ? "" : " (the recording is incomplete: its finished tokens)");
}

std::string to_text(const Verification& verification, const Recording& recording) {
  return comparison_text(verification, recording) + fault_text(verification);
}

std::string to_json(const Verification& verification, bool is_complete) {
  nlohmann::ordered_json object{{"identical", verification.is_identical()},
                                {"complete", is_complete},
                                {"tokens", verification.tokens},
                                {"spikes", verification.spikes},
                                {"logits", verification.logits},
                                {"choices", verification.choices}};
  if (!verification.is_identical()) {
    const Difference& difference = *verification.difference;
    object["difference"] = {{"what", difference.what},
                            {"population", difference.population},
                            {"token", difference.token},
                            {"step", difference.step},
                            {"neuron", difference.neuron}};
  }
  if (!verification.faults.empty()) object["faults"] = verification.faults;
  return object.dump(2);
}

int run_verify(const VerifyOptions& options) {
  check_writable(options.json);
  check_distinct(options.json, {options.recording, options.model});
  const Recording recording(options.recording);
  const Model model =
      read_model(find_model(options.model.empty() ? recording.model_path() : options.model));
  Verification verification;
  {
    GenerationDisplay display(GenerationDisplay::Text::hidden, options.quiet);
    verification = verify(recording, model, [&](std::uint32_t token) {
      display.show_progress(
          fmt::format("verifying: token {} of {}", token, recording.token_count()));
    });
  }
  if (options.json != "-") write_text("-", to_text(verification, recording));
  if (!options.json.empty()) {
    write_text(options.json, to_json(verification, recording.is_complete()));
  }
  return verification.has_passed() ? success : run_failed;
}

}  // namespace

void add_verify_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<VerifyOptions>();
  CLI::App* command = parser.add_subcommand(
      "verify", "Compare every spike and logit of a recording with the integer reference");
  command->add_option("recording", options->recording, "Recording of synfire run --out")
      ->required();
  command->add_option("--model", options->model,
                      "Model file; default: where the recording says it was");
  command->add_option("--json", options->json, "Write JSON to a file, or `-` for standard output");
  command->add_flag("--quiet", options->quiet, "No progress line");
  command->footer(
      "Generates the text again, or presents the model's input spikes again, without any "
      "hardware,\n"
      "by plain integer arithmetic, and compares\n"
      "population, token, time step and neuron of every spike, every logit, and the tokens that\n"
      "prompt, seed and temperature choose. Exit status 0: identical, 1: different, or the chip "
      "had\n"
      "faults, which are then named.\n\n"
      "  synfire run --out run.h5 && synfire verify run.h5");
  command->callback([options, &exit_code] { exit_code = run_verify(*options); });
}

}  // namespace synfire::app
