// SPDX-License-Identifier: Apache-2.0
#include "sim/app/recording_description.hpp"

#include <fmt/format.h>

#include "analysis/summary.hpp"
#include "analysis/verification.hpp"

namespace synfire::app {
namespace {

std::string line(std::string_view key, std::string_view value) {
  return fmt::format("{:<22}{}\n", key, value);
}

/// The text as far as its tokens reached the host.
std::string recorded_text(const Recording& recording) {
  if (recording.has_run_value("text")) return recording.run_text("text");
  std::vector<Token> text;
  const Alphabet alphabet = recording.alphabet();
  const std::vector<RecordedToken> tokens = recording.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const bool is_new = !tokens[i].is_given || text.size() == i;
    if (is_new && tokens[i].id < alphabet.size()) text.push_back(static_cast<Token>(tokens[i].id));
  }
  return alphabet.text(text);
}

std::string simulated_time(const Recording& recording) {
  const std::vector<RecordedToken> tokens = recording.tokens();
  if (tokens.empty()) return "0 s";
  return engineering(seconds(tokens.back().finished - tokens.front().injected), "s");
}

/// Arguments of the run and how far it came, of a text or of a stimulus.
std::string input_lines(const Recording& recording) {
  if (recording.has_run_value("presentations")) {
    return line("presentations", fmt::format("{} of {} that ended", recording.token_count(),
                                             recording.run_integer("presentations")));
  }
  return line("temperature, seed", fmt::format("{}, {}", recording.run_real("temperature"),
                                               recording.run_integer("seed"))) +
         line("tokens", fmt::format("{} that reached the host", recording.token_count()));
}

std::string fault_line(const Recording& recording) {
  const std::string faults = recorded_faults(recording);
  return faults.empty() ? "" : line("faults", faults);
}

}  // namespace

std::string describe_recording(const Recording& recording) {
  std::string text =
      line("state", recording.is_complete() ? "complete" : "incomplete: the run ended early") +
      line("model", recording.model_path() + " (" + recording.model_identity() + ")") +
      line("chip", recording.chip_name()) + fault_line(recording) + input_lines(recording) +
      line("simulated time", simulated_time(recording)) +
      line("spikes", fmt::format("{}", recording.total_spike_count()));
  for (const char* fact : {"version", "volatile/date", "volatile/command_line"}) {
    const auto value = recording.provenance_text(fact);
    if (value)
      text += line(std::string_view(fact).substr(std::string_view(fact).find('/') + 1), *value);
  }
  if (recording.has_run_value("prompt")) text += line("text", recorded_text(recording));
  text +=
      fmt::format("\n{:<38}{:>10}{:>14}{:>14}\n", "population", "neurons", "spikes", "potentials");
  for (std::uint32_t i = 0; i < recording.populations().size(); ++i) {
    const RecordedPopulation& population = recording.populations()[i];
    text += fmt::format("    {:<34}{:>10}{:>14}{:>14}\n", population.name, population.size,
                        recording.spike_count(PopulationId{i}),
                        recording.potential_count(PopulationId{i}));
  }
  return text;
}

}  // namespace synfire::app
