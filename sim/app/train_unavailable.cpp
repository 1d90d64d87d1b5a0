// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/error.hpp"

namespace synfire::app {

void add_train_command(CLI::App& parser, int& /*exit_code*/) {
  CLI::App* command =
      parser.add_subcommand("train", "Train a SpikeDecoder (not in this build: needs libtorch)");
  command->allow_extras();
  command->callback([] {
    throw ConfigError(
        "train",
        "this build has no libtorch; install it (Debian: apt-get install libtorch-dev "
        "libopenblas0-pthread), then build with -DSYNFIRE_TRAINING=ON");
  });
}

}  // namespace synfire::app
