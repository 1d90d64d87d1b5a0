// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/alphabet.hpp"
#include "sim/hdf5_file.hpp"

namespace synfire::detail {

/// The dataset `alphabet` (characters) or `words` of a model file's group.
inline void write_alphabet(Hdf5File& file, const std::string& group, const Alphabet& alphabet) {
  if (alphabet.level() == TextLevel::word) {
    file.write_strings(group + "/words", alphabet.symbols());
    return;
  }
  const std::string bytes = alphabet.characters();
  file.write(group + "/alphabet", std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
}

}  // namespace synfire::detail
