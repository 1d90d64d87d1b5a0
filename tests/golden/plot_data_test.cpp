// SPDX-License-Identifier: Apache-2.0
// The numbers behind every kind of plot, of a recording made by hand.
#include <string>

#include <catch2/catch.hpp>

#include "analysis/plot.hpp"
#include "analysis/recording.hpp"
#include "sim/error.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/tiny_recording.hpp"

namespace synfire {
namespace {

struct TinyRecording {
  test::TemporaryFolder folder;
  Recording recording;
  TinyRecording() : recording((test::record_tiny(folder / "tiny.h5"), folder / "tiny.h5")) {}
};

std::string head(const std::string& text, std::size_t lines) {
  std::size_t end = 0;
  for (std::size_t i = 0; i < lines && end != std::string::npos; ++i) {
    end = text.find('\n', end) + 1;
  }
  return text.substr(0, end);
}

}  // namespace

TEST_CASE("Plot: the data of a raster are the spikes of the tokens and populations chosen") {
  const TinyRecording tiny;
  CHECK(plot_raster(tiny.recording, {}).data ==
        "time_ps,population,neuron,token,time_step\n"
        "10,in,0,0,0\n1010,in,1,1,0\n"
        "40,block0.hidden,1,0,0\n41,block0.hidden,2,0,0\n2048,block0.hidden,0,1,0\n");
  CHECK(plot_raster(tiny.recording,
                    {.first_token = 1, .end_token = 2, .populations = {"block0.hidden"}})
            .data == "time_ps,population,neuron,token,time_step\n2048,block0.hidden,0,1,0\n");
  CHECK_THROWS_AS(plot_raster(tiny.recording, {.first_token = 5}), ConfigError);
  CHECK_THROWS_AS(plot_raster(tiny.recording, {.populations = {"cortex"}}), ConfigError);
}

TEST_CASE("Plot: the data of membranes are the recorded potentials") {
  const TinyRecording tiny;
  CHECK(plot_membrane(tiny.recording, {}, nullptr).data ==
        "population,neuron,token,time_step,time_ps,potential_weight_units,threshold_weight_units\n"
        "block0.hidden,0,0,0,30,-7,\n");
  CHECK_THROWS_AS(plot_membrane(tiny.recording, {.first_token = 1}, nullptr), ConfigError);
}

TEST_CASE("Plot: the data of energy are what each layer's actions cost, and static power") {
  const TinyRecording tiny;
  // Six synaptic operations of 1 pJ each (ideal).
  CHECK(plot_energy(tiny.recording).data ==
        "layer,component,action,energy_j\n"
        "block0,neurocores,synaptic_operation,6e-12\n"
        ",static,chips,0\n,static,routers,0\n,static,neurocores,0\n");
}

TEST_CASE("Plot: the data of latency are the spans of tokens and of layers") {
  const TinyRecording tiny;
  CHECK(
      plot_latency(tiny.recording, {}).data ==
      "token,is_given,layer,started_ps,ended_ps,duration_ps\n"
      "0,1,,10,80,70\n0,1,in,5,12,7\n0,1,block0,30,45,15\n0,1,readout,60,70,10\n"
      "1,0,,1010,1080,70\n1,0,in,1005,1012,7\n1,0,block0,1030,1050,20\n1,0,readout,1060,1070,10\n");
}

TEST_CASE("Plot: the data of sparsity are firing rates and silent shares") {
  const TinyRecording tiny;
  CHECK(plot_sparsity(tiny.recording, {}).data ==
        "population,layer,neurons,spikes,rate_spikes_per_neuron_and_step,silent_fraction\n"
        "in,in,2,2,0.5,0\nblock0.hidden,block0,3,3,0.5,0\n");
  CHECK(plot_sparsity(tiny.recording, {.first_token = 0, .end_token = 1}).data ==
        "population,layer,neurons,spikes,rate_spikes_per_neuron_and_step,silent_fraction\n"
        "in,in,2,1,0.5,0.5\n"
        "block0.hidden,block0,3,2,0.6666666666666666,0.3333333333333333\n");
}

TEST_CASE("Plot: the data of traffic are bits and busy time of links") {
  const TinyRecording tiny;
  const std::string data = plot_traffic(tiny.recording, {}).data;
  CHECK(head(data, 4) ==
        "part,link,from_router,to_router,x,y,begin_ps,end_ps,bits,busy_ps,utilisation\n"
        "window,\"link 0 (0, 0) to 1 (1, 0)\",0,1,0,0,0,2048,96,12,0.005859375\n"
        "all,\"link 0 (0, 0) to 1 (1, 0)\",0,1,0,0,0,2048,96,12,0.005859375\n"
        "all,\"link 0 (0, 0) to 8 (0, 1)\",0,8,0,0,0,2048,0,0,0\n");
}

TEST_CASE("Plot: the data of a Pareto plot say who is on the front") {
  const std::vector<ParetoPoint> points{{"quick", "a", 1e-3, 9e-6},
                                        {"thrifty", "b", 4e-3, 2e-6},
                                        {"poor", "c", 5e-3, 9.5e-6},
                                        {"middle", "a", 2e-3, 4e-6}};
  CHECK(plot_pareto(points).data ==
        "name,chip,latency_s_per_token,energy_j_per_token,is_on_front\n"
        "quick,a,0.001,9e-06,1\nthrifty,b,0.004,2e-06,1\npoor,c,0.005,9.5e-06,0\n"
        "middle,a,0.002,4e-06,1\n");
  CHECK_THROWS_AS(plot_pareto({}), ConfigError);
}

}  // namespace synfire
