// SPDX-License-Identifier: Apache-2.0
#include "analysis/detail/recording_link_use.hpp"

#include "sim/error.hpp"

namespace synfire::detail {

void LinkUseCounter::add_since_last(std::span<const LinkUse> links, std::vector<std::int64_t>& bits,
                                    std::vector<std::int64_t>& busy) {
  SYNFIRE_ASSERT(links.size() == until_now_.size(),
                 "totals must be of the chip that was described");
  for (std::size_t i = 0; i < links.size(); ++i) {
    bits.push_back(links[i].bits - until_now_[i].bits);
    busy.push_back((links[i].busy - until_now_[i].busy).count());
    until_now_[i] = links[i];
  }
}

LinkUseTable::LinkUseTable(Hdf5File& file, std::size_t links)
    : tokens_(file, link_use_group + std::string("/tokens"), "1"),
      times_(file, link_use_group + std::string("/time_ps"), "ps"),
      bits_(file, link_use_group + std::string("/bits"), "1", links),
      busy_(file, link_use_group + std::string("/busy_ps"), "ps", links) {}

void LinkUseTable::add(std::span<const MomentRow> moments, std::span<const std::int64_t> bits,
                       std::span<const std::int64_t> busy) {
  for (const MomentRow& moment : moments) {
    tokens_.push(moment.tokens);
    times_.push(moment.now.time_since_epoch().count());
  }
  bits_.push(bits);
  busy_.push(busy);
  if (bits_.is_full()) write();
}

void LinkUseTable::write() {
  tokens_.write();
  times_.write();
  bits_.write();
  busy_.write();
}

}  // namespace synfire::detail
