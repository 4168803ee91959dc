package orderflow.platform.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes data folders as versions did that asked for no password: all who connect are the superuser.
 */
final class TrustingPostgres {

  private final UnprivilegedUser user = UnprivilegedUser.find();
  private final Path cluster;
  private final PostgresBinaries programs;

  TrustingPostgres(Path data) throws IOException {
    this.cluster = data.resolve("postgres");
    this.programs = PostgresBinaries.in(data.resolve("postgres-programs"));
  }

  void makeWithoutDatabase() throws Exception {
    Files.createDirectory(cluster);
    user.give(cluster);
    run(
        "",
        "initdb",
        "-D",
        cluster.toString(),
        "-U",
        "orderflow",
        "-A",
        "trust",
        "--encoding=UTF8",
        "--locale=C");
  }

  /** With a database in which the statements were run. */
  void make(String statements) throws Exception {
    makeWithoutDatabase();
    inSingleUserMode("postgres", "CREATE DATABASE orderflow;\n");
    inSingleUserMode("orderflow", statements.replace(";\n", ";\n\n"));
  }

  private void inSingleUserMode(String database, String statements) throws Exception {
    run(
        statements,
        "postgres",
        "--single",
        "-j",
        "-c",
        "exit_on_error=on",
        "-D",
        cluster.toString(),
        database);
  }

  private void run(String input, String program, String... arguments) throws Exception {
    Process process =
        user.command(programs.program(program), List.of(arguments))
            .redirectErrorStream(true)
            .redirectOutput(cluster.resolveSibling("made.log").toFile())
            .start();
    try (OutputStream stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          program + ": " + Files.readString(cluster.resolveSibling("made.log")));
    }
  }
}
