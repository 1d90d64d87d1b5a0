// SPDX-License-Identifier: Apache-2.0
#include "models/real_model.hpp"

#include <cmath>
#include <functional>
#include <limits>

#include <catch2/catch.hpp>

#include "models/model_file.hpp"
#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_real_model.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

/// What reading says after `place` (a member of a group, `/group@attribute`, or nothing) was left
/// out of a valid file and `write` wrote something of its own.
std::string refusal(const std::string& place, const std::function<void(Hdf5File&)>& write) {
  const TemporaryFolder folder;
  write_real_model(random_real_model(1), folder / "valid.h5");
  const Hdf5File valid = Hdf5File::open(folder / "valid.h5");
  Hdf5File forged = Hdf5File::create(folder / "forged.h5");
  const auto copy_attributes = [&](const std::string& group) {
    for (const std::string& name : valid.attributes(group)) {
      if (group + "@" + name == place || name == "identity") continue;
      if (valid.attribute_shape(group, name).type == Hdf5Type::string) {
        forged.write_string_attribute(group, name, valid.read_string_attribute(group, name));
      } else {
        forged.write_attribute(group, name, valid.read_attribute<std::int64_t>(group, name)[0]);
      }
    }
  };
  copy_attributes("/");
  for (const char* group : {"/architecture", "/text", "/tensors", "/provenance"}) {
    if (group == place) continue;
    forged.create_group(group);
    copy_attributes(group);
    for (const std::string& name : valid.children(group)) {
      const std::string dataset = std::string(group) + "/" + name;
      if (dataset == place) continue;
      if (name == "alphabet") {
        forged.write(dataset, valid.read<std::uint8_t>(dataset));
      } else {
        forged.write<double>(dataset, valid.shape(dataset).extents, valid.read<double>(dataset));
      }
    }
  }
  write(forged);
  forged.close();
  try {
    read_real_model(folder / "forged.h5");
  } catch (const Error& error) {
    const std::string prefix = (folder / "forged.h5").string();
    const std::string message = error.what();
    CHECK(message.starts_with(prefix));
    return message.substr(prefix.size());
  }
  return "accepted";
}

std::string refusal_without(const std::string& place) {
  return refusal(place, [](Hdf5File&) {});
}

std::string with_number(const std::string& group, const std::string& name, std::int64_t value) {
  return refusal(group + "@" + name,
                 [&](Hdf5File& file) { file.write_attribute(group, name, value); });
}

std::string with_text(const std::string& group, const std::string& name, const std::string& text) {
  return refusal(group + "@" + name,
                 [&](Hdf5File& file) { file.write_string_attribute(group, name, text); });
}

}  // namespace

TEST_CASE("Real model: comes back as it was written, with and without attention") {
  const TemporaryFolder folder;
  for (const bool has_attention : {true, false}) {
    const RealModel model = random_real_model(3, has_attention);
    write_real_model(model, folder / "model.h5");
    CHECK(is_real_model(folder / "model.h5"));
    const RealModel read = read_real_model(folder / "model.h5");
    CHECK(read.identity == real_model_identity(model));
    CHECK(read.alphabet == model.alphabet);
    CHECK(read.provenance == model.provenance);
    CHECK(read.architecture.has_attention == has_attention);
    CHECK(read.architecture.context == 16);
    REQUIRE(read.tensors.size() == (has_attention ? 43 : 11));
    for (std::size_t i = 0; i < read.tensors.size(); ++i) {
      CHECK(read.tensors[i].name == model.tensors[i].name);
      CHECK(read.tensors[i].values == model.tensors[i].values);
    }
  }
}

TEST_CASE("Real model: its identity covers every part but provenance") {
  const std::string identity = real_model_identity(random_real_model(1));
  RealModel model = random_real_model(1);
  model.provenance["date"] = "today";
  CHECK(real_model_identity(model) == identity);
  model.tensors.back().values.back() += 1.0F;
  CHECK(real_model_identity(model) != identity);
  RealModel longer = random_real_model(1);
  longer.architecture.context = 17;
  CHECK(real_model_identity(longer) != identity);
}

TEST_CASE("Real model: integer models and real ones are not taken for each other") {
  const TemporaryFolder folder;
  write_real_model(random_real_model(1), folder / "real.h5");
  write_model(random_decoder(1).model, folder / "integer.h5");
  CHECK_THROWS_WITH(read_model(folder / "real.h5"), Catch::Contains("real-valued model"));
  CHECK_THROWS_AS(read_real_model(folder / "integer.h5"), IoError);
  CHECK_FALSE(is_real_model(folder / "integer.h5"));
}

TEST_CASE("Real model: an untouched copy is accepted, so each refusal below has one reason") {
  CHECK(refusal_without("") == "accepted");
  CHECK(refusal_without("/provenance") == "accepted");
}

TEST_CASE("Real model: values that are no numbers are refused by place") {
  const std::string place = "/tensors/head.bias";
  for (const double bad : {std::nan(""), HUGE_VAL, 1e300}) {
    CHECK_THAT(refusal(place,
                       [&](Hdf5File& file) {
                         std::vector<double> values(7, 0.25);
                         values[3] = bad;
                         file.write(place, values);
                       }),
               Catch::StartsWith(":" + place) && Catch::Contains("at flat index 3 is not finite"));
  }
  CHECK_THAT(
      refusal(place, [&](Hdf5File& file) { file.write(place, std::vector<std::int32_t>(7, 1)); }),
      Catch::Contains("is int32, not floating-point"));
}

TEST_CASE("Real model: tensors must be those of the architecture") {
  CHECK_THAT(refusal("/tensors/head.bias",
                     [](Hdf5File& file) {
                       file.write("/tensors/head.bias", std::vector<double>(8, 1.0));
                     }),
             Catch::Contains("has shape [8] instead of [7]"));
  CHECK_THAT(refusal_without("/tensors/block1.attention.key.gain"), Catch::Contains("is missing"));
  CHECK_THAT(refusal("",
                     [](Hdf5File& file) {
                       file.write("/tensors/block2.mlp.hidden.bias", std::vector<double>(12, 1.0));
                     }),
             Catch::Contains("/tensors/block2.mlp.hidden.bias: is unknown"));
  CHECK_THAT(refusal_without("/tensors"), Catch::Contains("/tensors: is missing"));
  CHECK_THAT(with_text("/architecture", "attention", "none"), Catch::Contains("is unknown"));
  CHECK_THAT(with_number("/architecture", "blocks", 1), Catch::Contains("is unknown"));
  CHECK_THAT(with_number("/architecture", "blocks", 3), Catch::Contains("is missing"));
  CHECK_THAT(with_number("/architecture", "embedding", 10), Catch::Contains("has shape"));
  CHECK_THAT(with_number("/text", "groups", 3), Catch::Contains("has shape"));
}

TEST_CASE("Real model: sizes and kinds out of range are refused before memory is taken") {
  CHECK_THAT(with_number("/architecture", "heads", 3), Catch::Contains("not a multiple"));
  CHECK_THAT(with_number("/architecture", "heads", 0), Catch::Contains("'heads' is 0"));
  CHECK_THAT(with_number("/architecture", "blocks", 1 << 20), Catch::Contains("outside 1..1024"));
  CHECK_THAT(with_number("/architecture", "embedding", 1 << 16), Catch::Contains("2^26"));
  CHECK_THAT(with_number("/text", "groups", (1 << 20) + 1), Catch::Contains("outside 1.."));
  CHECK_THAT(with_number("/text", "context", 0), Catch::Contains("'context' is 0"));
  CHECK_THAT(with_text("/architecture", "attention", "hard"), Catch::Contains("softmax or none"));
  CHECK_THAT(with_text("/architecture", "system", "RNN"), Catch::Contains("'system' is not"));
  CHECK_THAT(refusal_without("/architecture"), Catch::Contains("/architecture: is missing"));
  CHECK_THAT(refusal_without("/text"), Catch::Contains("/text: is missing"));
}

TEST_CASE("Real model: foreign, changed and unwritable files are IoErrors") {
  CHECK_THAT(with_text("/", "magic", "synfire-model"), Catch::Contains("'magic' is not"));
  CHECK_THAT(with_number("/", "version", 2), Catch::Contains("format version 2"));
  CHECK_THAT(refusal("",
                     [](Hdf5File& file) {
                       file.write_string_attribute("/", "identity", std::string(32, '0'));
                     }),
             Catch::Contains("identity"));
  const TemporaryFolder folder;
  CHECK_THROWS_AS(write_real_model(random_real_model(1), folder / "no/such/model.h5"), IoError);
  CHECK_THROWS_AS(read_real_model(folder / "absent.h5"), IoError);
}

}  // namespace synfire::test
