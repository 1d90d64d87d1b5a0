// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "neurons/network.hpp"
#include "topology/mapping.hpp"
#include "topology/neurocore_pipeline.hpp"
#include "topology/routing.hpp"
#include "topology/traffic_plan.hpp"
#include "topology/twin_work.hpp"

namespace synfire {

/// The values of some neurons of a slice, sent once a token.
struct TwinVector {
  std::uint32_t root = 0;  ///< of its tree
  std::uint16_t size = 0;  ///< class of its length
};

/// What a slice does with a vector that has reached its neurocore.
struct TwinShare {
  std::uint32_t slice = 0;
  std::int64_t products = 0;      ///< (values used) x (neurons of the slice), per dense projection
  std::int64_t product_bits = 0;  ///< the same times the bits of a value
  std::int64_t words = 0;         ///< of synapse memory: the row of each value
  std::int64_t additions = 0;     ///< values that arrive one to one
};

/// A vector at one of its destinations.
struct TwinReceipt {
  std::uint32_t core = 0;  ///< core count of the chip: the host
  InputWork work;          ///< for the pipeline that reads it
  std::vector<TwinShare> shares;
};

/// Who sends which vectors to whom in a dense twin: the axon tables of the spiking network
/// (TrafficPlan), with the spikes of a token gathered.
///
/// Neurons whose packets travel along the same trees share a vector. Under unicast this is one
/// vector for each pair of a slice and a neurocore that it sends to; under tree multicast one for
/// each set of neurocores that some neurons share, so no value crosses a link twice.
/// Length  (values) x (bits of a value). No header: routing a vector takes no more than routing a
///         spike, against many values.
struct TwinPlan {
  TrafficPlan traffic;
  std::vector<std::int64_t> bits;                ///< per size class, the chip's own first
  std::vector<std::vector<TwinVector>> vectors;  ///< per slice
  std::vector<std::uint32_t> expected;           ///< per slice: vectors that a token brings
  std::vector<std::uint32_t> receipt_of;         ///< per node: index of a receipt, or none
  std::vector<TwinReceipt> receipts;
  std::vector<Duration> zero_load;  ///< per node, for the vectors that pass it
};

/// Throws  as plan_traffic.
TwinPlan plan_twin(const Network& network, const Mapping& mapping, const Routing& routing,
                   const ChipDescription& chip, const TwinRules& rules);

}  // namespace synfire
