// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "analysis/detail/report_tables.hpp"
#include "analysis/recording.hpp"
#include "analysis/summary.hpp"

namespace synfire::detail {

/// What was run: file, model, populations, slices, chip, how it was called.
ReportJson description_json(const Recording& recording);

/// What a reader must know before trusting the report, one sentence each.
ReportJson notes_json(const Recording& recording);

/// Energy of every layer and action, in joules: `layers`, `actions` (name, component, price in
/// attojoules, count), `joules` [layers][actions].
ReportJson energy_json(const Recording& recording, const RunSummary& summary);

/// The dense twins that were run beside it, priced by the chip of the run.
ReportJson twins_json(const Recording& recording);

/// Routers and, if the run counted to its end (`summary` not null), links and neurocores.
ReportJson network_json(const Recording& recording, const RunSummary* summary);

}  // namespace synfire::detail
