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
  /// -1 where the neuron fires, else 0. From the sign bit: the compiler would take a comparison
  /// that is used twice apart, lane by lane.
  SYNFIRE_INLINE static Integers fires(const Floats& potential) {
    return ~(reinterpret_cast<Integers>(potential - threshold) >> 31);
  }
  /// `value` where the neuron does not fire, 0 where it does.
  SYNFIRE_INLINE static Floats unless_fired(const Floats& potential, const Floats& value) {
    return reinterpret_cast<Floats>(reinterpret_cast<Integers>(value) & ~fires(potential));
  }
  SYNFIRE_INLINE static Floats surrogate(const Floats& potential) {
    const Floats e = exp_of_minus_sharp(potential - threshold);
    // 4 / (1 + e)^2 for e in 0 .. 1, relative error under 7e-5 (minimax); cheaper than to divide.
    static_assert(sharpness == 4.0F);
    return e *
           (3.999728F +
            e * (-7.9754223F +
                 e * (11.607888F +
                      e * (-13.46681F + e * (11.34363F + e * (-5.8463321F + e * 1.3373864F))))));
  }

 private:
  /// exp(-sharpness |u|), relative error under 3e-6; |u| above 20 counts as 20.
  SYNFIRE_INLINE static Floats exp_of_minus_sharp(const Floats& u) {
    constexpr float octaves = -sharpness * 1.44269504F;  // log2(e)
    constexpr float to_whole = 12582912.0F;  // 1.5 * 2^23: adding it rounds to whole numbers
    const Floats distance = least(magnitude(u), 20.0F);
    const Floats shifted = distance * octaves + to_whole;
    const Floats part = distance * octaves - (shifted - to_whole);  // -0.5 .. 0.5
    // 2^part (minimax); the whole octaves go into the exponent.
    const Floats power =
        0.99999926F +
        part * (0.69312181F + part * (0.24024745F + part * (0.055917862F + part * 9.5701019e-3F)));
    return reinterpret_cast<Floats>(reinterpret_cast<Integers>(power) +
                                    (reinterpret_cast<Integers>(shifted) << 23));
  }
};

}  // namespace synfire::training
