// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

#include "models/alphabet.hpp"
#include "models/training/settings.hpp"

namespace synfire::app {

/// From here on Ctrl-C (SIGINT) and SIGTERM only set the flag, which training looks at; a second
/// Ctrl-C ends the process.
std::atomic<bool>& watch_for_stop();

/// One line; on a terminal it takes the place of the one before unless it holds a held-out score.
void print_progress(const training::Progress& progress, TextLevel level);

}  // namespace synfire::app
