// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include <fmt/format.h>

#include "analysis/csv_writer.hpp"
#include "analysis/detail/plot_style.hpp"
#include "analysis/detail/sweep_selection.hpp"
#include "analysis/plot_sweep.hpp"
#include "analysis/sweep_levels.hpp"

namespace synfire {

Figure plot_sweep_sensitivity(const SweepTable& table, const SweepSelection& selection) {
  const SweepHeader& header = table.header;
  const std::vector<std::size_t> rows = detail::selected_rows(table, selection);
  const std::vector<std::size_t> objectives = detail::objective_columns(header);
  std::ostringstream text;
  CsvWriter csv(text, {"parameter", "objective", "share_of_variance"});
  std::string data = "$shares << EOD\n";
  for (std::size_t parameter = 0; parameter < header.parameters.size(); ++parameter) {
    for (std::size_t j = 0; j < objectives.size(); ++j) {
      const double share = sensitivity(table, rows, parameter, objectives[j]);
      csv.row(header.parameters[parameter], header.metrics[objectives[j]], share);
      data += fmt::format("{} {} {:.6g}\n", parameter, j, share);
    }
  }
  const auto bars = static_cast<double>(objectives.size());
  const double height = 0.8 / bars;
  std::string script =
      detail::plot_opening(detail::sweep_title(table, selection, rows.size()), "") + data +
      "EOD\nset xlabel 'share of the variance that the parameter alone decides'\n" +
      "set xrange [0:1.08]\nset xtics 0.2\nset ytics (" + detail::named_tics(header.parameters) +
      ") noenhanced" +
      fmt::format(
          "\nset yrange [{}:-0.6] \nset key at screen 0.98, screen 1 right top horizontal Left "
          "reverse noenhanced\nset tmargin 5\nplot ",
          static_cast<double>(header.parameters.size()) - 0.4);
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const double top = -0.4 + height * static_cast<double>(j);
    script += fmt::format(
        "{}$shares using ($2=={}?$3:1/0):1:(0):3:($1+{:.4g}):($1+{:.4g}) with boxxyerror fs solid "
        "lw 0.2 lc rgb '{}' title {}, $shares using ($2=={}?$3:1/0):($1+{:.4g}):(sprintf(' "
        "%.2f',$3)) with labels left font ',6' notitle",
        j == 0 ? "" : ", ", j, top, top + height * 0.9, detail::plot_colour(j),
        gnuplot_text(detail::metric_label(header, objectives[j])), j, top + height * 0.45);
  }
  const double rows_of_bars = static_cast<double>(header.parameters.size()) * bars;
  return {.script = script + "\n",
          .data = text.str(),
          .size = {.width = 140, .height = 40 + 4.5 * rows_of_bars}};
}

}  // namespace synfire
