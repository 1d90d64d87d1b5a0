// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/app/replay_options.hpp"

namespace synfire::app {
namespace {

constexpr const char* examples =
    "Neurons fire as they did in the recorded run, so nothing is summed; packets, links and\n"
    "neurocores are simulated in full. What fires does not depend on the chip, hence times, "
    "counts\n"
    "and energy are those that a run on that chip would give, and on the recording's own chip\n"
    "those of the run itself. Without --chip, --set, --placement and --mapping the chip and the\n"
    "mapping are the recording's; with any of them the model is mapped anew (linear, unless\n"
    "--placement or --mapping says otherwise). A run that ended early cannot be replayed; one "
    "with\n"
    "faults only on its own chip and mapping, because there what fires depends on them.\n\n"
    "Examples\n"
    "  synfire run --tokens 64 --out run.h5\n"
    "  synfire replay run.h5\n"
    "  synfire replay run.h5 --chip digital-22nm --json -\n"
    "  synfire replay run.h5 --set multicast.kind=tree --placement annealing --traffic run.h5\n"
    "  synfire replay run.h5 --chip loihi2-like --energy horowitz-45nm --out replayed.h5\n\n"
    "JSON keys: those of synfire run, without compare and bits_per_character_of_prompt; wall_s\n"
    "and peak_rss_bytes are the replay's";

}  // namespace

void add_replay_command(CLI::App& parser, int& exit_code) {
  const auto options = std::make_shared<ReplayArguments>();
  CLI::App* command = parser.add_subcommand(
      "replay", "Time and energy of a recorded run on another chip, without computing it again");
  command->add_option("recording", options->recording, "Recording of synfire run --out")
      ->required();
  command->add_option("--chip", options->chip,
                      "Chip preset (see synfire info) or YAML file; default: the recording's");
  command
      ->add_option("--set", options->overrides,
                   "Override a number of the chip: key.path=value, units as in the file")
      ->take_all()
      ->allow_extra_args(false);
  add_mapping_options(*command, options->mapping);
  command->add_option("--energy", options->prices,
                      "Price with this table: a chip, or its `energy:` and `static_power:` alone");
  command->add_option("--model", options->model,
                      "Model file; default: where the recording says it was");
  command->add_option("--out", options->out, "Recording (HDF5) of the replay to write");
  command->add_option("--json", options->json,
                      "Write the summary to a file, or `-`: to standard output, alone");
  command->add_flag("--quiet", options->quiet, "No progress line, no table");
  command->footer(examples);
  command->callback([options, command, &exit_code] {
    options->is_mapped_anew = command->count("--placement") + command->count("--placement-seed") +
                                  command->count("--mapping") + command->count("--traffic") >
                              0;
    exit_code = replay_recording(*options);
  });
}

}  // namespace synfire::app
