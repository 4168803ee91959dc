package orderflow.platform.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The statements that stand in files of their own, in the resources' {@code sql} folder. */
public final class SqlFile {

  private static final Pattern PART = Pattern.compile("\\$\\{([^}]*)}");

  private SqlFile() {}

  /**
   * The text of {@code sql/<name>}, in which <code>${part}</code> stands for the part of that name.
   */
  @SafeVarargs
  public static String read(String name, Map<String, String>... parts) {
    Map<String, String> all = new HashMap<>();
    for (Map<String, String> some : parts) {
      all.putAll(some);
    }
    try (InputStream in = SqlFile.class.getResourceAsStream("/sql/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no sql/" + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
      return PART.matcher(text)
          .replaceAll(place -> Matcher.quoteReplacement(part(name, place.group(1), all)));
    } catch (IOException e) {
      throw new UncheckedIOException("sql/" + name + " can't be read", e);
    }
  }

  private static String part(String file, String name, Map<String, String> parts) {
    String part = parts.get(name);
    if (part == null) {
      throw new IllegalArgumentException(
          "sql/" + file + " has a part " + name + ", which is not given");
    }
    return part;
  }
}
