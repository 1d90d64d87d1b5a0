// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <CLI/CLI.hpp>

#include "models/training/real_evaluation.hpp"
#include "sim/app/commands.hpp"
#include "sim/error.hpp"

namespace synfire {
namespace {

[[noreturn]] void refuse(const char* command, const std::string& what) {
  throw ConfigError(command,
                    what +
                        " needs libtorch, which this build has not; install it (Debian: apt-get "
                        "install libtorch-dev libopenblas0-pthread), then build with "
                        "-DSYNFIRE_TRAINING=ON");
}

}  // namespace

Evaluation training::evaluate_real(const RealModel& /*model*/, std::span<const Token> /*text*/,
                                   const EvaluationOptions& /*options*/) {
  refuse("evaluate", "a real-valued model");
}

namespace app {

void add_train_command(CLI::App& parser, int& /*exit_code*/) {
  CLI::App* command =
      parser.add_subcommand("train", "Train a SpikeDecoder (not in this build: needs libtorch)");
  command->allow_extras();
  command->callback([] { refuse("train", "training"); });
}

void add_ablate_command(CLI::App& parser, int& /*exit_code*/) {
  CLI::App* command = parser.add_subcommand(
      "ablate", "Train a grid of variants (not in this build: needs libtorch)");
  command->allow_extras();
  command->callback([] { refuse("ablate", "training"); });
}

void add_quantise_command(CLI::App& parser, int& /*exit_code*/) {
  CLI::App* command = parser.add_subcommand(
      "quantise", "Write an artificial twin as integers (not in this build: needs libtorch)");
  command->allow_extras();
  command->callback([] { refuse("quantise", "a real-valued model"); });
}

}  // namespace app
}  // namespace synfire
