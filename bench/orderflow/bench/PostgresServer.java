package orderflow.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import orderflow.platform.embedded.EmbeddedPart;
import orderflow.platform.embedded.EmbeddedServers;
import orderflow.platform.embedded.Superuser;

/** The embedded PostgreSQL, fsync on, which is a process of its own anyway. */
final class PostgresServer implements Server {

  private final Path folder;
  private final int port;
  private EmbeddedServers running;
  private String password = "";

  PostgresServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
  }

  @Override
  public void start() {
    running =
        EmbeddedServers.start(
            EnumSet.of(EmbeddedPart.POSTGRES), folder, Ports.embedded(port), Clock.systemUTC());
    password = (String) running.properties().get("spring.datasource.password");
  }

  /** The server process and every session's, all of which a power cut takes. */
  @Override
  public void kill() {
    ProcessHandle postmaster = process();
    List<ProcessHandle> all = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
    all.forEach(session -> session.onExit().join());
    close();
  }

  @Override
  public void close() {
    if (running != null) {
      running.close();
      running = null;
    }
  }

  @Override
  public ProcessHandle process() {
    try {
      List<String> lines = Files.readAllLines(folder.resolve("postgres/postmaster.pid"));
      return ProcessHandle.of(Long.parseLong(lines.get(0).strip())).orElseThrow();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  String url() {
    return "jdbc:postgresql://" + Ports.ADDRESS + ":" + port + "/orderflow";
  }

  String user() {
    return "orderflow";
  }

  /** The same after each start. */
  String password() {
    return password;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), user(), password());
  }

  /** Writes a checkpoint, which the application's role may not. */
  void checkpoint() throws SQLException {
    try (var superuser = Superuser.in(folder, url()).getConnection()) {
      superuser.createStatement().execute("checkpoint");
    }
  }

  void execute(String statement) throws SQLException {
    try (var database = connect()) {
      database.createStatement().execute(statement);
    }
  }

  /** The first number that a query gives. */
  long number(String query) throws SQLException {
    try (var database = connect();
        var answer = database.createStatement().executeQuery(query)) {
      answer.next();
      return answer.getLong(1);
    }
  }
}
