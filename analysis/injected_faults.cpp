// SPDX-License-Identifier: Apache-2.0
#include "analysis/injected_faults.hpp"

#include <algorithm>

#include "analysis/grouped.hpp"
#include "analysis/traffic.hpp"
#include "sim/params.hpp"

namespace synfire {
namespace {

constexpr std::size_t most_named = 4;  // parts that a line names; more are only counted

/// Joins the first names with commas, and says that there are more.
template <typename Parts, typename Name>
std::string names_of(const Parts& parts, Name name) {
  std::string text;
  for (std::size_t i = 0; i < std::min(parts.size(), most_named); ++i) {
    text += (i == 0 ? "" : ", ") + name(parts[i]);
  }
  return text + (parts.size() > most_named ? ", ..." : "");
}

std::string joined(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : "; ") + second;
}

std::string counted(std::int64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string lost_deliveries(const std::optional<LossCounts>& lost, std::int64_t LossCounts::*kind) {
  if (!lost) return "";
  const std::int64_t count = (*lost).*kind;
  return grouped(count) + (count == 1 ? " delivery lost" : " deliveries lost");
}

/// In per cent from a hundredth of one on, as people speak of rates; else in the largest unit of
/// which it is a whole number.
std::string rate(std::int64_t parts_per_billion) {
  constexpr std::int64_t hundredth_of_a_percent = 100'000;
  if (parts_per_billion % hundredth_of_a_percent != 0) {
    return " " + format_value(quantity::rate, parts_per_billion);
  }
  const std::int64_t hundredths = parts_per_billion / hundredth_of_a_percent;
  std::string text = std::to_string(hundredths / 100);
  if (hundredths % 100 != 0) {
    const std::string digits = std::to_string(100 + hundredths % 100).substr(1);
    text += "." + (digits.back() == '0' ? digits.substr(0, 1) : digits);
  }
  return " " + text + " %";
}

std::string dead_links(const InjectedFaults& injected) {
  return names_of(injected.dead_links, [](const auto& link) { return link.name; });
}

std::string dead_cores(const InjectedFaults& injected) {
  return names_of(injected.dead_cores,
                  [](CoreId core) { return "neurocore " + std::to_string(index(core)); });
}

std::string flipped_bits(const InjectedFaults& injected) {
  return counted(injected.total_flipped_bits(), "bit") + " in " +
         counted(std::ssize(injected.flipped_bits), "projection");
}

}  // namespace

std::int64_t InjectedFaults::stuck_neurons(bool is_firing) const {
  return std::ranges::count(stuck, is_firing, &StuckNeuron::is_firing);
}

std::int64_t InjectedFaults::total_flipped_bits() const {
  std::int64_t sum = 0;
  for (const FlippedBits& part : flipped_bits) sum += part.bits;
  return sum;
}

InjectedFaults injected_faults(const FaultModel& faults, const FlipReport& flips,
                               const RouterGraph& graph, const Network& network) {
  InjectedFaults injected;
  for (const LinkId id : faults.dead_links()) {
    const Link& link = graph.links()[index(id)];
    injected.dead_links.push_back({link.from, link.to, describe_link(graph, id)});
  }
  injected.dead_cores.assign(faults.dead_cores().begin(), faults.dead_cores().end());
  for (std::uint32_t p = 0; p < network.populations().size(); ++p) {
    const std::span<const Stuck> stuck = faults.stuck(PopulationId{p});
    for (std::uint32_t neuron = 0; neuron < stuck.size(); ++neuron) {
      if (stuck[neuron] == Stuck::no) continue;
      injected.stuck.push_back({PopulationId{p}, neuron, stuck[neuron] == Stuck::firing});
    }
  }
  for (std::size_t i = 0; i < flips.bits_per_projection.size(); ++i) {
    if (flips.bits_per_projection[i] == 0) continue;
    const Projection& projection = network.projections()[i];
    injected.flipped_bits.push_back({network.population(projection.source).name + "->" +
                                         network.population(projection.target).name,
                                     flips.bits_per_projection[i]});
  }
  return injected;
}

std::vector<FaultLine> fault_lines(const FaultDescription& faults,
                                   const std::optional<InjectedFaults>& injected,
                                   const std::optional<LossCounts>& lost) {
  std::vector<FaultLine> lines;
  const auto add = [&](std::int64_t value, const std::string& fault, const std::string& outcome) {
    if (value != 0) lines.push_back({fault, outcome});
  };
  const auto known = [&](auto describe) { return injected ? describe(*injected) : std::string(); };
  add(faults.drop_rate, "drop_rate" + rate(faults.drop_rate),
      lost_deliveries(lost, &LossCounts::dropped));
  add(faults.dead_links, "dead_links " + std::to_string(faults.dead_links),
      joined(lost_deliveries(lost, &LossCounts::dead_link), known(dead_links)));
  add(faults.dead_cores, "dead_cores " + std::to_string(faults.dead_cores),
      joined(lost_deliveries(lost, &LossCounts::dead_core), known(dead_cores)));
  for (const bool is_firing : {false, true}) {
    const std::int64_t stuck = is_firing ? faults.stuck_firing_rate : faults.stuck_silent_rate;
    add(stuck, (is_firing ? "stuck_firing_rate" : "stuck_silent_rate") + rate(stuck),
        known(
            [&](const auto& parts) { return counted(parts.stuck_neurons(is_firing), "neuron"); }));
  }
  add(faults.bit_flip_rate, "bit_flip_rate" + rate(faults.bit_flip_rate), known(flipped_bits));
  if (!lines.empty()) lines.push_back({"seed " + std::to_string(faults.seed), ""});
  return lines;
}

std::string fault_sentence(const std::vector<FaultLine>& lines) {
  std::string text;
  for (const FaultLine& line : lines) {
    text += (text.empty() ? "" : ", ") + line.fault;
    if (!line.outcome.empty()) text += " (" + line.outcome + ")";
  }
  return text;
}

}  // namespace synfire
