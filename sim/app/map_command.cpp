// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "models/model_file.hpp"
#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/mapping_options.hpp"
#include "sim/app/mapping_report.hpp"
#include "sim/app/planned_chip.hpp"
#include "sim/app/support.hpp"
#include "topology/mapping_file.hpp"
#include "topology/placement.hpp"
#include "topology/topologies.hpp"
#include "topology/topology_check.hpp"

namespace synfire::app {
namespace {

constexpr const char* examples =
    "Examples\n"
    "  synfire map --placement annealing --out mapping.yaml\n"
    "  synfire run --mapping mapping.yaml\n"
    "  synfire map --placement greedy --traffic run.h5 --json -\n\n"
    "JSON keys: model, chip, placement, traffic_source, traffic_hops (packets x hops a token, "
    "each\n"
    "  to one neurocore), traffic_hops_data, traffic_hops_control, neurocores, "
    "capacity.<resource>,\n"
    "  partial_sums.<population> (parts of its inputs that are summed apart, if any),\n"
    "  cores[].{neurocore,router,<resource>,slices[].{population,begin,end}}, host[];\n"
    "  resources: neurons, axons_in, synapse_memory_bits, attention_memory_bits";

struct MapOptions {
  std::string model = default_model;
  std::string chip = "loihi-like";
  std::vector<std::string> overrides;
  MappingOptions mapping;
  std::string out;
  std::string json;
};

void check_outputs(const MapOptions& options, const std::filesystem::path& model) {
  const std::vector<std::string> inputs{model.string(), options.chip, options.mapping.mapping,
                                        options.mapping.traffic};
  if (options.out == "-" && options.json == "-") {
    throw ConfigError("--json", "standard output takes one of --out and --json; name a file");
  }
  for (const std::string& output : {options.out, options.json}) {
    check_writable(output);
    check_distinct(output, inputs);
  }
  check_distinct(options.json, {options.out});
}

std::string origin_of(const MappingOptions& options) {
  if (!options.mapping.empty()) return options.mapping;
  return options.placement + (options.placement == "annealing" || options.placement == "partition"
                                  ? fmt::format(", seed {}", options.seed)
                                  : "");
}

std::string traffic_source_of(const MappingOptions& options) {
  if (!options.traffic.empty()) return "spikes measured in " + options.traffic;
  constexpr double permille_per_percent = 10;
  return fmt::format("assumed: every spiking neuron fires in {} % of the time steps",
                     static_cast<double>(assumed_rate_permille) / permille_per_percent);
}

void show_mapping(const MapOptions& options) {
  const std::filesystem::path file = find_model(options.model);
  check_outputs(options, file);
  const Model model = read_model(file);
  const ChipDescription chip = load_chip(options.chip, options.overrides);
  check_topology(chip);
  const auto [network, mapping] = map_model(model, chip, options.mapping);
  const NeuronTraffic traffic = placement_traffic(network, options.mapping);
  const RouterGraph graph = build_graph(chip);
  const MappingReport report{.model = model,
                             .network = network,
                             .chip = chip,
                             .graph = graph,
                             .mapping = mapping,
                             .origin = origin_of(options.mapping),
                             .traffic_source = traffic_source_of(options.mapping),
                             .hops = traffic_hops(network, chip, mapping, traffic),
                             .tokens = traffic.tokens};
  if (!options.out.empty()) {
    std::string yaml = to_yaml(mapping, network);
    yaml.pop_back();
    write_text(options.out, yaml);
  }
  if (!options.json.empty()) write_text(options.json, mapping_json(report));
  if (options.json != "-" && options.out != "-") write_text("-", mapping_table(report));
}

}  // namespace

void add_map_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<MapOptions>();
  CLI::App* command = parser.add_subcommand(
      "map", "Show which neurons lie on which neurocore, memory use and predicted traffic");
  command->add_option("--model", options->model, "Model file, or the name of a shipped model")
      ->capture_default_str();
  command->add_option("--chip", options->chip, "Chip preset (see synfire info) or YAML file")
      ->capture_default_str();
  command
      ->add_option("--set", options->overrides,
                   "Override a number of the chip: key.path=value, units as in the file")
      ->take_all()
      ->allow_extra_args(false);
  add_mapping_options(*command, options->mapping);
  command->add_option(
      "--out", options->out,
      "Write the mapping as YAML, for --mapping, or `-`: to standard output, alone");
  command->add_option("--json", options->json,
                      "Write what is shown to a file, or `-`: to standard output, alone");
  command->footer(examples);
  command->callback([options, &exit_code] {
    show_mapping(*options);
    exit_code = success;
  });
}

}  // namespace synfire::app
