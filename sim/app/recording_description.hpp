// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "analysis/recording.hpp"

namespace synfire::app {

/// What `info` prints of a recording: how it came about, how far it got, what it holds.
std::string describe_recording(const Recording& recording);

}  // namespace synfire::app
