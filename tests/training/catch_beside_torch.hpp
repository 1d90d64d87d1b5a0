// SPDX-License-Identifier: Apache-2.0
#pragma once

// libtorch brings glog's CHECK, which would end the process; Catch's is the one that tests mean.
#include <c10/util/Logging.h>
#undef CHECK
#include <catch2/catch.hpp>
