// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace CLI {
class App;
}

namespace synfire::app {

/// Each function adds one subcommand to `parser`; when it is chosen, `exit_code` receives its
/// status after parsing. A command reports a mistake by throwing (main prints it).
void add_run_command(CLI::App& parser, int& exit_code);
void add_verify_command(CLI::App& parser, int& exit_code);
void add_evaluate_command(CLI::App& parser, int& exit_code);
void add_info_command(CLI::App& parser, int& exit_code);
void add_map_command(CLI::App& parser, int& exit_code);
void add_plot_command(CLI::App& parser, int& exit_code);
void add_export_command(CLI::App& parser, int& exit_code);
void add_replay_command(CLI::App& parser, int& exit_code);
void add_sweep_command(CLI::App& parser, int& exit_code);
void add_report_command(CLI::App& parser, int& exit_code);
/// Without libtorch these three only say what to install.
void add_train_command(CLI::App& parser, int& exit_code);
void add_ablate_command(CLI::App& parser, int& exit_code);
void add_quantise_command(CLI::App& parser, int& exit_code);

}  // namespace synfire::app
