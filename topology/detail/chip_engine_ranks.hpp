// SPDX-License-Identifier: Apache-2.0
#pragma once

// One of several ranks: members of QueuedChipEngine.

#include <algorithm>

#include "topology/detail/chip_engine_queued.hpp"

namespace synfire {

template <typename Queue>
RankTiming QueuedChipEngine<Queue>::timing() const {
  return {network_on_chip_.lookahead(), kernel_.windows().length(), chip_.host.latency};
}

template <typename Queue>
bool QueuedChipEngine<Queue>::run_before(TimePoint end) {
  has_begun_ = true;
  has_finished_token_ = false;
  bool sends = false;
  while (kernel_.has_before(end)) {
    kernel_.step([this](const Event& event) { handle(event); });
    last_event_ = kernel_.now();
    if (has_finished_token_) return true;
    if (sends || !network_on_chip_.has_outgoing()) continue;
    sends = true;
    end = std::min(end, timing().on_grid(last_event_ + 2 * network_on_chip_.lookahead()));
  }
  // The bound of a token may come closer again: another rank's next event is told as the begin of
  // the window that holds it. Nothing can happen between.
  if (kernel_.is_idle() || end - Duration{1} > kernel_.now()) kernel_.skip_to(end - Duration{1});
  return false;
}

template <typename Queue>
RankState QueuedChipEngine<Queue>::state() {
  RankState state{.last = last_event_,
                  .last_read = last_read_,
                  .has_packets = network_on_chip_.in_flight() != 0,
                  .waits_at_barrier = !at_barrier_.empty()};
  if (!kernel_.is_idle()) state.next = kernel_.next();
  if (!due_tokens_.empty()) state.token_due = due_tokens_.front();
  return state;
}

template <typename Queue>
void QueuedChipEngine<Queue>::hear_all_read(TimePoint when) {
  kernel_.schedule(when, Phase::process, host_index(), all_read, 0);
}

template <typename Queue>
void QueuedChipEngine<Queue>::pass_barrier(bool counts) {
  release_barrier();
  if (counts) ++totals_.barriers;
}

template <typename Queue>
std::optional<std::span<const std::int32_t>> QueuedChipEngine<Queue>::logits(
    std::uint32_t token) const {
  const TokenState& state = tokens_[token - first_token_];
  if (!state.progress.is_finished) return std::nullopt;
  return state.logits;
}

template <typename Queue>
std::optional<std::uint32_t> QueuedChipEngine<Queue>::open_token() const {
  for (std::uint32_t i = 0; i < tokens_.size(); ++i) {
    if (!tokens_[i].progress.is_finished) return first_token_ + i;
  }
  return std::nullopt;
}

template <typename Queue>
std::string QueuedChipEngine<Queue>::obstacles(std::uint32_t token) const {
  const std::string blocked = network_on_chip_.blocked();
  return waiting_slices(token) + (blocked.empty() ? "" : "; " + blocked);
}

}  // namespace synfire
