// SPDX-License-Identifier: Apache-2.0
#include "sim/app/evaluation_progress.hpp"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace synfire::app {

EvaluationOptions shown_on(GenerationDisplay& display, std::int64_t threads) {
  EvaluationOptions options;
  options.threads = threads == 0 ? std::max(1U, std::thread::hardware_concurrency())
                                 : static_cast<unsigned>(threads);
  options.progress = [&display](std::size_t done, std::size_t windows) {
    display.show_progress(fmt::format("evaluating: window {} of {}", done, windows));
  };
  return options;
}

}  // namespace synfire::app
