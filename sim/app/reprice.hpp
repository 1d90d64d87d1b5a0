// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace synfire::app {

struct RepriceOptions {
  std::string recording;
  std::string table;                   ///< preset, chip file, or a part of one
  std::vector<std::string> overrides;  ///< of the table: key.path=value
  std::string json;                    ///< file, or `-`; empty: none
};

/// Shows what a recorded run would have cost at other prices.
void reprice(const RepriceOptions& options);

}  // namespace synfire::app
