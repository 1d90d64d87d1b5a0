// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/comparison.hpp"
#include "analysis/energy_table.hpp"
#include "analysis/grouped.hpp"
#include "analysis/summary.hpp"

namespace synfire {
namespace {

double per(double value, double count) {
  return count == 0 ? 0 : value / count;
}

const char* unit(const RunSummary& summary) {
  return summary.presentations > 0 ? "presentation" : "token";
}

/// What was run: tokens of a text, or presentations of a stimulus.
std::string input_part(const RunSummary& summary) {
  if (summary.presentations > 0) {
    return fmt::format("{:<22}{} of {} time steps\n", "presentations", summary.presentations,
                       summary.time_steps);
  }
  std::string text = fmt::format("{:<22}{} prompt + {} generated\n", "tokens",
                                 summary.prompt_tokens, summary.generated_tokens);
  if (summary.reingested_tokens > 0) {
    text += fmt::format("{:<22}{} (context full: its last half given again)\n",
                        "re-ingested tokens", summary.reingested_tokens);
  }
  return text;
}

std::string time_part(const RunSummary& summary) {
  const auto time = [](Duration duration) { return engineering(seconds(duration), "s"); };
  const LatencyReport& latency = summary.latency;
  return fmt::format("{:<22}{}; {} a {} (mean from injection to {} {}, slowest {})\n",
                     "simulated time", time(latency.span), time(latency.per_token()), unit(summary),
                     summary.presentations > 0 ? "its end" : "logits", time(latency.mean),
                     time(latency.longest));
}

std::string counts_part(const RunSummary& summary) {
  const SimulationTotals& totals = summary.totals;
  const double tokens = std::max(summary.latency.tokens, 1U);
  std::string text = input_part(summary);
  text += fmt::format("{:<22}{}\n", "spikes", grouped(totals.spikes));
  text += fmt::format("{:<22}{} in {} hops; control packets {}\n", "packets",
                      grouped(totals.packets_injected), grouped(totals.hops),
                      grouped(totals.control_packets));
  text += fmt::format("{:<22}{}", "deliveries", grouped(totals.packets_delivered));
  if (summary.faults) text += fmt::format("; {} lost by faults", grouped(totals.lost.total()));
  text += "\n";
  text += fmt::format("{:<22}{}\n", "synaptic operations",
                      grouped(total_count(totals, Action::synaptic_operation)));
  if (const auto products = total_count(totals, Action::multiply_accumulate); products > 0) {
    text += fmt::format("{:<22}{}\n", "multiply-accumulates", grouped(products));
  }
  text += time_part(summary);
  text += fmt::format("{:<22}{}; {} a {}\n", "energy",
                      engineering(summary.energy.total().in_joules(), "J"),
                      engineering(summary.energy.total().in_joules() / tokens, "J"), unit(summary));
  text +=
      fmt::format("{:<22}{} in {:.1f} s = {} a second; peak memory {:.0f} MiB\n", "events",
                  grouped(totals.events), summary.wall_seconds,
                  engineering(per(static_cast<double>(totals.events), summary.wall_seconds), ""),
                  static_cast<double>(summary.peak_memory_bytes) / (1024.0 * 1024.0));
  return text;
}

/// A line of at most 100 columns; names of routers from a file may be of any length.
std::string fitting_line(std::string_view name, std::string_view text, std::size_t indent = 22) {
  constexpr std::size_t columns = 100;
  std::string line = fmt::format("{:<{}}{}", name, indent, text);
  line.erase(line.find_last_not_of(' ') + 1);
  if (line.size() > columns) line = line.substr(0, columns - 3) + "...";
  return line + "\n";
}

/// Says in words what of a part is not nominal; nothing if all is.
std::string scaled(const char* part, std::int64_t frequency, std::int64_t voltage) {
  const auto percent = [](std::int64_t ratio) {
    return fmt::format("{} %", 100 * static_cast<double>(ratio) / OperatingPoint::nominal);
  };
  std::string text;
  if (frequency != OperatingPoint::nominal) text = percent(frequency) + " of the frequency";
  if (voltage != OperatingPoint::nominal) {
    text += (text.empty() ? "" : ", ") + percent(voltage) + " of the voltage";
  }
  return text.empty() ? text : part + (" " + text);
}

/// Nothing at the operating point at which the chip's figures hold.
std::string operating_point_part(const OperatingPoint& point) {
  std::string text;
  for (const std::string& part :
       {scaled("neurocores", point.neurocore_frequency, point.neurocore_voltage),
        scaled("network", point.network_frequency, point.network_voltage)}) {
    if (part.empty()) continue;
    text += fitting_line(text.empty() ? "operating point" : "", part);
  }
  return text;
}

std::string traffic_part(const TrafficReport& traffic) {
  std::string text = fitting_line("network", traffic.network);
  const auto time = [](Duration duration) { return engineering(seconds(duration), "s"); };
  std::string waiting = "mean " + time(traffic.mean_waiting) + " a delivery";
  if (const auto& slowest = traffic.slowest_link) {
    waiting += fmt::format("; {} at {}", time(slowest->time), slowest->place);
  }
  text += fitting_line("waiting", waiting);
  if (const auto& busiest = traffic.busiest_link) {
    text += fitting_line("busiest link", fmt::format("{:.2f} % of the time: {}",
                                                     100 * busiest->share, busiest->place));
  }
  if (const auto& deepest = traffic.deepest_queue) {
    text += fitting_line("deepest queue",
                         fmt::format("{} at {}", grouped(deepest->packets), deepest->place));
  }
  if (const auto& stalled = traffic.most_stalled) {
    text += fitting_line(
        "stalled", fmt::format("{} of neurocores' time, {} of it at {}", time(traffic.stalled),
                               time(stalled->time), stalled->place));
  }
  return text;
}

std::string faults_part(const RunSummary& summary) {
  constexpr std::size_t fault_columns = 34;
  std::string text = "\nfaults of this run\n";
  for (const FaultLine& line :
       fault_lines(summary.faults->description, summary.faults->injected, summary.totals.lost)) {
    text += fitting_line("    " + line.fault, line.outcome, fault_columns);
  }
  if (const auto& score = summary.prompt_score) {
    text += fitting_line("    prompt",
                         fmt::format("{:.4f} bits per {}, {} predicted", score->bits_per_token,
                                     to_string(score->level), score->tokens),
                         fault_columns);
  }
  return text;
}

std::string chip_part(const RunSummary& summary) {
  return fmt::format("\nchip account: what {} spent on {} neurocores\n", summary.chip,
                     summary.neurocores) +
         energy_table(summary.energy);
}

std::string arithmetic_part(const ArithmeticAccount& account) {
  const auto line = [&](std::string_view name, double joules) {
    const double saving = 100 * (1 - per(account.spiking, joules));
    return fmt::format("    {:<34}{:>12}   spiking saves {:.1f} % in this account\n", name,
                       engineering(joules, "J"), saving);
  };
  return fmt::format("\narithmetic account: SpikeDecoder's formula, matrix products only{}\n",
                     account.leaky_attention ? " (leaky attention: its additions)" : "") +
         fmt::format("    {:<34}{:>12}\n", "this run, 0.9 pJ an addition",
                     engineering(account.spiking, "J")) +
         line("artificial twin, as published", account.artificial_as_published) +
         line("artificial twin, slips mended", account.artificial_corrected);
}

std::string sparsity_part(const std::vector<PopulationSparsity>& populations) {
  std::string text = fmt::format("\n{:<38}{:>10}{:>12}{:>16}\n", "spikes per neuron and time step",
                                 "rate", "sparsity", "silent neurons");
  for (const PopulationSparsity& entry : populations) {
    text += fmt::format("    {:<34}{:>8.2f} %{:>10.2f} %{:>14.1f} %\n", entry.population,
                        100 * entry.rate, 100 * entry.sparsity(), 100 * entry.silent_fraction);
  }
  return text;
}

/// A list broken into lines of at most 96 columns.
std::string assumed_part(const std::vector<std::string>& assumed) {
  constexpr std::size_t columns = 96;
  if (assumed.empty()) return "";
  std::string text = "\nassumed numbers of this chip (no published source):\n";
  std::string line = "   ";
  for (std::size_t i = 0; i < assumed.size(); ++i) {
    const std::string item = " " + assumed[i] + (i + 1 < assumed.size() ? "," : "");
    if (line.size() + item.size() > columns) {
      text += line + "\n";
      line = "   ";
    }
    line += item;
  }
  return text + line + "\n";
}

}  // namespace

std::string engineering(double value, const std::string& unit) {
  constexpr std::array<const char*, 11> prefixes{"a", "f", "p", "n", "u", "m",
                                                 "",  "k", "M", "G", "T"};
  constexpr int unprefixed = 6;
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:.0f} {}", value, unit);
  const int thousands =
      std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value)) / 3)), -unprefixed, 4);
  const double scaled = value / std::pow(1000.0, thousands);
  return fmt::format("{:.4g} {}{}", scaled,
                     prefixes.at(static_cast<std::size_t>(std::int64_t{thousands} + unprefixed)),
                     unit);
}

std::vector<std::string> assumed_numbers(const ChipDescription& chip) {
  std::vector<std::string> result;
  for (const NumberOrigin& origin : chip.origins) {
    if (!origin.assumed.empty()) result.push_back(origin.key_path);
  }
  return result;
}

std::string to_table(const RunSummary& summary) {
  std::string text = counts_part(summary) + operating_point_part(summary.operating_point) +
                     traffic_part(summary.traffic);
  if (summary.faults) text += faults_part(summary);
  text += chip_part(summary);
  if (summary.arithmetic) text += arithmetic_part(*summary.arithmetic);
  text += comparison_table(summary);
  text += sparsity_part(summary.sparsity) + assumed_part(summary.assumed);
  return text;
}

}  // namespace synfire
