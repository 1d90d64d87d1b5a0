// SPDX-License-Identifier: Apache-2.0
// Model files with recorded input spikes, delays and initial potentials.
#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>

#include "models/model_file.hpp"
#include "sim/error.hpp"
#include "tests/support/forged_model.hpp"
#include "tests/support/random_decoder.hpp"
#include "tests/support/random_network.hpp"
#include "tests/support/temporary_folder.hpp"

namespace synfire::test {
namespace {

/// Two steps a presentation; input -> a, which drives itself.
Model small_network() {
  Population input{.name = "input", .size = 3, .model = NeuronModel::input};
  Population a{.name = "a", .size = 2, .model = NeuronModel::integrate_fire};
  a.threshold = {5, 6};
  a.bias = {0, 1};
  a.initial_potential = {-1, 2};
  Projection forward;
  forward.target = PopulationId{1};
  forward.weights.assign(6, 4);
  Projection back = forward;
  back.source = PopulationId{1};
  back.weights.assign(4, -1);
  back.delay = 2;
  return {.network = {2, {input, a}, {forward, back}},
          .text = {},
          .architecture = {},
          .provenance = {},
          .identity = "",
          .stimulus = Stimulus{6, {{{0, 3, 5}, {2, 0, 1}}}}};
}

std::string refusal(const std::set<std::string>& without,
                    const std::function<void(Hdf5File&)>& write) {
  ForgedModel forgery(small_network(), without);
  write(forgery.file());
  return forgery.refusal();
}

std::string refusal_of_neurons(const std::vector<std::uint32_t>& neurons) {
  return refusal({"/stimulus/input/neuron"},
                 [&](Hdf5File& file) { file.write("/stimulus/input/neuron", neurons); });
}

std::string identity_after(const std::function<void(Model&)>& change) {
  Model model = small_network();
  change(model);
  return model_identity(model);
}

void change_network(Model& model, const std::function<void(Population&, Projection&)>& change) {
  const Network& network = model.network;
  std::vector<Population> populations(network.populations().begin(), network.populations().end());
  std::vector<Projection> projections(network.projections().begin(), network.projections().end());
  change(populations.back(), projections.back());
  model.network = {network.time_steps(), std::move(populations), std::move(projections)};
}

}  // namespace

TEST_CASE("read_model: a network with delays and a stimulus comes back as it was written") {
  const TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    INFO("seed " << seed);
    const Model model = random_network(seed);
    write_model(model, folder / "model.h5");
    const Model read = read_model(folder / "model.h5");
    CHECK(read.identity == model_identity(model));
    CHECK_FALSE(read.has_text());
    CHECK(read.presentations() == model.presentations());
    CHECK(read.context() == model.presentations());
    CHECK(run_reference(read).spikes == run_reference(model).spikes);
  }
}

TEST_CASE("model_identity: delays, initial potentials and every input spike count") {
  const std::string identity = model_identity(small_network());
  CHECK(identity_after([](Model&) {}) == identity);
  CHECK(identity_after([](Model& model) { model.stimulus->inputs[0].neurons[0] = 1; }) != identity);
  CHECK(identity_after([](Model& model) { model.stimulus->duration = 8; }) != identity);
  CHECK(identity_after([](Model& model) { model.stimulus.reset(); }) != identity);
  CHECK(identity_after([](Model& model) {
          change_network(model, [](auto&, Projection& last) { last.delay = 1; });
        }) != identity);
  CHECK(identity_after([](Model& model) {
          change_network(model, [](Population& last, auto&) { last.initial_potential[0] = 0; });
        }) != identity);
}

TEST_CASE("model_identity: models of the first format keep theirs") {
  // moby-dick.h5 was written before there were delays; read_model compares what it says.
  const Model shipped =
      read_model(std::string(SYNFIRE_SOURCE_FOLDER) + "/models/pretrained/moby-dick.h5");
  CHECK(shipped.identity.size() == 32);
  CHECK(shipped.has_text());
}

TEST_CASE("read_model: a network without text and stimulus can be described, not run") {
  const TemporaryFolder folder;
  Model model = small_network();
  model.stimulus.reset();
  write_model(model, folder / "model.h5");
  const Model read = read_model(folder / "model.h5");
  CHECK(read.presentations() == 0);
  CHECK(read.context() == 1);
  CHECK_THROWS_WITH(require_text(read, "model.h5"), Catch::Contains("neither /text nor /stimulus"));
}

TEST_CASE("read_model: a stimulus that does not fit its network is refused where it does not") {
  CHECK(refusal({}, [](Hdf5File&) {}) == "accepted");
  CHECK(refusal_of_neurons({2, 0, 1}) == "accepted");
  CHECK_THAT(refusal_of_neurons({2, 0, 3}), Catch::StartsWith("/stimulus/input: input: spike 2"));
  CHECK_THAT(refusal_of_neurons({2, 0}), Catch::Contains("3 time steps for 2 neurons"));
  CHECK_THAT(refusal({"/stimulus/input/time_step"},
                     [](Hdf5File& file) {
                       file.write("/stimulus/input/time_step", std::vector<std::uint32_t>{0, 3, 6});
                     }),
             Catch::Contains("6 steps that there are"));
  CHECK_THAT(refusal({"/stimulus/input/neuron"}, [](Hdf5File&) {}),
             Catch::StartsWith("/stimulus/input/neuron: is missing"));
  CHECK_THAT(refusal({"/stimulus/input"}, [](Hdf5File&) {}),
             Catch::StartsWith("/stimulus/input: is missing"));
  CHECK_THAT(refusal({}, [](Hdf5File& file) { file.create_group("/stimulus/a"); }),
             Catch::StartsWith("/stimulus/a: names no input population"));
  for (const std::uint32_t duration : {0U, 5U, 1U << 29U}) {
    INFO(duration);
    CHECK_THAT(
        refusal({"/stimulus@duration"},
                [&](Hdf5File& file) { file.write_attribute("/stimulus", "duration", duration); }),
        Catch::Contains("'duration' is " + std::to_string(duration)));
  }
  CHECK_THAT(refusal({}, [](Hdf5File& file) { file.create_group("/text"); }),
             Catch::Contains("lies beside /text"));
}

TEST_CASE("read_model: delays and initial potentials are checked") {
  const auto with_delay = [](std::int64_t delay) {
    return refusal({"/projections/1@delay"},
                   [&](Hdf5File& file) { file.write_attribute("/projections/1", "delay", delay); });
  };
  CHECK(with_delay(1) == "accepted");
  CHECK_THAT(with_delay(0), Catch::Contains("cycle"));
  CHECK_THAT(with_delay(-1), Catch::Contains("outside"));
  CHECK_THAT(with_delay(1024), Catch::Contains("outside 0..1023"));
  CHECK(refusal({"/populations/a/initial_potential"}, [](Hdf5File&) {}) == "accepted");
  CHECK_THAT(
      refusal({"/populations/a/initial_potential"},
              [](Hdf5File& file) {
                file.write("/populations/a/initial_potential", std::vector<std::int32_t>{1, 2, 3});
              }),
      Catch::StartsWith("/populations/a/initial_potential: has shape"));
}

}  // namespace synfire::test
