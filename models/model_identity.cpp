// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cstdio>
#include <memory>
#include <span>
#include <string>

#include <xxhash.h>

#include "models/model_file.hpp"

namespace synfire {
namespace {

static_assert(std::endian::native == std::endian::little,
              "identities are defined over little-endian values");

/// A hash of values in the order they are given; lists carry their length, so that two different
/// contents never give the same bytes.
class ContentHash {
 public:
  ContentHash() : state_(XXH3_createState(), XXH3_freeState) { XXH3_128bits_reset(state_.get()); }

  template <typename T>
  void value(T number) {
    XXH3_128bits_update(state_.get(), &number, sizeof number);
  }
  template <typename T>
  void list(std::span<const T> values) {
    value(std::uint64_t{values.size()});
    XXH3_128bits_update(state_.get(), values.data(), values.size_bytes());
  }
  template <typename T>
  void list(const std::vector<T>& values) {
    list(std::span<const T>(values));
  }
  void text(std::string_view characters) { list(std::span<const char>(characters)); }

  std::string digits() const {
    const XXH128_hash_t hash = XXH3_128bits_digest(state_.get());
    std::array<char, 33> text{};
    std::snprintf(text.data(), text.size(), "%016llx%016llx",
                  static_cast<unsigned long long>(hash.high64),
                  static_cast<unsigned long long>(hash.low64));
    return text.data();
  }

 private:
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state_;
};

void add(ContentHash& hash, const Population& population) {
  hash.text(population.name);
  hash.value(population.size);
  hash.text(to_string(population.model));
  hash.list(population.threshold);
  hash.list(population.bias);
  hash.list(population.shift);
  hash.list(population.multiplier);
  hash.value(std::uint8_t{population.fires_at_threshold});
  hash.value(std::uint8_t{population.resets_each_token});
  if (population.model != NeuronModel::attention) return;
  hash.text(to_string(population.attention.kind));
  hash.value(population.attention.heads);
  hash.list(population.attention.decay_shift);
  hash.value(population.attention.fraction_bits);
}

void add(ContentHash& hash, const Projection& projection) {
  hash.value(index(projection.source));
  hash.value(index(projection.target));
  hash.text(to_string(projection.port));
  hash.text(to_string(projection.connectivity));
  hash.value(std::uint8_t{projection.per_time_step});
  hash.list(projection.weights);
}

void add(ContentHash& hash, const TextInterface& text) {
  hash.text(text.alphabet);
  hash.value(text.context);
  hash.value(text.groups);
  hash.value(text.width);
  hash.list(text.code);
  hash.value(text.position_width);
  hash.list(text.position_code);
  hash.value(text.logit_scale);
  hash.text(text.input);
  hash.text(text.readout);
}

}  // namespace

std::string model_identity(const Model& model) {
  ContentHash hash;
  hash.text("synfire-model 1");
  hash.value(model.network.time_steps());
  hash.value(std::uint64_t{model.network.populations().size()});
  for (const Population& population : model.network.populations()) add(hash, population);
  hash.value(std::uint64_t{model.network.projections().size()});
  for (const Projection& projection : model.network.projections()) add(hash, projection);
  add(hash, model.text);
  for (const auto& [key, value] : model.architecture) {
    hash.text(key);
    hash.text(value);
  }
  return hash.digits();
}

}  // namespace synfire
