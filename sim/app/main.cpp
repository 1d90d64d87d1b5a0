// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/app/failure.hpp"
#include "sim/error.hpp"
#include "sim/mpi_session.hpp"

namespace {

/// What goes wrong here goes wrong on every rank; the first tells of it.
int report(const synfire::app::Failure& failure) {
  if (synfire::mpi_launch().rank == 0) synfire::app::print_failure(failure.message);
  return failure.exit_code;
}

/// Several processes would do the same and write the same files.
void refuse_ranks(const CLI::App& parser) {
  constexpr std::array rank_commands{"run", "sweep"};
  if (synfire::mpi_launch().size == 1) return;
  for (const CLI::App* command : parser.get_subcommands()) {
    const std::string& name = command->get_name();
    if (std::ranges::find(rank_commands, name) != rank_commands.end()) continue;
    throw synfire::ConfigError(name, "works in one process; start it without mpirun");
  }
}

void add_commands(CLI::App& parser, int& exit_code) {
  using namespace synfire::app;
  parser.require_subcommand(1);
  parser.set_version_flag("--version", SYNFIRE_VERSION);
  parser.footer(
      "Start with `synfire run`: it needs no arguments. `synfire COMMAND --help` explains a "
      "command\n"
      "with examples. Exit status: 0 done, 1 the run failed or differs, 2 bad input.");
  parser.parse_complete_callback([&parser] { refuse_ranks(parser); });
  add_run_command(parser, exit_code);
  add_verify_command(parser, exit_code);
  add_evaluate_command(parser, exit_code);
  add_info_command(parser, exit_code);
  add_map_command(parser, exit_code);
  add_replay_command(parser, exit_code);
  add_sweep_command(parser, exit_code);
  add_plot_command(parser, exit_code);
  add_export_command(parser, exit_code);
  add_report_command(parser, exit_code);
  add_train_command(parser, exit_code);
  add_ablate_command(parser, exit_code);
  add_quantise_command(parser, exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace synfire;
  int exit_code = app::success;
  try {
    CLI::App parser("Spiking language models, spike by spike, on simulated neuromorphic chips",
                    "synfire");
    add_commands(parser, exit_code);
    try {
      parser.parse(argc, argv);
    } catch (const CLI::Success& request) {
      return parser.exit(request);
    } catch (const CLI::RequiredError& error) {
      const bool names_none = argc > 1 && parser.get_subcommands().empty();
      const std::string fact =
          names_none ? "'" + std::string(argv[1]) + "' is no command" : error.what();
      return report({"arguments: " + fact + "; see synfire --help", app::bad_input});
    } catch (const CLI::ParseError& error) {
      return report(
          {std::string("arguments: ") + error.what() + "; see synfire --help", app::bad_input});
    }
  } catch (...) {
    return report(app::describe(std::current_exception()));
  }
  return exit_code;
}
