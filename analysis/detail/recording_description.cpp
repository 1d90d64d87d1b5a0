// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_description.hpp"

#include <string>
#include <vector>

#include "analysis/detail/recording_accounts.hpp"
#include "analysis/detail/recording_faults.hpp"
#include "analysis/detail/recording_layout.hpp"
#include "analysis/detail/recording_totals.hpp"
#include "analysis/detail/recording_twins.hpp"
#include "topology/graph.hpp"
#include "topology/topologies.hpp"

namespace synfire::detail {
namespace {

void write_text(Hdf5File& file, const std::string& dataset, const std::string& text) {
  file.write_string(dataset, text);
  file.write_string_attribute(dataset, "units", "text");
}

void write_texts(Hdf5File& file, const std::string& dataset,
                 const std::vector<std::string>& texts) {
  file.write_strings(dataset, texts);
  file.write_string_attribute(dataset, "units", "text");
}

void write_numbers(Hdf5File& file, const std::string& dataset,
                   const std::vector<std::uint32_t>& numbers) {
  write_with_units<std::uint32_t>(file, dataset, {numbers.size()}, numbers, "1");
}

void write_value(Hdf5File& file, const std::string& group, const RecordedValue& value) {
  const std::string dataset = group + "/" + value.name;
  if (const auto* text = std::get_if<std::string>(&value.value)) {
    write_text(file, dataset, *text);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value.value)) {
    write_with_units<std::int64_t>(file, dataset, {}, std::span(integer, 1), value.units);
  } else {
    const double real = std::get<double>(value.value);
    write_with_units<double>(file, dataset, {}, std::span(&real, 1), value.units);
  }
}

void write_values(Hdf5File& file, const std::string& group,
                  const std::vector<RecordedValue>& values) {
  for (const RecordedValue& value : values) write_value(file, group, value);
}

void write_network(Hdf5File& file, const Network& network) {
  std::vector<std::string> names, models, layers;
  std::vector<std::uint32_t> sizes;
  for (const Population& population : network.populations()) {
    names.push_back(population.name);
    models.emplace_back(to_string(population.model));
    layers.emplace_back(layer_of(population.name));
    sizes.push_back(population.size);
  }
  const std::uint32_t time_steps = network.time_steps();
  write_with_units<std::uint32_t>(file, "/synfire/network/time_steps", {},
                                  std::span(&time_steps, 1), "1");
  write_texts(file, "/synfire/network/names", names);
  write_texts(file, "/synfire/network/models", models);
  write_texts(file, "/synfire/network/layers", layers);
  write_numbers(file, "/synfire/network/sizes", sizes);
}

void write_projections(Hdf5File& file, const Network& network) {
  std::vector<std::uint32_t> sources, targets, delays;
  for (const Projection& projection : network.projections()) {
    sources.push_back(index(projection.source));
    targets.push_back(index(projection.target));
    delays.push_back(projection.delay);
  }
  write_numbers(file, "/synfire/network/projections/source", sources);
  write_numbers(file, "/synfire/network/projections/target", targets);
  write_numbers(file, "/synfire/network/projections/delay", delays);
}

void write_slices(Hdf5File& file, const Mapping& mapping) {
  std::vector<std::uint32_t> populations, cores, begins, ends;
  for (const PopulationSlice& slice : mapping.slices) {
    populations.push_back(index(slice.population));
    cores.push_back(index(slice.core));
    begins.push_back(slice.begin);
    ends.push_back(slice.end);
  }
  write_numbers(file, "/synfire/counts/slices/population", populations);
  write_numbers(file, "/synfire/counts/slices/core", cores);
  write_numbers(file, "/synfire/counts/slices/begin", begins);
  write_numbers(file, "/synfire/counts/slices/end", ends);
}

std::string name_of(LinkKind kind) {
  switch (kind) {
    case LinkKind::horizontal:
      return "horizontal";
    case LinkKind::vertical:
      return "vertical";
    case LinkKind::board:
      return "board";
    case LinkKind::injection:
      return "injection";
    case LinkKind::ejection:
      return "ejection";
  }
  return "unknown";
}

void write_alphabet(Hdf5File& file, const Alphabet& alphabet) {
  if (alphabet.level() == TextLevel::word) {
    write_texts(file, "/synfire/model/words", alphabet.symbols());
    return;
  }
  const std::string characters = alphabet.characters();
  const std::vector<std::uint8_t> bytes(characters.begin(), characters.end());
  write_with_units<std::uint8_t>(file, "/synfire/model/alphabet", {bytes.size()}, bytes, "1");
}

void write_routers(Hdf5File& file, const RouterGraph& graph) {
  std::vector<std::uint32_t> x, y, cores;
  std::vector<std::string> names;
  for (const Router& router : graph.routers()) {
    x.push_back(router.x);
    y.push_back(router.y);
    cores.push_back(router.cores);
    names.push_back(router.name);
  }
  write_numbers(file, "/synfire/chip/routers/x", x);
  write_numbers(file, "/synfire/chip/routers/y", y);
  write_numbers(file, "/synfire/chip/routers/cores", cores);
  write_texts(file, "/synfire/chip/routers/name", names);
}

void write_chip(Hdf5File& file, const ChipDescription& chip, const RouterGraph& graph) {
  write_text(file, "/synfire/chip/name", chip.name);
  write_text(file, "/synfire/chip/yaml", to_yaml(chip));
  if (!chip.grid.graphml.empty()) write_text(file, "/synfire/chip/graphml", chip.grid.graphml);
  write_routers(file, graph);
}

void write_links(Hdf5File& file, const RouterGraph& graph) {
  std::vector<std::uint32_t> from, to;
  std::vector<std::string> kinds;
  for (const Link& link : graph.links()) {
    from.push_back(index(link.from));
    to.push_back(index(link.to));
    kinds.push_back(name_of(link.kind));
  }
  write_numbers(file, "/synfire/counts/links/from", from);
  write_numbers(file, "/synfire/counts/links/to", to);
  write_texts(file, "/synfire/counts/links/kind", kinds);
}

}  // namespace

void write_description(Hdf5File& file, const RunDescription& description) {
  for (const char* group : described_groups) file.create_group(group);
  file.create_group("/synfire/provenance/volatile");
  write_network(file, description.network);
  write_projections(file, description.network);
  const RouterGraph graph = build_graph(description.chip);
  write_chip(file, description.chip, graph);
  write_text(file, "/synfire/model/identity", description.model_identity);
  write_text(file, "/synfire/model/path", description.model_path);
  write_alphabet(file, description.alphabet);
  write_action_names(file);
  write_slices(file, description.mapping);
  write_links(file, graph);
  if (description.faults) write_faults(file, *description.faults);
  write_values(file, "/synfire/run", description.run);
  write_values(file, "/synfire/provenance", description.provenance);
  write_values(file, "/synfire/provenance/volatile", description.volatile_provenance);
}

void write_outcome(Hdf5File& file, const RunOutcome& outcome) {
  write_totals(file, outcome.totals);
  write_accounts(file, outcome);
  write_twins(file, outcome.twins);
  write_values(file, "/synfire/run", outcome.run);
  write_values(file, "/synfire/provenance/volatile", outcome.volatile_provenance);
}

}  // namespace synfire::detail
