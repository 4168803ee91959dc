package orderflow.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import orderflow.order.NewOrder;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.freemarker.FreeMarkerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** A route that takes an order and answers 201, on Orderflow's Tomcat, and does nothing else. */
@EnableAutoConfiguration(
    exclude = {
      DataSourceAutoConfiguration.class,
      FlywayAutoConfiguration.class,
      FreeMarkerAutoConfiguration.class
    })
class BareRoute {

  private static final int ORDERS = 40_000;

  public static void main(String[] arguments) {
    SpringApplication.run(
        BareRoute.class,
        "--server.port=" + arguments[0],
        // Orderflow's settings ask for the health of a database.
        "--management.endpoint.health.validate-group-membership=false");
    JvmServer.untilEndOfInput();
    System.out.println("ready");
  }

  @Bean
  RouteBuilder route() {
    return new RouteBuilder() {
      @Override
      public void configure() {
        from("platform-http:/api/orders?httpMethodRestrict=POST")
            .removeHeaders("*")
            .setBody(constant("{\"orderId\":\"0\",\"status\":\"COMPLETED\"}"))
            .setHeader("CamelHttpResponseCode", constant(201));
      }
    };
  }

  static void measure(Rig rig, Report report) throws Exception {
    int port = Ports.free();
    Path log = rig.servers.folder().resolve("bare-route.log");
    try (var route = new JvmServer(BareRoute.class, "256m", log, port)) {
      route.start();
      List<NewOrder> orders = rig.orders(ORDERS);
      HttpLoad.closed(port, Rig.CONNECTIONS, orders);
      var cpu = new Cpu(Map.of("route", route));
      HttpLoad.Outcome outcome = HttpLoad.closed(port, Rig.CONNECTIONS, orders);
      report.add(Ratios.ROUTE + ", a second", ORDERS / outcome.seconds());
      cpu.used().forEach((name, s) -> report.add("  CPU s for 1,000, " + name, 1000 * s / ORDERS));
    }
  }
}
