// SPDX-License-Identifier: Apache-2.0
#include "topology/mapping_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

#include "sim/error.hpp"
#include "sim/params.hpp"
#include "sim/suggestion.hpp"
#include "sim/text_file.hpp"
#include "topology/format_check.hpp"
#include "topology/slice_needs.hpp"
#include "topology/topologies.hpp"
#include "topology/yaml_values.hpp"

namespace synfire {
namespace {

constexpr const char* list_key = "slices";
constexpr const char* host_word = "host";

std::optional<std::uint32_t> whole_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A slice and where it was written.
struct ReadSlice {
  PopulationSlice slice;
  std::string place;
  std::string key_path;  ///< `slices[3]`

  [[noreturn]] void refuse(const char* key, const std::string& fact) const {
    throw ConfigError(place, key_path + "." + key, fact);
  }
};

class Reader {
 public:
  Reader(const Network& network, const ChipDescription& chip)
      : network_(network), cores_(build_graph(chip).core_count()) {
    for (const Population& population : network.populations()) names_.push_back(population.name);
  }

  ReadSlice read(const WrittenRow& row, std::size_t number) const {
    ReadSlice result;
    result.place = row.place;
    result.key_path = std::string(list_key) + "[" + std::to_string(number) + "]";
    for (const WrittenValue& value : row.values) check_key(value, result);
    read_population(result, value_of(row, "population", result));
    read_neurons(result, value_of(row, "neurons", result));
    read_core(result, value_of(row, "neurocore", result));
    return result;
  }

  std::uint32_t cores() const { return cores_; }

 private:
  static void check_key(const WrittenValue& value, const ReadSlice& slice) {
    static const std::array<std::string, 3> keys = {"population", "neurons", "neurocore"};
    if (std::ranges::find(keys, value.key_path) != keys.end()) return;
    throw ConfigError(value.place, slice.key_path + "." + value.key_path,
                      "is unknown; a slice has population, neurons and neurocore" +
                          suggestion(value.key_path, keys));
  }

  static const std::string& value_of(const WrittenRow& row, const char* key,
                                     const ReadSlice& slice) {
    const auto found = std::ranges::find(row.values, key, &WrittenValue::key_path);
    if (found == row.values.end()) slice.refuse(key, "is missing; add it");
    return found->value;
  }

  void read_population(ReadSlice& result, const std::string& text) const {
    const auto found = network_.find(text);
    const std::string_view whole = whole_of(text);
    if (!found && whole != text && network_.find(whole)) {
      result.refuse("population", std::string(whole) +
                                      " has no such partial sum on this chip; `synfire map` shows "
                                      "how its inputs are split there");
    }
    if (!found) {
      result.refuse("population",
                    "the model has no population of this name; `synfire info MODEL` "
                    "lists them" +
                        suggestion(text, names_));
    }
    result.slice.population = *found;
  }

  void read_neurons(ReadSlice& result, const std::string& text) const {
    const Population& population = network_.population(result.slice.population);
    const auto colon = text.find(':');
    const auto begin = whole_number(std::string_view(text).substr(0, colon));
    const auto end = colon == std::string::npos
                         ? std::nullopt
                         : whole_number(std::string_view(text).substr(colon + 1));
    if (!begin || !end) result.refuse("neurons", "is no range; write \"0:64\" for neurons 0 to 63");
    if (*begin >= *end || *end > population.size) {
      result.refuse("neurons", std::to_string(*begin) + ":" + std::to_string(*end) +
                                   " is no part of the " + std::to_string(population.size) +
                                   " neurons of " + population.name + "; end at " +
                                   std::to_string(population.size) + " or before");
    }
    const std::uint32_t whole = undivided_neurons(population);
    if (*begin % whole != 0 || *end % whole != 0) {
      const char* what = attends(population.model) ? "a head of attention" : "a LayerNorm";
      result.refuse("neurons", std::string("splits ") + what + "; begin and end at multiples of " +
                                   std::to_string(whole));
    }
    result.slice.begin = *begin;
    result.slice.end = *end;
  }

  void read_core(ReadSlice& result, const std::string& text) const {
    const Population& population = network_.population(result.slice.population);
    const bool is_input = population.model == NeuronModel::input;
    if (is_input != (text == host_word)) {
      result.refuse("neurocore", is_input ? "inputs come from the host; write `host`"
                                          : "the host takes inputs only; name a neurocore");
    }
    if (is_input) {
      if (result.slice.size() != population.size) {
        result.refuse("neurons",
                      "inputs stay together; write \"0:" + std::to_string(population.size) + "\"");
      }
      result.slice.core = host_core;
      return;
    }
    const auto core = whole_number(text);
    if (!core || *core >= cores_) {
      result.refuse("neurocore", "there is no such neurocore; the chip's are 0 to " +
                                     std::to_string(cores_ - 1));
    }
    result.slice.core = CoreId{*core};
  }

  const Network& network_;
  std::uint32_t cores_;
  std::vector<std::string> names_;
};

/// `slices` ascending by (population, begin): every neuron stands there once.
void check_cover(const std::vector<ReadSlice>& slices, const Network& network,
                 const std::string& file) {
  std::vector<std::uint32_t> next(network.populations().size(), 0);
  const auto check_gap = [&](std::uint32_t p, std::uint32_t upto) {
    if (next[p] >= upto) return;
    throw ConfigError(file, list_key,
                      "neurons " + std::to_string(next[p]) + ":" + std::to_string(upto) + " of " +
                          network.populations()[p].name + " are on no neurocore; add a line");
  };
  for (const ReadSlice& read : slices) {
    const auto p = index(read.slice.population);
    if (read.slice.begin < next[p]) {
      read.refuse("neurons", "neuron " + std::to_string(read.slice.begin) + " of " +
                                 network.populations()[p].name +
                                 " stands in another line as well; leave it in one");
    }
    check_gap(p, read.slice.begin);
    next[p] = read.slice.end;
  }
  for (std::uint32_t p = 0; p < next.size(); ++p) check_gap(p, network.populations()[p].size);
}

void check_capacity(const ReadSlice& read, const CoreUse& use, const ChipDescription& chip) {
  const CoreUse capacity = core_capacity(chip);
  const auto require = [&](const char* key, const Quantity& quantity, std::int64_t needed,
                           std::int64_t available) {
    if (needed <= available) return;
    read.refuse("neurocore", "with this slice neurocore " + std::to_string(index(read.slice.core)) +
                                 " holds " + format_value(quantity, needed) + ", but " + key +
                                 " is " + format_value(quantity, available) +
                                 "; move or split the slice");
  };
  require("neurocore.neurons", quantity::neurons, use.neurons, capacity.neurons);
  require("neurocore.axons_in", quantity::axons, use.axons_in, capacity.axons_in);
  require("neurocore.synapse_memory", quantity::memory, use.synapse_memory_bits,
          capacity.synapse_memory_bits);
  require("attention.memory", quantity::memory, use.attention_memory_bits,
          capacity.attention_memory_bits);
}

/// The name as YAML reads it back; all but plain words are quoted.
std::string quoted(const std::string& name) {
  const bool is_plain = !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
  constexpr std::array<std::string_view, 3> nothing = {"null", "Null", "NULL"};
  if (is_plain && std::ranges::find(nothing, name) == nothing.end()) return name;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "\"";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') text += '\\';
    if (byte < 0x20 || byte == 0x7f) {
      text += "\\x";
      text += digits[byte / 16];
      text += digits[byte % 16];
    } else {
      text += c;
    }
  }
  return text + "\"";
}

}  // namespace

std::string to_yaml(const Mapping& mapping, const Network& network) {
  std::string text = std::string(list_key) + ":\n";
  for (const PopulationSlice& slice : mapping.slices) {
    text += "  - {population: " + quoted(network.population(slice.population).name) +
            ", neurons: \"" + std::to_string(slice.begin) + ":" + std::to_string(slice.end) +
            "\", neurocore: " +
            (slice.core == host_core ? host_word : std::to_string(index(slice.core))) + "}\n";
  }
  return text;
}

Mapping parse_mapping(const std::string& yaml, const std::string& name, const Network& network,
                      const ChipDescription& chip, std::uint32_t context) {
  check_formats(network, chip, context);
  const Reader reader(network, chip);
  std::vector<ReadSlice> slices;
  for (const WrittenRow& row : read_yaml_rows(yaml, name, list_key)) {
    slices.push_back(reader.read(row, slices.size()));
  }
  Mapping mapping;
  mapping.cores.resize(reader.cores());
  for (const ReadSlice& read : slices) {
    if (read.slice.core == host_core) continue;
    CoreUse& use = mapping.cores[index(read.slice.core)];
    use += slice_needs(network, read.slice.population, chip, context).of(read.slice.size());
    check_capacity(read, use, chip);
  }
  std::ranges::stable_sort(slices, {}, [](const ReadSlice& read) {
    return std::tuple(read.slice.population, read.slice.begin);
  });
  check_cover(slices, network, name);
  for (const ReadSlice& read : slices) mapping.slices.push_back(read.slice);
  return mapping;
}

Mapping read_mapping(const std::filesystem::path& file, const Network& network,
                     const ChipDescription& chip, std::uint32_t context) {
  const std::string text = read_text_file(file, "give a mapping as `synfire map --out` writes it");
  return parse_mapping(text, file.string(), network, chip, context);
}

}  // namespace synfire
