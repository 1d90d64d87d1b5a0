// SPDX-License-Identifier: Apache-2.0
#include "models/model_file.hpp"

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <limits>
#include <set>
#include <sstream>

#include <catch2/catch.hpp>

#include "sim/error.hpp"
#include "sim/hdf5_file.hpp"
#include "tests/support/forged_model.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace synfire;
using synfire::test::ForgedModel;
using synfire::test::random_decoder;
using synfire::test::TemporaryFolder;

namespace {

/// A small decoder.
Model valid_model() {
  DecoderArchitecture architecture;
  architecture.vocabulary = 4;
  architecture.context = 8;
  architecture.embedding = 8;
  architecture.heads = 2;
  architecture.hidden = 8;
  architecture.groups = 2;
  architecture.code_width = 6;
  architecture.attention = AttentionKind::leaky;
  architecture.fraction_bits = 4;
  return random_decoder(1, architecture).model;
}

/// A decoder of four words whose code is one-hot.
Model model_of_words() {
  DecoderArchitecture architecture;
  architecture.vocabulary = 4;
  architecture.context = 8;
  architecture.embedding = 8;
  architecture.heads = 2;
  architecture.hidden = 8;
  architecture.groups = 2;
  architecture.code_width = 4;
  Model model = random_decoder(1, architecture).model;
  model.text.alphabet = Alphabet::of_words({"a", "lamp", "lit", "the"});
  model.text.code.clear();
  return model;
}

/// Refusal after removing `place` and writing something else there.
std::string refusal(const std::string& place, const std::function<void(Hdf5File&)>& write) {
  ForgedModel forgery(valid_model(), {place});
  write(forgery.file());
  return forgery.refusal();
}

std::string refusal_without(const std::string& place) {
  return ForgedModel(valid_model(), {place}).refusal();
}

const std::string lif = "/populations/block0.attention.input";
const std::string attention = "/populations/block0.attention";

void check_equal(const Model& read, const Model& written) {
  CHECK(model_identity(read) == model_identity(written));
  CHECK(read.identity == model_identity(written));
  CHECK(read.text.alphabet == written.text.alphabet);
  CHECK(read.text.code == written.text.code);
  CHECK(read.architecture == written.architecture);
  CHECK(read.provenance == written.provenance);
  REQUIRE(read.network.populations().size() == written.network.populations().size());
  for (std::uint32_t i = 0; i < read.network.populations().size(); ++i) {
    CHECK(read.network.populations()[i].name == written.network.populations()[i].name);
    CHECK(read.network.populations()[i].threshold == written.network.populations()[i].threshold);
  }
  REQUIRE(read.network.projections().size() == written.network.projections().size());
  for (std::uint32_t i = 0; i < read.network.projections().size(); ++i) {
    CHECK(read.network.projections()[i].weights == written.network.projections()[i].weights);
  }
}

}  // namespace

TEST_CASE("read_model: a model comes back as it was written") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    INFO("seed " << seed);
    DecoderArchitecture architecture = test::random_architecture(seed);
    if (seed % 4 == 3) architecture = test::without_attention(architecture);
    Model model = random_decoder(seed, architecture).model;
    model.provenance = {{"corpus", "random"}, {"note", "two\nlines"}, {"nothing", ""}};
    write_model(model, folder / "model.h5");
    check_equal(read_model(folder / "model.h5"), model);
  }
}

TEST_CASE("model_identity: every part counts but provenance") {
  Model model = random_decoder(3).model;
  const std::string identity = model_identity(model);
  CHECK(identity.size() == 32);
  model.provenance["date"] = "today";
  CHECK(model_identity(model) == identity);
  model.architecture["note"] = "changed";
  CHECK(model_identity(model) != identity);
  Model other = random_decoder(3).model;
  other.text.logit_scale *= 2;
  CHECK(model_identity(other) != identity);
  Model rewired = random_decoder(3).model;
  std::vector<Population> populations(rewired.network.populations().begin(),
                                      rewired.network.populations().end());
  std::vector<Projection> projections(rewired.network.projections().begin(),
                                      rewired.network.projections().end());
  projections[0].weights.empty() ? void(populations.back().bias[0] ^= 1)
                                 : void(projections[0].weights.edit()[0] ^= 1);
  rewired.network = Network(rewired.network.time_steps(), populations, projections);
  CHECK(model_identity(rewired) != identity);
}

TEST_CASE("read_model: an untouched copy is accepted, so each refusal below has one reason") {
  CHECK(ForgedModel(valid_model(), {}).refusal() == "accepted");
  CHECK(refusal_without(lif + "/bias") == "accepted");
}

TEST_CASE("read_model: weights that are not integers are refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THAT(
      refusal("/projections/0/weights",
              [&](Hdf5File& file) {
                file.write<double>("/projections/0/weights", {12, 8}, std::vector<double>(96, nan));
              }),
      Catch::StartsWith("/projections/0/weights: is float64"));
  CHECK_THAT(
      refusal(lif + "/threshold",
              [&](Hdf5File& file) { file.write(lif + "/threshold", std::vector<double>(8, 1.0)); }),
      Catch::StartsWith(lif + "/threshold: is float64"));
}

TEST_CASE("read_model: integers of any width are taken if their values fit") {
  const auto with_weight = [](std::int64_t weight) {
    return refusal("/projections/0/weights", [&](Hdf5File& file) {
      file.write<std::int64_t>("/projections/0/weights", {12, 8},
                               std::vector<std::int64_t>(96, weight));
    });
  };
  CHECK(with_weight(-128) == "accepted");
  CHECK(with_weight(127) == "accepted");
  CHECK(with_weight(128) ==
        "/projections/0/weights: value 128 at flat index 0 is outside -128..127");
  CHECK(with_weight(-129) ==
        "/projections/0/weights: value -129 at flat index 0 is outside -128..127");
  CHECK_THAT(refusal(lif + "/threshold",
                     [](Hdf5File& file) {
                       file.write(lif + "/threshold",
                                  std::vector<std::uint64_t>(8, std::uint64_t{1} << 63U));
                     }),
             Catch::Contains("9223372036854775808"));
}

TEST_CASE("read_model: wrong shapes and missing parts are refused by name") {
  CHECK_THAT(refusal(lif + "/threshold",
                     [](Hdf5File& file) {
                       file.write(lif + "/threshold", std::vector<std::int32_t>(7, 1));
                     }),
             Catch::Equals(lif + "/threshold: has shape [7] instead of [8]"));
  CHECK(refusal_without(lif + "/threshold") == lif + "/threshold: is missing");
  CHECK(refusal_without("/projections/0/weights") == "/projections/0/weights: is missing");
  CHECK(refusal_without(lif + "@size") == lif + ": attribute 'size' is missing");
  CHECK(refusal_without("/text") == "/text: is missing; a SpikeDecoder reads text");
  CHECK_THAT(refusal_without("/text/code"), Catch::StartsWith("/text/code: is missing"));
  CHECK(refusal_without("/populations") == "/populations: is missing");
  CHECK_THAT(refusal_without("/projections/2"), Catch::Contains("2 is missing"));
  CHECK_THAT(refusal_without(lif), Catch::Contains("attribute 'index'"));
}

TEST_CASE("read_model: values out of range are refused by name") {
  const auto attribute = [](const std::string& object, const std::string& name, auto value) {
    return refusal(object + "@" + name,
                   [&](Hdf5File& file) { file.write_attribute(object, name, value); });
  };
  CHECK_THAT(attribute(lif, "size", std::int64_t{0}), Catch::Contains("'size' is 0, outside"));
  CHECK_THAT(attribute(lif, "size", std::int64_t{1} << 40), Catch::Contains("outside 0.."));
  CHECK_THAT(attribute(lif, "size", 8.0), Catch::Contains("is not one integer"));
  CHECK_THAT(attribute(lif, "index", std::int64_t{0}), Catch::Contains("each number once"));
  CHECK_THAT(attribute(lif, "fires_at_threshold", std::int64_t{2}), Catch::Contains("0 nor 1"));
  CHECK_THAT(attribute(attention, "heads", std::int64_t{3}), Catch::Contains("decay_shift"));
  CHECK_THAT(attribute("/", "time_steps", std::int64_t{0}), Catch::Contains("time_steps"));
  CHECK_THAT(attribute("/text", "context", std::int64_t{0}), Catch::Contains("'context' is 0"));
  CHECK_THAT(attribute("/text", "logit_scale", -1.0), Catch::Contains("is not above 0"));
  CHECK_THAT(attribute("/text", "logit_scale", std::nan("")), Catch::Contains("is not above 0"));
  CHECK_THAT(attribute("/text", "width", std::int64_t{5}),
             Catch::Contains("/text/code: has shape"));
}

TEST_CASE("read_model: unknown names are refused, not left out") {
  const auto added = [](const std::function<void(Hdf5File&)>& write) {
    return refusal("/nothing", write);
  };
  CHECK_THAT(added([](Hdf5File& file) {
               file.write(lif + "/thresholds", std::vector<std::int32_t>(8, 1));
             }),
             Catch::StartsWith(lif + "/thresholds: is unknown"));
  CHECK_THAT(added([](Hdf5File& file) { file.write_attribute(lif, "tau", std::int32_t{2}); }),
             Catch::Contains("attribute 'tau' is unknown"));
  const auto named = [](const std::string& object, const std::string& name) {
    return refusal(object + "@" + name,
                   [&](Hdf5File& file) { file.write_string_attribute(object, name, "nonsense"); });
  };
  CHECK_THAT(named(lif, "model"), Catch::Contains("'nonsense' is unknown; use one of input, lif"));
  CHECK_THAT(named(attention, "attention"), Catch::Contains("use one of published, leaky"));
  CHECK_THAT(named("/projections/0", "source"), Catch::Contains("names no population"));
  CHECK_THAT(named("/projections/0", "port"), Catch::Contains("use one of current"));
  CHECK_THAT(named("/text", "input"), Catch::Contains("input population 'nonsense' is missing"));
}

TEST_CASE("read_model: a file that calls itself a SpikeDecoder must be the one it describes") {
  const auto described = [](const std::string& key, const std::string& value) {
    return refusal("/architecture@" + key, [&](Hdf5File& file) {
      file.write_string_attribute("/architecture", key, value);
    });
  };
  CHECK_THAT(described("attention", "none"),
             Catch::Equals("/architecture: attribute 'attention' says 'none', but the network's is "
                           "'leaky'"));
  CHECK_THAT(described("blocks", "2"), Catch::Contains("but the network's is '1'"));
  CHECK(described("note", "anything") == "accepted");
  CHECK(described("system", "another") == "accepted");
  CHECK_THAT(refusal("/populations/head.input@resets_each_token",
                     [](Hdf5File& file) {
                       file.write_attribute("/populations/head.input", "resets_each_token",
                                            std::uint8_t{0});
                     }),
             Catch::StartsWith("/architecture: network: is not a SpikeDecoder"));
}

TEST_CASE("read_model: alphabet and codes are checked") {
  CHECK_THAT(refusal("/text/alphabet",
                     [](Hdf5File& file) {
                       file.write("/text/alphabet", std::vector<std::uint8_t>{97, 98, 97, 99});
                     }),
             Catch::Contains("has 'a' twice"));
  CHECK_THAT(
      refusal("/text/code",
              [](Hdf5File& file) {
                file.write<std::uint8_t>("/text/code", {2, 4, 6}, std::vector<std::uint8_t>(48, 2));
              }),
      Catch::Contains("only 0 and 1 are bits"));
}

TEST_CASE("read_model: a model of words and its one-hot code come back") {
  Model model = model_of_words();
  const TemporaryFolder folder;
  write_model(model, folder.path() / "words.h5");
  const Model read = read_model(folder.path() / "words.h5");
  CHECK(read.text.alphabet == model.text.alphabet);
  CHECK(read.text.code.empty());
  CHECK(read.identity == model_identity(model));
  model.text.alphabet = Alphabet::of_words({"a", "lamp", "lit", "then"});
  CHECK(read.identity != model_identity(model));
}

TEST_CASE("read_model: lists of words are checked") {
  const auto forged = [](const std::string& place, const std::function<void(Hdf5File&)>& write) {
    ForgedModel forgery(model_of_words(), {place});
    write(forgery.file());
    return forgery.refusal();
  };
  const auto with = [&](const std::vector<std::string>& words) {
    return forged("/text/words", [&](Hdf5File& file) { file.write_strings("/text/words", words); });
  };
  CHECK(with({"a", "lamp", "lit", "then"}) == "accepted");
  CHECK_THAT(with({"a", "lamp", "lit", "a"}), Catch::Contains("has 'a' twice"));
  CHECK_THAT(with({"a", "lamp", "lit", "the end"}), Catch::Contains("would take apart"));
  CHECK_THAT(with({"a", "lamp", "lit"}), Catch::Contains("need a width of 3"));
  CHECK_THAT(forged("/text/words",
                    [](Hdf5File& file) {
                      file.write("/text/words", std::vector<std::uint8_t>{1, 2, 3, 4});
                    }),
             Catch::Contains("is no list of strings"));
  CHECK_THAT(forged("/nothing",
                    [](Hdf5File& file) {
                      file.write("/text/alphabet", std::vector<std::uint8_t>{97, 98, 99, 100});
                    }),
             Catch::Contains("lies beside /text/words"));
}

TEST_CASE("read_model: foreign, truncated and changed files are IoErrors") {
  const auto magic = [](const std::string& text) {
    return refusal("/@magic",
                   [&](Hdf5File& file) { file.write_string_attribute("/", "magic", text); });
  };
  CHECK_THAT(magic("something-else"), Catch::StartsWith("IoError"));
  CHECK_THAT(refusal_without("/@magic"), Catch::StartsWith("IoError"));
  CHECK_THAT(
      refusal("/@version",
              [](Hdf5File& file) { file.write_attribute("/", "version", std::uint32_t{4}); }),
      Catch::Contains("version 4"));
  CHECK(refusal("/@version", [](Hdf5File& file) {
          file.write_attribute("/", "version", std::uint32_t{1});
        }) == "accepted");
  CHECK_THAT(refusal("/nothing",
                     [](Hdf5File& file) {
                       file.write_string_attribute("/", "identity", std::string(32, '0'));
                     }),
             Catch::StartsWith("IoError"));

  const TemporaryFolder folder;
  CHECK_THROWS_AS(read_model(folder / "absent.h5"), IoError);
  write_model(random_decoder(1).model, folder / "model.h5");
  const auto size = std::filesystem::file_size(folder / "model.h5");
  for (const auto length : {std::uintmax_t{0}, std::uintmax_t{7}, size / 2, size - 1}) {
    INFO("cut at " << length);
    std::filesystem::copy_file(folder / "model.h5", folder / "cut.h5",
                               std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(folder / "cut.h5", length);
    CHECK_THROWS_AS(read_model(folder / "cut.h5"), IoError);
  }
}

TEST_CASE("write_model: a failure leaves nothing behind") {
  const TemporaryFolder folder;
  const Model model = random_decoder(1).model;
  CHECK_THROWS_AS(write_model(model, folder / "no/such/model.h5"), IoError);
  std::filesystem::create_directory(folder / "taken.h5");
  CHECK_THROWS_AS(write_model(model, folder / "taken.h5"), IoError);
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("FORMAT.md: its h5py example writes a model that is read") {
  const TemporaryFolder folder;
  std::ifstream page(std::string(SYNFIRE_SOURCE_FOLDER) + "/models/FORMAT.md");
  std::ostringstream content;
  content << page.rdbuf();
  const std::string text = content.str();
  const std::string opening = "```python\n";
  const std::size_t begin = text.find(opening);
  REQUIRE(begin != std::string::npos);
  const std::size_t code = begin + opening.size();
  std::ofstream(folder / "example.py") << text.substr(code, text.find("```", code) - code);
  const std::string command = "/usr/bin/python3 " + (folder / "example.py").string() + " " +
                              (folder / "example.h5").string();
  REQUIRE(std::system(command.c_str()) == 0);

  const Model model = read_model(folder / "example.h5");
  CHECK(model.text.alphabet == " abc");
  CHECK(model.network.populations().size() == 13);
  CHECK(model.network.find("block0.attention").has_value());
  write_model(model, folder / "again.h5");
  CHECK(read_model(folder / "again.h5").identity == model.identity);
}
