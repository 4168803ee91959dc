package orderflow.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import javax.sql.DataSource;
import orderflow.RowsRead;
import orderflow.order.ItemColumns;
import orderflow.platform.jdbc.SqlFile;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.util.FileSystemUtils;

/**
 * How PostgreSQL goes about the statements that run on tables which grow, once many orders are
 * there.
 */
final class QueryPlans {

  private static final int ORDERS = 10_000_000;

  private final Connection database;

  private QueryPlans(Connection database) {
    this.database = database;
  }

  /**
   * @param arguments how many orders
   */
  public static void main(String[] arguments) throws Exception {
    int orders = arguments.length > 0 ? Integer.parseInt(arguments[0]) : ORDERS;
    Path folder = Files.createDirectories(Path.of("target/bench/QueryPlans")).toAbsolutePath();
    System.out.println(Machine.description());
    try (PostgresServer server = new PostgresServer(folder.resolve("postgres"), Ports.free())) {
      server.start();
      Flyway.configure().dataSource(source(server)).load().migrate();
      try (Connection connection = source(server).getConnection()) {
        QueryPlans plans = new QueryPlans(connection);
        long began = System.nanoTime();
        plans.fill(orders);
        System.out.printf("%,d orders made in %d s%n", orders, seconds(began));
        plans.explainAll();
      }
    } finally {
      FileSystemUtils.deleteRecursively(folder.resolve("postgres"));
    }
  }

  private static DataSource source(PostgresServer server) {
    var source = new PGSimpleDataSource();
    source.setUrl(server.url());
    source.setUser(server.user());
    source.setPassword(server.password());
    return source;
  }

  private static long seconds(long since) {
    return (System.nanoTime() - since) / 1_000_000_000;
  }

  private void fill(int orders) throws SQLException {
    try (Statement statement = database.createStatement()) {
      statement.execute("set synchronous_commit = off");
      for (String one : resource("fill.sql").replace(":orders", "" + orders).split(";\n")) {
        statement.execute(one);
      }
    }
  }

  private void explainAll() throws Exception {
    try (Statement statement = database.createStatement()) {
      statement.execute(RowsRead.settings()); // of the application's own connections
    }
    database.setAutoCommit(false);
    System.out.println("| statement | reads by | buffers | ms |");
    System.out.println("|---|---|---|---|");
    for (Map.Entry<String, String> query : queries().entrySet()) {
      explain(query.getValue()); // brings what it needs into memory
      JsonNode plan = explain(query.getValue());
      JsonNode top = plan.get("Plan");
      System.out.printf(
          "| %s | %s | %,d | %.1f |%n",
          query.getKey(),
          String.join(", ", scans(top)),
          top.get("Shared Hit Blocks").longValue() + top.get("Shared Read Blocks").longValue(),
          plan.get("Execution Time").doubleValue());
    }
  }

  /**
   * Each statement has its name in a comment before it. A limit is a parameter of the application's
   * statements, and not known when they are planned: nor is it here.
   */
  private static Map<String, String> queries() {
    Map<String, String> queries = new LinkedHashMap<>();
    for (String one : resource("queries.sql").split(";\n")) {
      String[] parts = one.strip().split("\n", 2);
      String statement = statement(parts[1]).replaceAll("limit (\\d+)", "limit (select $1)");
      queries.put(parts[0].replaceFirst("-- ", ""), statement);
    }
    return queries;
  }

  /**
   * Written out, or the name of one of the application's own, with its parameters, named or in
   * their order.
   */
  private static String statement(String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    String[] words = text.substring(1).split(" ", 2);
    String statement = SqlFile.read(words[0], Map.of("items", ItemColumns.OF_ORDER));
    for (String parameter : words[1].split(", ")) {
      String[] parts = parameter.split("=", 2);
      String value = Matcher.quoteReplacement(parts[parts.length - 1]);
      statement =
          parts.length == 2
              ? statement.replaceAll(parts[0] + "\\b", value)
              : statement.replaceFirst("\\?", value);
    }
    return statement;
  }

  private JsonNode explain(String query) throws Exception {
    try (Statement statement = database.createStatement();
        ResultSet row =
            statement.executeQuery("explain (analyze, buffers, format json) " + query)) {
      row.next();
      return new ObjectMapper().readTree(row.getString(1)).get(0);
    } finally {
      database.rollback();
    }
  }

  private static TreeSet<String> scans(JsonNode node) {
    TreeSet<String> scans = new TreeSet<>();
    if (node.get("Actual Loops").longValue() == 0) {
      return scans; // foreseen, not needed
    }
    if (node.has("Index Name")) {
      scans.add(node.get("Index Name").textValue());
    } else if (node.get("Node Type").textValue().equals("Seq Scan")) {
      scans.add("**all of " + node.get("Relation Name").textValue() + "**");
    }
    List<JsonNode> children = new ArrayList<>();
    node.path("Plans").forEach(children::add);
    children.forEach(child -> scans.addAll(scans(child)));
    return scans;
  }

  private static String resource(String name) {
    try {
      return Files.readString(Path.of("bench/query-plans", name));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
