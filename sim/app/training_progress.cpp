// SPDX-License-Identifier: Apache-2.0
#include "sim/app/training_progress.hpp"

#include <csignal>
#include <cstdio>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

namespace synfire::app {
namespace {

std::atomic<bool> interrupted{false};

}  // namespace

std::atomic<bool>& watch_for_stop() {
  std::signal(SIGINT, [](int) {
    interrupted = true;
    std::signal(SIGINT, SIG_DFL);
  });
  std::signal(SIGTERM, [](int) { interrupted = true; });
  return interrupted;
}

void print_progress(const training::Progress& progress, TextLevel level) {
  std::string line = fmt::format("step {}/{}  {:.2f} M {}s  {:.3f} bits", progress.step,
                                 progress.steps, static_cast<double>(progress.tokens) * 1e-6,
                                 to_string(level), progress.training_bits);
  if (progress.held_out_bits) line += fmt::format("  held out {:.3f}", *progress.held_out_bits);
  line += fmt::format("  {:.0f} {}s/s  firing %:", progress.tokens_per_second, to_string(level));
  for (const training::FiringRate& rate : progress.firing) {
    line += fmt::format(" {:.0f}", 100.0 * rate.mean);
  }
  const bool terminal = isatty(STDOUT_FILENO) != 0;
  const bool keep = !terminal || progress.held_out_bits.has_value();
  fmt::print("{}{}{}", terminal ? "\r\033[K" : "", line, keep ? "\n" : "");
  std::fflush(stdout);
}

}  // namespace synfire::app
