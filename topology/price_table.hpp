// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "topology/chip.hpp"

namespace synfire {

/// A parameter that prices counts or time: of sections `energy` and `static_power`, or a voltage of
/// `operating_point`.
struct Price {
  NumberOrigin origin;
  std::int64_t value = 0;  ///< in base units of the parameter
};

/// What a chip file, or a part of one, says about energy. Counts and times are the run's, so what
/// it says about timing, capacity and structure is left out.
struct PriceTable {
  std::string name;            ///< of the preset or file
  std::vector<Price> prices;   ///< in the order of the reference; only those that are stated
  std::size_t other_keys = 0;  ///< stated, but no prices
};

/// Reads the prices of a preset or a chip file, which may be a part of one (`energy: {...}` alone),
/// and applies overrides as load_chip does; they must be prices.
///
/// Throws  IoError if the file cannot be read; ConfigError with file, line and key path for an
///         unknown key, a missing unit, a value out of range, an override that is no price, and for
///         a file without any price.
PriceTable load_price_table(const std::string& name_or_path,
                            std::span<const std::string> overrides = {});

/// The chip with the prices that the table states; those that it leaves out stay the chip's.
ChipDescription with_prices(ChipDescription chip, const PriceTable& table);

}  // namespace synfire
