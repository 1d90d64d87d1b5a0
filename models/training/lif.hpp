// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/training/kernel.hpp"

namespace synfire::training {

/// The neuron of training: H = (V + X) / 2; spike if H >= 1; V = 0 after a spike, else H.
///
/// Source  SpikeDecoder's MultiStepLIFNode(tau=2, detach_reset): hard reset that the gradient does
///         not see; surrogate dS/dH = a * sig(a u) * (1 - sig(a u)) with u = H - 1, a = 4.
struct LifNeuron {
  static constexpr float threshold = 1.0F;
  static constexpr float sharpness = 4.0F;

  /// Potential before the reset.
  SYNFIRE_INLINE static Floats charge(const Floats& membrane, const Floats& current) {
    return 0.5F * (membrane + current);
  }
  /// 1 where the neuron fires.
  SYNFIRE_INLINE static Floats spike(const Floats& potential) {
    return potential >= threshold ? broadcast(1.0F) : Floats{};
  }
  /// `value` where the neuron does not fire, 0 where it does.
  SYNFIRE_INLINE static Floats unless_fired(const Floats& potential, const Floats& value) {
    return potential >= threshold ? Floats{} : value;
  }
  SYNFIRE_INLINE static Floats surrogate(const Floats& potential) {
    const Floats e = exp_of_negative(-sharpness * magnitude(potential - threshold));
    const Floats d = 1.0F + e;
    return sharpness * e / (d * d);
  }
};

}  // namespace synfire::training
