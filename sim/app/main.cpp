// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include "sim/app/commands.hpp"
#include "sim/app/exit_code.hpp"
#include "sim/error.hpp"

int main(int argc, char** argv) {
  using namespace synfire;
  int exit_code = app::success;
  CLI::App parser("Spiking language models on simulated neuromorphic chips", "synfire");
  parser.require_subcommand(1);
  try {
    parser.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return parser.exit(error) == 0 ? app::success : app::bad_input;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "synfire: %s\n", error.what());
    return app::run_failed;
  }
  return exit_code;
}
