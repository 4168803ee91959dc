package orderflow.platform.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import orderflow.platform.startup.StartupException;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of this application's own, which the application alone logs in to, as a role
 * without a superuser's rights: not the test library its binaries come from, which turns fsync off
 * and unpacks its programs where every user of the machine can write. Here a committed order is on
 * disk.
 */
class PostgresServer implements EmbeddedServer {

  private static final String USER = PostgresAccess.USER;
  private static final String DATABASE = PostgresAccess.DATABASE;

  /** Wrong password, unknown or refused role, no such database. */
  private static final Set<String> NOT_ADMITTED = Set.of("28P01", "28000", "3D000");

  /** Seconds for a start, recovery after a crash included, and for a stop. */
  private static final String PATIENCE = "60";

  private final PostgresBinaries programs;
  private final UnprivilegedUser user;
  private final Path folder;
  private final Path log;
  private final int port;
  private final PasswordFile password;

  private PostgresServer(PostgresBinaries programs, UnprivilegedUser user, Path folder, int port) {
    this.programs = programs;
    this.user = user;
    this.folder = folder;
    this.log = folder.resolveSibling("postgres.log");
    this.port = port;
    this.password = new PasswordFile(folder.resolveSibling("database-password"));
  }

  static PostgresServer start(Path data, int port) throws IOException, SQLException {
    PostgresServer server = in(data, port);
    server.makeCluster();
    if (!PostgresAccess.isSetUpIn(server.folder)) {
      server.setUpAccess(server.folder); // a folder of the version that asked for no password
    }
    server.makeLog();
    server.launch();
    if (!server.admitsTheApplicationOrStops()) {
      // The password file or the database was lost since.
      server.close();
      server.setUpAccess(server.folder);
      server.launch();
    }
    return server;
  }

  /**
   * Stops what a killed instance has left running, which would hold the port and the data. The
   * caller holds the data folder, so a server found running on it is an orphan.
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
        PostgresBinaries.in(data.resolve("postgres-programs")),
        UnprivilegedUser.find(),
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
        password.read(),
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
        PostgresAccess.SUPERUSER,
        "-A",
        "reject",
        "--encoding=UTF8",
        "--locale=C");
    setUpAccess(making);
    Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives the application a role with a password and a database of its own, and shuts every other
   * login out. The server does not run meanwhile: PostgreSQL takes a superuser's statements without
   * a login only in single-user mode. Doing it again changes nothing but the password.
   */
  private void setUpAccess(Path cluster) throws IOException {
    String words = asSuperuser(cluster, "postgres", PostgresAccess.roles(password.readOrMake()));
    asSuperuser(
        cluster,
        PostgresAccess.namesTheDatabase(words) ? DATABASE : "postgres",
        PostgresAccess.namesTheDatabase(words)
            ? PostgresAccess.OWN_EVERYTHING
            : PostgresAccess.MAKE_DATABASE);
    PostgresAccess.shutOthersOut(cluster, user);
  }

  private String asSuperuser(Path cluster, String database, String statements) {
    return runWithInput(
        "postgres",
        statements,
        "--single",
        "-j",
        "-D",
        cluster.toString(),
        "-c",
        "exit_on_error=on",
        // A statement that fails is not logged: one of them holds the password.
        "-c",
        "log_min_error_statement=panic",
        "-c",
        "search_path=pg_catalog",
        "-c",
        "log_checkpoints=off",
        database);
  }

  private void makeLog() throws IOException {
    Files.deleteIfExists(log);
    Files.createFile(log);
    user.give(log);
  }

  /**
   * Starts the server and waits until it is ready.
   *
   * @throws StartupException if it can't
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

  /** A start that fails leaves no server behind. */
  private boolean admitsTheApplicationOrStops() throws SQLException {
    try {
      return admitsTheApplication();
    } catch (SQLException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Whether the application's role, password and database are there. */
  private boolean admitsTheApplication() throws SQLException {
    if (password.read().isEmpty()) {
      return false;
    }
    try (Connection connection =
        DriverManager.getConnection(url(DATABASE), USER, password.read())) {
      return connection.isValid(0);
    } catch (SQLException e) {
      if (NOT_ADMITTED.contains(e.getSQLState())) {
        return false;
      }
      throw e;
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://" + Loopback.ADDRESS + ":" + port + "/" + database;
  }

  private void run(String program, String... arguments) {
    runWithInput(program, "", arguments);
  }

  /**
   * Runs a program to its end and returns what it said. Its words go to a file, not a pipe: the
   * server that it may leave running would hold a pipe open.
   */
  private String runWithInput(String program, String input, String... arguments) {
    Path words = folder.resolveSibling("postgres-" + program + ".log");
    try {
      Process process =
          user.command(programs.program(program), List.of(arguments))
              .redirectErrorStream(true)
              .redirectOutput(words.toFile())
              .start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended before it had read all of it; its exit code says why.
      }
      int exit = process.waitFor();
      if (exit != 0) {
        throw new StartupException(
            "the embedded PostgreSQL failed: "
                + program
                + " ended with "
                + exit
                + ", see "
                + words
                + (Files.exists(log) ? " and " + log : ""));
      }
      String said = Files.readString(words, StandardCharsets.ISO_8859_1);
      Files.delete(words);
      return said;
    } catch (IOException e) {
      throw new StartupException("the embedded PostgreSQL cannot be run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("interrupted while PostgreSQL ran " + program, e);
    }
  }
}
