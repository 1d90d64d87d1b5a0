// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "analysis/comparison.hpp"

namespace synfire {
namespace {

double per(double value, double count) {
  return count == 0 ? 0 : value / count;
}

/// What a line compares: the spiking run's value and that of each twin, with its ratio.
using ValueOf = std::function<double(const TwinReport&)>;

std::string line(const RunSummary& summary, std::string_view name, double spiking,
                 const std::string& unit, const ValueOf& value_of) {
  std::string text = fmt::format("    {:<36}{:>9}", name, engineering(spiking, unit));
  for (const TwinReport& twin : summary.twins) {
    const double value = value_of(twin);
    const std::string ratio = spiking == 0 ? "" : fmt::format("x {:.3g}", value / spiking);
    text += fmt::format("{:>13}{:>12}", engineering(value, unit), ratio);
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text + "\n";
}

double tokens_of(const LatencyReport& latency) {
  return std::max(latency.tokens, 1U);
}

double count_of(const SimulationTotals& totals, Action action) {
  return static_cast<double>(total_count(totals, action));
}

double total_bit_hops(const std::vector<LayerTraffic>& layers) {
  double sum = 0;
  for (const LayerTraffic& layer : layers) sum += static_cast<double>(layer.bit_hops);
  return sum;
}

std::string head(const RunSummary& summary) {
  std::string text = fmt::format(
      "\ndense twins: the same shapes, mapping and chip without spikes, one pass a token. Cost\n"
      "alone: their function is not equal. Energy is the chip account of each: counted actions at\n"
      "the prices of {}; x: of the spiking run.{}\n{:<40}{:>9}",
      summary.chip, summary.faults ? " Twins have no faults." : "", "", "spiking");
  for (const TwinReport& twin : summary.twins) {
    text +=
        fmt::format("{:>25}", fmt::format("{}, {} bit", title_of(twin.kind), twin.activation_bits));
  }
  return text + "\n";
}

std::string totals_part(const RunSummary& summary) {
  const double tokens = tokens_of(summary.latency);
  const SimulationTotals& totals = summary.totals;
  return line(summary, "energy a token", per(summary.energy.total().in_joules(), tokens), "J",
              [](const TwinReport& twin) {
                return twin.energy.total().in_joules() / tokens_of(twin.latency);
              }) +
         line(summary, "time a token", seconds(summary.latency.per_token()), "s",
              [](const TwinReport& twin) { return seconds(twin.latency.per_token()); }) +
         line(summary, "injection to logits, mean", seconds(summary.latency.mean), "s",
              [](const TwinReport& twin) { return seconds(twin.latency.mean); }) +
         line(summary, "packets a token", static_cast<double>(totals.packets_injected) / tokens, "",
              [](const TwinReport& twin) {
                return static_cast<double>(twin.totals.packets_injected) / tokens_of(twin.latency);
              }) +
         line(summary, "bits x hops a token", total_bit_hops(summary.layer_traffic) / tokens, "bit",
              [](const TwinReport& twin) {
                return total_bit_hops(twin.traffic) / tokens_of(twin.latency);
              }) +
         line(summary, "synaptic operations or MACs, a token",
              count_of(totals, Action::synaptic_operation) / tokens, "",
              [](const TwinReport& twin) {
                return count_of(twin.totals, Action::multiply_accumulate) / tokens_of(twin.latency);
              });
}

template <typename Parts, typename Name, typename Value>
double value_named(const Parts& parts, const std::string& layer, Name name, Value value) {
  const auto found = std::ranges::find(parts, layer, name);
  return found == parts.end() ? 0 : value(*found);
}

std::string layers_part(const RunSummary& summary) {
  const double tokens = tokens_of(summary.latency);
  std::string text = "  dynamic energy a token, by layer\n";
  for (const NamedEnergy& layer : summary.energy.by_layer) {
    text += line(summary, layer.name, layer.energy.in_joules() / tokens, "J",
                 [&](const TwinReport& twin) {
                   return value_named(twin.energy.by_layer, layer.name, &NamedEnergy::name,
                                      [](const auto& part) { return part.energy.in_joules(); }) /
                          tokens_of(twin.latency);
                 });
  }
  text += "  time that a layer works on a token, mean\n";
  for (const LayerLatency& layer : summary.latency.layers) {
    text += line(summary, layer.layer, seconds(layer.mean), "s", [&](const TwinReport& twin) {
      return value_named(twin.latency.layers, layer.layer, &LayerLatency::layer,
                         [](const auto& part) { return seconds(part.mean); });
    });
  }
  text += "  bits x hops a token, by the layer that sends\n";
  for (const LayerTraffic& layer : summary.layer_traffic) {
    text += line(summary, layer.layer, static_cast<double>(layer.bit_hops) / tokens, "bit",
                 [&](const TwinReport& twin) {
                   return value_named(
                              twin.traffic, layer.layer, &LayerTraffic::layer,
                              [](const auto& part) { return static_cast<double>(part.bit_hops); }) /
                          tokens_of(twin.latency);
                 });
  }
  return text;
}

/// `spiking saves 12.3 % of ...` or what it spends more.
std::string verdict(const RunSummary& summary, const TwinReport& twin) {
  const double ratio = per(summary.energy.total().in_joules(), twin.energy.total().in_joules());
  const std::string fact = ratio <= 1 ? fmt::format("saves {:.1f} % of", 100 * (1 - ratio))
                                      : fmt::format("takes {:.3g} times", ratio);
  return fmt::format("  spiking {} the energy of the {}, in the chip account of {}\n", fact,
                     title_of(twin.kind), summary.chip);
}

}  // namespace

std::string comparison_table(const RunSummary& summary) {
  if (summary.twins.empty()) return "";
  std::string text = head(summary) + totals_part(summary) + layers_part(summary);
  for (const TwinReport& twin : summary.twins) text += verdict(summary, twin);
  return text;
}

}  // namespace synfire
