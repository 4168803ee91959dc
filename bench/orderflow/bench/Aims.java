package orderflow.bench;

import java.util.List;
import java.util.Locale;

/** What Orderflow is to reach on two cores, beside what it has reached, as a table for the docs. */
final class Aims {

  private record Aim(String what, String section, String figure, String aim) {}

  private static final List<Aim> ALL =
      List.of(
          new Aim("CPU s for 1,000 orders, all in all", ClosedLoop.NAME, Report.ALL_CPU, "≤ 0.9"),
          new Aim("orders/s, end to end", ClosedLoop.NAME, ClosedLoop.END_TO_END, "≥ 2,000"),
          new Aim("orders/s onto disk, HTTP alone", HttpAlone.NAME, HttpAlone.RATE, "≥ 4,000"),
          new Aim("200/s: POST p50, ms", OpenLoop.name(200), OpenLoop.POST + Report.P50, "≤ 2"),
          new Aim("200/s: POST p99, ms", OpenLoop.name(200), OpenLoop.POST + Report.P99, "≤ 10"),
          new Aim(
              "200/s: 201 to mail p50, ms", OpenLoop.name(200), OpenLoop.MAIL + Report.P50, "≤ 30"),
          new Aim(
              "200/s: 201 to mail p99, ms",
              OpenLoop.name(200),
              OpenLoop.MAIL + Report.P99,
              "≤ 100"),
          new Aim("points from a backlog, events/s", Backlog.NAME, Backlog.POINTS, "≥ 20,000"),
          new Aim("coupons from a backlog, events/s", Backlog.NAME, Backlog.COUPONS, "≥ 20,000"),
          new Aim("mails from a backlog, mails/s", Backlog.NAME, Backlog.MAILS, "≥ 5,000"),
          new Aim("CPU at rest, % of a core", Rest.NAME, Rest.CPU + Rig.APPLICATION, "≤ 2"));

  private Aims() {}

  static void print(Report report) {
    System.out.println("\n| figure | aim | measured |\n|---|---|---|");
    for (Aim aim : ALL) {
      double measured = report.figure(aim.section(), aim.figure());
      if (!Double.isNaN(measured)) {
        System.out.println(
            String.format(
                Locale.ROOT,
                measured < 100 ? "| %s | %s | %.2f |" : "| %s | %s | %,.0f |",
                aim.what(),
                aim.aim(),
                measured));
      }
    }
  }
}
