// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_layout.hpp"

#include <utility>

namespace synfire::detail {

void write_signature(Hdf5File& file, bool is_complete) {
  file.write_attribute("/", "magic", sonata_magic);
  file.write_attribute("/", "version", std::span<const std::uint32_t>(sonata_version));
  file.create_group("/synfire");
  file.write_string_attribute("/synfire", "format", recording_format);
  file.write_attribute("/synfire", "version", recording_version);
  file.write_attribute("/synfire", "complete", std::uint8_t{is_complete});
}

void write_sorting(Hdf5File& file, const std::string& group) {
  static const std::array<std::pair<std::string, std::uint8_t>, 3> orders{
      {{"none", 0}, {"by_id", 1}, {"by_time", 2}}};
  constexpr std::uint8_t by_time = 2;
  file.write_enum_attribute(group, "sorting", orders, by_time);
}

}  // namespace synfire::detail
