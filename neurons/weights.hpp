// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace synfire {

/// Synaptic weights. Copies share the values until one of them is edited, so that a network costs
/// one byte a synapse however often it is copied or cut.
///
/// Thread-safety  as of a std::vector, copies included.
class Weights {
 public:
  Weights() = default;
  Weights(std::vector<std::int8_t> values)  // NOLINT(google-explicit-constructor)
      : values_(std::make_shared<std::vector<std::int8_t>>(std::move(values))) {}
  Weights(std::initializer_list<std::int8_t> values) : Weights(std::vector<std::int8_t>(values)) {}

  std::size_t size() const { return values_ ? values_->size() : 0; }
  bool empty() const { return size() == 0; }
  const std::int8_t* data() const { return values_ ? values_->data() : nullptr; }
  const std::int8_t* begin() const { return data(); }
  const std::int8_t* end() const { return data() + size(); }
  std::int8_t operator[](std::size_t i) const { return (*values_)[i]; }
  bool operator==(const Weights& other) const { return std::ranges::equal(*this, other); }

  void assign(std::size_t count, std::int8_t value) {
    values_ = std::make_shared<std::vector<std::int8_t>>(count, value);
  }
  /// The values to be changed, of this copy alone.
  std::vector<std::int8_t>& edit() {
    if (!values_ || values_.use_count() > 1) {
      values_ = std::make_shared<std::vector<std::int8_t>>(begin(), end());
    }
    return *values_;
  }

 private:
  std::shared_ptr<std::vector<std::int8_t>> values_;
};

}  // namespace synfire
