// SPDX-License-Identifier: Apache-2.0
#include "analysis/critical_path.hpp"

#include <algorithm>
#include <utility>

namespace synfire {

CriticalPathFinder::CriticalPathFinder(std::span<const RecordedProjection> projections,
                                       std::span<const PopulationSlice> slices,
                                       std::uint32_t time_steps)
    : time_steps_(time_steps), sources_(slices.size()) {
  for (std::uint32_t target = 0; target < slices.size(); ++target) {
    for (const RecordedProjection& projection : projections) {
      if (projection.target != slices[target].population) continue;
      for (std::uint32_t source = 0; source < slices.size(); ++source) {
        if (slices[source].population != projection.source) continue;
        sources_[target].push_back({source, projection.delay});
      }
    }
    sources_[target].push_back({target, 1});
  }
}

void CriticalPathFinder::add(std::span<const StepRecord> steps) {
  for (const StepRecord& step : steps) {
    auto found = std::ranges::find(under_way_, step.token, &std::pair<std::uint32_t, Steps>::first);
    if (found == under_way_.end()) {
      found = under_way_.insert(found, {step.token, Steps(sources_.size() * time_steps_)});
    }
    found->second[std::size_t{index(step.slice)} * time_steps_ + step.step] = {step.started,
                                                                               step.ended};
  }
}

std::optional<CriticalPathFinder::Node> CriticalPathFinder::last_of(const Steps& steps,
                                                                    TimePoint until) const {
  std::optional<Node> last;
  for (std::uint32_t slice = 0; slice < sources_.size(); ++slice) {
    for (std::uint32_t step = 0; step < time_steps_; ++step) {
      const Node node{slice, step};
      if (at(steps, node).ended > until) continue;
      if (!last || at(steps, *last).ended <= at(steps, node).ended) last = node;
    }
  }
  return last;
}

std::optional<CriticalPathFinder::Node> CriticalPathFinder::before(const Steps& steps,
                                                                   Node node) const {
  std::optional<Node> last;
  const TimePoint started = at(steps, node).started;
  for (const Source& source : sources_[node.slice]) {
    if (source.delay > node.step) continue;
    const Node candidate{source.slice, node.step - source.delay};
    if (at(steps, candidate).ended > started) continue;
    if (!last || at(steps, *last).ended < at(steps, candidate).ended) last = candidate;
  }
  return last;
}

std::optional<CriticalPath> CriticalPathFinder::take(const RecordedToken& token) {
  const auto found =
      std::ranges::find(under_way_, token.token, &std::pair<std::uint32_t, Steps>::first);
  if (found == under_way_.end()) return std::nullopt;
  const Steps steps = std::move(found->second);
  // What is left of earlier tokens came after their logits.
  std::erase_if(under_way_, [&](const auto& entry) { return entry.first <= token.token; });
  CriticalPath path{.token = token.token};
  TimePoint until = token.finished;
  for (auto node = last_of(steps, until); node && until > token.injected;
       node = before(steps, *node)) {
    const Interval& interval = at(steps, *node);
    if (path.steps.empty()) path.tail = until - interval.ended;
    if (!path.steps.empty()) path.steps.back().waited = interval.ended;
    path.steps.push_back({.waited = token.injected,
                          .started = std::max(interval.started, token.injected),
                          .ended = std::max(interval.ended, token.injected),
                          .step = static_cast<std::uint16_t>(node->step),
                          .slice = SliceId{node->slice}});
    until = path.steps.back().started;
  }
  if (path.steps.empty()) return std::nullopt;
  for (CriticalStep& step : path.steps) step.waited = std::max(step.waited, token.injected);
  std::ranges::reverse(path.steps);
  return path;
}

}  // namespace synfire
