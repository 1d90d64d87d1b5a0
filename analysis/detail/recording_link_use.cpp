// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_link_use.hpp"

#include <string>

#include "sim/error.hpp"

namespace synfire::detail {
namespace {

Hdf5Column matrix(Hdf5File& file, const char* name, std::size_t links, const char* units) {
  constexpr std::uint64_t chunk_rows = 16;
  const std::string dataset = link_use_group + std::string("/") + name;
  Hdf5Column column(
      file, dataset,
      {.type = Hdf5Type::int64, .width = links, .is_matrix = true, .chunk_rows = chunk_rows});
  file.write_string_attribute(dataset, "units", units);
  return column;
}

}  // namespace

LinkUseTable::LinkUseTable(Hdf5File& file, std::size_t links)
    : tokens_(file, link_use_group + std::string("/tokens"), "1"),
      times_(file, link_use_group + std::string("/time_ps"), "ps"),
      bits_(matrix(file, "bits", links, "1")),
      busy_(matrix(file, "busy_ps", links, "ps")),
      before_(links) {}

void LinkUseTable::add(std::uint32_t tokens, TimePoint now, std::span<const LinkUse> links) {
  if (now == last_) return;
  SYNFIRE_ASSERT(links.size() == before_.size(), "totals must be of the chip that was described");
  last_ = now;
  tokens_.push(tokens);
  times_.push(now.time_since_epoch().count());
  for (std::size_t i = 0; i < links.size(); ++i) {
    bit_buffer_.push_back(links[i].bits - before_[i].bits);
    busy_buffer_.push_back((links[i].busy - before_[i].busy).count());
    before_[i] = links[i];
  }
}

void LinkUseTable::write() {
  tokens_.write();
  times_.write();
  bits_.append(std::span<const std::int64_t>(bit_buffer_));
  busy_.append(std::span<const std::int64_t>(busy_buffer_));
  bit_buffer_.clear();
  busy_buffer_.clear();
}

}  // namespace synfire::detail
