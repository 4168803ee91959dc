package orderflow.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.starting.StartRefused;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of this application's own: not the test library its binaries come from, which
 * turns fsync off and unpacks its programs where every user of the machine can write. Here a
 * committed order is on disk.
 */
class PostgresServer implements EmbeddedServer {

  private static final String USER = "orderflow";
  private static final String DATABASE = "orderflow";

  /** Seconds for a start, recovery after a crash included, and for a stop. */
  private static final String PATIENCE = "60";

  private final PostgresPrograms programs;
  private final OwnUser user;
  private final Path folder;
  private final Path log;
  private final int port;

  private PostgresServer(PostgresPrograms programs, OwnUser user, Path folder, int port) {
    this.programs = programs;
    this.user = user;
    this.folder = folder;
    this.log = folder.resolveSibling("postgres.log");
    this.port = port;
  }

  static PostgresServer start(Path data, int port) throws IOException, SQLException {
    PostgresServer server = in(data, port);
    server.makeCluster();
    server.makeLog();
    server.launch();
    server.makeDatabase();
    return server;
  }

  /**
   * Stops what a killed instance has left running, which would hold the port and the data. The
   * caller holds the data folder, so a server found running on it belongs to nobody.
   */
  static void stopOrphan(Path data) throws IOException {
    PostgresServer orphan = in(data, 0);
    Path pidFile = orphan.pidFile();
    List<String> lines = Files.exists(pidFile) ? Files.readAllLines(pidFile) : List.of();
    Optional<ProcessHandle> process = orphan.process();
    if (lines.size() < 4 || process.isEmpty()) {
      return;
    }
    Path program = orphan.programs.program("postgres").toRealPath();
    if (process
        .get()
        .info()
        .command()
        .filter(command -> program.equals(Path.of(command)))
        .isPresent()) {
      orphan.close();
    } else if (Loopback.isFree(Integer.parseInt(lines.get(3).strip()))) {
      // Its number is another process's by now, whom PostgreSQL would take for itself and refuse to
      // start.
      Files.delete(pidFile);
    }
  }

  private static PostgresServer in(Path data, int port) throws IOException {
    return new PostgresServer(
        PostgresPrograms.in(data.resolve("postgres-programs")),
        OwnUser.find(),
        data.resolve("postgres"),
        port);
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of(
        "spring.datasource.url",
        url(DATABASE),
        "spring.datasource.username",
        USER,
        "spring.datasource.password",
        "",
        "orderflow.embedded.postgres.active",
        true);
  }

  /** Fast: open transactions are rolled back, what is committed stays. */
  @Override
  public void close() {
    run("pg_ctl", "-D", folder.toString(), "-m", "fast", "-w", "-t", PATIENCE, "stop");
  }

  /**
   * In a folder of another name first, so that a first start cut short leaves no half-made cluster.
   */
  private void makeCluster() throws IOException {
    if (Files.exists(folder)) {
      return;
    }
    Path making = folder.resolveSibling("postgres.new");
    FileSystemUtils.deleteRecursively(making);
    Files.createDirectory(making);
    user.give(making);
    run(
        "initdb",
        "-D",
        making.toString(),
        "-U",
        USER,
        "-A",
        "trust",
        "--encoding=UTF8",
        "--locale=C");
    Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  private void makeLog() throws IOException {
    Files.deleteIfExists(log);
    Files.createFile(log);
    user.give(log);
  }

  /**
   * Starts the server and waits until it is ready.
   *
   * @throws StartRefused if it can't
   */
  void launch() {
    String settings =
        Stream.of(
                "port=" + port,
                "listen_addresses=" + Loopback.ADDRESS,
                "unix_socket_directories=",
                // Modest for a small machine, and no step down in durability.
                "max_connections=100",
                "shared_buffers=128MB",
                "max_wal_size=1GB",
                "log_min_messages=fatal",
                "log_checkpoints=off")
            .map(setting -> "-c " + setting)
            .collect(Collectors.joining(" "));
    run(
        "pg_ctl",
        "-D",
        folder.toString(),
        "-l",
        log.toString(),
        "-o",
        settings,
        "-w",
        "-t",
        PATIENCE,
        "start");
  }

  /** The process that its file names, if there is one. */
  Optional<ProcessHandle> process() {
    try {
      return Files.readAllLines(pidFile()).stream()
          .findFirst()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Path pidFile() {
    return folder.resolve("postmaster.pid");
  }

  private void makeDatabase() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url("postgres"), USER, "");
        Statement statement = connection.createStatement()) {
      boolean there =
          statement
              .executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")
              .next();
      if (!there) {
        statement.execute("CREATE DATABASE " + DATABASE);
      }
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://" + Loopback.ADDRESS + ":" + port + "/" + database;
  }

  /**
   * The programs' words go to a file, not a pipe: the server they leave running would hold a pipe
   * open.
   */
  private void run(String program, String... arguments) {
    Path words = folder.resolveSibling("postgres-" + program + ".log");
    try {
      int exit =
          user.command(programs.program(program), List.of(arguments))
              .redirectErrorStream(true)
              .redirectOutput(words.toFile())
              .start()
              .waitFor();
      if (exit != 0) {
        throw new StartRefused(
            "the embedded PostgreSQL failed: "
                + program
                + " ended with "
                + exit
                + ", see "
                + words
                + (Files.exists(log) ? " and " + log : ""));
      }
      Files.delete(words);
    } catch (IOException e) {
      throw new StartRefused("the embedded PostgreSQL cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("interrupted while PostgreSQL ran " + program, e);
    }
  }
}
