// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "analysis/summary.hpp"

namespace synfire {
namespace {

double per(double value, double count) {
  return count == 0 ? 0 : value / count;
}

/// 1234567 as 1,234,567.
std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > (value < 0 ? 1 : 0);
       place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return digits;
}

std::string share_line(std::string_view name, Energy part, Energy whole) {
  return fmt::format("    {:<34}{:>12}{:>8.1f} %\n", name, engineering(part.in_joules(), "J"),
                     100 * per(part.in_joules(), whole.in_joules()));
}

std::string counts_part(const RunSummary& summary) {
  const SimulationTotals& totals = summary.totals;
  const double tokens = std::max(summary.latency.tokens, 1U);
  std::string text = fmt::format("{:<22}{} prompt + {} generated\n", "tokens",
                                 summary.prompt_tokens, summary.generated_tokens);
  if (summary.reingested_tokens > 0) {
    text += fmt::format("{:<22}{} (context full: its last half given again)\n",
                        "re-ingested tokens", summary.reingested_tokens);
  }
  text += fmt::format("{:<22}{}\n", "spikes", grouped(totals.spikes));
  text += fmt::format("{:<22}{} in {} hops; control packets {}\n", "packets",
                      grouped(totals.packets_injected), grouped(totals.hops),
                      grouped(totals.control_packets));
  text += fmt::format("{:<22}{}\n", "synaptic operations",
                      grouped(total_count(totals, Action::synaptic_operation)));
  text += fmt::format("{:<22}{}; {} a token (mean from injection to logits {}, slowest {})\n",
                      "simulated time", engineering(seconds(summary.latency.span), "s"),
                      engineering(seconds(summary.latency.per_token()), "s"),
                      engineering(seconds(summary.latency.mean), "s"),
                      engineering(seconds(summary.latency.longest), "s"));
  text += fmt::format("{:<22}{}; {} a token\n", "energy",
                      engineering(summary.energy.total().in_joules(), "J"),
                      engineering(summary.energy.total().in_joules() / tokens, "J"));
  text +=
      fmt::format("{:<22}{} in {:.1f} s = {} a second; peak memory {:.0f} MiB\n", "events",
                  grouped(totals.events), summary.wall_seconds,
                  engineering(per(static_cast<double>(totals.events), summary.wall_seconds), ""),
                  static_cast<double>(summary.peak_memory_bytes) / (1024.0 * 1024.0));
  return text;
}

std::string chip_part(const RunSummary& summary) {
  const EnergyReport& energy = summary.energy;
  const Energy total = energy.total();
  std::string text = fmt::format("\nchip account: what {} spent on {} neurocores\n", summary.chip,
                                 summary.neurocores);
  text += share_line("total", total, total);
  text += share_line("static power x time", energy.leakage, total);
  text += "  by component\n";
  for (std::size_t i = 0; i < component_kinds; ++i) {
    text += share_line(to_string(static_cast<ComponentKind>(i)), energy.by_component[i], total);
  }
  text += "  by action\n";
  for (std::size_t i = 0; i < action_kinds; ++i) {
    if (energy.by_action[i] == Energy{}) continue;
    text += share_line(to_string(static_cast<Action>(i)), energy.by_action[i], total);
  }
  text += "  by layer\n";
  for (const NamedEnergy& layer : energy.by_layer) {
    text += share_line(layer.name, layer.energy, total);
  }
  return text;
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
  std::string text = counts_part(summary) + chip_part(summary);
  if (summary.arithmetic) text += arithmetic_part(*summary.arithmetic);
  text += sparsity_part(summary.sparsity) + assumed_part(summary.assumed);
  return text;
}

}  // namespace synfire
