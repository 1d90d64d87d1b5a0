// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/report_json.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "analysis/detail/recording_totals.hpp"
#include "analysis/energy_json.hpp"
#include "analysis/layers.hpp"
#include "topology/operating_point.hpp"
#include "topology/topologies.hpp"

namespace synfire::detail {
namespace {

constexpr std::int64_t host = -1;

ReportJson populations_json(const Recording& recording) {
  ReportJson array = ReportJson::array();
  std::vector<std::string> names;
  for (const RecordedPopulation& population : recording.populations()) {
    names.push_back(population.name);
  }
  const std::vector<std::string> layers = layers_of(names);
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    const RecordedPopulation& population = recording.populations()[i];
    array.push_back({{"name", population.name},
                     {"size", population.size},
                     {"model", to_string(population.model)},
                     {"layer", layers[i]},
                     {"spikes", recording.spike_count(PopulationId{i})}});
  }
  return array;
}

ReportJson slices_json(const Recording& recording) {
  ReportJson array = ReportJson::array();
  for (const PopulationSlice& slice : recording.slices()) {
    const std::int64_t core = slice.core == host_core ? host : std::int64_t{index(slice.core)};
    array.push_back(ReportJson::array({index(slice.population), core, slice.begin, slice.end}));
  }
  return array;
}

std::string_view name_of(LinkKind kind) {
  constexpr std::array names{"horizontal", "vertical", "board", "injection", "ejection"};
  return names[static_cast<std::size_t>(kind)];
}

/// One array per counter, under its name in recordings.
template <typename Use, typename Counters>
void add_counters(ReportJson& object, const std::vector<Use>& uses, const Counters& counters) {
  for (const auto& counter : counters) {
    ReportJson column = ReportJson::array();
    for (const Use& use : uses) {
      if (const auto* time = std::get_if<Duration Use::*>(&counter.member)) {
        column.push_back((use.**time).count());
      } else {
        column.push_back(use.*std::get<std::int64_t Use::*>(counter.member));
      }
    }
    object[counter.name] = std::move(column);
  }
}

/// Characters, one a token; or a list of words as they go on a text.
ReportJson alphabet_json(const Alphabet& alphabet) {
  if (alphabet.level() == TextLevel::character) return alphabet.characters();
  ReportJson words = ReportJson::array();
  for (std::size_t i = 0; i < alphabet.size(); ++i) {
    words.push_back(alphabet.continuation(static_cast<Token>(i)));
  }
  return words;
}

}  // namespace

ReportJson description_json(const Recording& recording) {
  ReportJson object{{"file", recording.path().filename().string()},
                    {"complete", recording.is_complete()},
                    {"time_steps", recording.time_steps()},
                    {"alphabet", alphabet_json(recording.alphabet())},
                    {"populations", populations_json(recording)},
                    {"slices", slices_json(recording)}};
  object["model"] = {{"path", recording.model_path()}, {"identity", recording.model_identity()}};
  object["chip"] = {{"name", recording.chip_name()}, {"yaml", recording.chip_yaml()}};
  for (const char* name : {"version", "volatile/date", "volatile/command_line"}) {
    const std::string key = std::string(name).substr(std::string(name).find('/') + 1);
    if (const auto text = recording.provenance_text(name)) object[key] = *text;
  }
  if (recording.has_run_value("prompt")) object["prompt"] = recording.run_text("prompt");
  return object;
}

ReportJson notes_json(const Recording& recording) {
  ReportJson notes = ReportJson::array();
  if (!recording.is_complete()) {
    notes.push_back(
        "This run ended early (on request, by a deadlock or by a kill); "
        "the report shows what was recorded until then.");
  }
  if (!recording.has_run_value("events")) {
    notes.push_back(
        "It was killed before its counters were written: energy, link traffic and "
        "totals are missing.");
  }
  if (recording.total_spike_count() == 0) notes.push_back("No spike was recorded.");
  if (recording.token_count() == 0) notes.push_back("No token reached the host.");
  if (recording.faults()) {
    notes.push_back("Faults were injected into this chip; its text may differ from the model's.");
  }
  return notes;
}

ReportJson energy_json(const Recording& recording, const RunSummary& summary) {
  const ChipDescription chip = at_operating_point(recording.chip());
  std::vector<std::string> names;
  for (const NamedEnergy& population : summary.energy.by_population) {
    names.push_back(population.name);
  }
  const std::vector<std::string> layer_names = layers_of(names);
  const std::vector<NamedEnergy>& layers = summary.energy.by_layer;
  std::vector<std::vector<double>> joules(layers.size(), std::vector<double>(action_kinds));
  for (std::size_t slice = 0; slice < summary.totals.slices.size(); ++slice) {
    const auto population = index(recording.slices()[slice].population);
    const auto layer = std::ranges::find(layers, layer_names[population], &NamedEnergy::name);
    auto& row = joules[static_cast<std::size_t>(layer - layers.begin())];
    for (std::size_t i = 0; i < action_kinds; ++i) {
      row[i] += price(summary.totals.slices[slice], static_cast<Action>(i), chip).in_joules();
    }
  }
  ReportJson object{{"layers", ReportJson::array()}, {"actions", ReportJson::array()}};
  for (const NamedEnergy& layer : layers) object["layers"].push_back(layer.name);
  for (std::size_t i = 0; i < action_kinds; ++i) {
    const auto action = static_cast<Action>(i);
    object["actions"].push_back({{"name", to_string(action)},
                                 {"component", to_string(component_of(action))},
                                 {"price_aj", chip.energy[i].in_attojoules()},
                                 {"count", total_count(summary.totals, action)}});
  }
  object["joules"] = joules;
  return object;
}

ReportJson twins_json(const Recording& recording) {
  std::vector<std::string> names;
  for (const RecordedPopulation& population : recording.populations()) {
    names.push_back(population.name);
  }
  ReportJson array = ReportJson::array();
  for (const RecordedTwin& twin : recording.twins()) {
    const EnergyReport energy = price(twin.totals, names, recording.slices(), recording.chip());
    Duration latency{};
    for (const TwinTokenTimes& token : twin.tokens) latency += token.finished - token.injected;
    const auto tokens = static_cast<double>(std::max<std::size_t>(twin.tokens.size(), 1));
    array.push_back({{"kind", to_string(twin.kind)},
                     {"activation_bits", twin.activation_bits},
                     {"packets", twin.totals.packets_injected},
                     {"latency_s_mean", seconds(latency) / tokens},
                     {"energy_j", synfire::energy_json(energy)}});
  }
  return array;
}

ReportJson network_json(const Recording& recording, const RunSummary* summary) {
  const RouterGraph graph = build_graph(recording.chip());
  ReportJson routers = ReportJson::array();
  for (const Router& router : graph.routers()) {
    routers.push_back(ReportJson::array({router.x, router.y, router.cores, router.name}));
  }
  ReportJson links = ReportJson::array();
  for (const Link& link : graph.links()) {
    links.push_back(ReportJson::array({index(link.from), index(link.to), name_of(link.kind)}));
  }
  ReportJson object{{"routers", routers}, {"links", links}};
  if (summary == nullptr) return object;
  add_counters(object["link_use"], summary->totals.link_use, link_counters);
  add_counters(object["core_use"], summary->totals.core_use, core_counters);
  return object;
}

}  // namespace synfire::detail
