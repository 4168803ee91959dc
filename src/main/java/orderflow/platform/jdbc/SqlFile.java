package orderflow.platform.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The statements that stand in files of their own, in the resources' {@code sql} folder. */
public final class SqlFile {

  private SqlFile() {}

  /** The text of {@code sql/<name>}. */
  public static String read(String name) {
    try (InputStream in = SqlFile.class.getResourceAsStream("/sql/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no sql/" + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("sql/" + name + " can't be read", e);
    }
  }
}
