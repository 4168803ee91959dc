package orderflow.bench;

/** How near each part comes to its limit, of what was measured in this run. */
final class Ratios {

  static final String LIMITS = "limits";
  static final String JDBC = "bare JDBC, %d orders a transaction";
  static final String PRODUCER = "bare Kafka producer";
  static final String SMTP = "bare SMTP over two connections";
  static final String ROUTE = "bare platform-http route";

  private Ratios() {}

  static void add(Report report) {
    report.section("ratios to the limits");
    ratio(report, "HTTP alone / " + ROUTE, HttpAlone.NAME, HttpAlone.RATE, ROUTE);
    String jdbc = JDBC.formatted(100);
    ratio(report, "HTTP alone / " + jdbc, HttpAlone.NAME, HttpAlone.RATE, jdbc);
    ratio(
        report, "closed loop, end to end / " + jdbc, ClosedLoop.NAME, ClosedLoop.END_TO_END, jdbc);
    ratio(report, "points from a backlog / " + PRODUCER, Backlog.NAME, Backlog.POINTS, PRODUCER);
    ratio(report, "mails from a backlog / " + SMTP, Backlog.NAME, Backlog.MAILS, SMTP);
  }

  private static void ratio(
      Report report, String name, String section, String figure, String limit) {
    double ratio = report.figure(section, figure) / report.figure(LIMITS, limit + ", a second");
    if (!Double.isNaN(ratio)) {
      report.add(name, ratio);
    }
  }
}
