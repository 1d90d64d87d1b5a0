// SPDX-License-Identifier: Apache-2.0
#include "topology/detail/acyclic_dependencies.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace synfire::detail {

AcyclicDependencies::AcyclicDependencies(const RouterGraph& graph)
    : present_(graph, 1),
      after_(graph.router_links().size()),
      before_(after_.size()),
      order_(after_.size()),
      is_marked_(after_.size()) {
  std::iota(order_.begin(), order_.end(), 0U);
}

bool AcyclicDependencies::try_insert(std::span<const ChannelDependencies::Edge> edges) {
  std::vector<ChannelDependencies::Edge> added;
  for (const auto& [first, second] : edges) {
    if (!present_.insert(first, second)) continue;
    const std::uint32_t from = index(first.link);
    const std::uint32_t to = index(second.link);
    if (!put_before(from, to)) {
      present_.erase(first, second);
      undo(added);
      return false;
    }
    after_[from].push_back(to);
    before_[to].push_back(from);
    added.emplace_back(first, second);
  }
  return true;
}

/// An order that held with these edges holds without them.
void AcyclicDependencies::undo(std::span<const ChannelDependencies::Edge> added) {
  for (std::size_t i = added.size(); i-- > 0;) {
    const auto& [first, second] = added[i];
    after_[index(first.link)].pop_back();
    before_[index(second.link)].pop_back();
    present_.erase(first, second);
  }
}

/// Makes the order fit an edge; false if the second already comes before the first.
bool AcyclicDependencies::put_before(std::uint32_t first, std::uint32_t second) {
  if (order_[first] < order_[second]) return true;
  const bool is_cycle = !collect_after(second, first);
  if (!is_cycle) {
    collect_before(first, order_[second]);
    reorder();
  }
  for (const std::uint32_t link : forward_) is_marked_[link] = false;
  for (const std::uint32_t link : backward_) is_marked_[link] = false;
  forward_.clear();
  backward_.clear();
  return !is_cycle;
}

/// Links that come after `start`, up to the place of `last`; false if `last` is one of them.
bool AcyclicDependencies::collect_after(std::uint32_t start, std::uint32_t last) {
  forward_ = {start};
  is_marked_[start] = true;
  for (std::size_t i = 0; i < forward_.size(); ++i) {
    for (const std::uint32_t next : after_[forward_[i]]) {
      if (next == last) return false;
      if (is_marked_[next] || order_[next] > order_[last]) continue;
      is_marked_[next] = true;
      forward_.push_back(next);
    }
  }
  return true;
}

/// Links that come before `start`, back to the place `first`.
void AcyclicDependencies::collect_before(std::uint32_t start, std::uint32_t first) {
  backward_ = {start};
  is_marked_[start] = true;
  for (std::size_t i = 0; i < backward_.size(); ++i) {
    for (const std::uint32_t next : before_[backward_[i]]) {
      if (is_marked_[next] || order_[next] < first) continue;
      is_marked_[next] = true;
      backward_.push_back(next);
    }
  }
}

/// Gives the places of all collected links to the backward ones first, each group in its old order.
void AcyclicDependencies::reorder() {
  const auto place = [this](std::uint32_t link) { return order_[link]; };
  std::ranges::sort(backward_, {}, place);
  std::ranges::sort(forward_, {}, place);
  std::vector<std::uint32_t> links = backward_;
  links.insert(links.end(), forward_.begin(), forward_.end());
  std::vector<std::uint32_t> places;
  std::ranges::transform(links, std::back_inserter(places), place);
  std::ranges::sort(places);
  for (std::size_t i = 0; i < links.size(); ++i) order_[links[i]] = places[i];
}

}  // namespace synfire::detail
