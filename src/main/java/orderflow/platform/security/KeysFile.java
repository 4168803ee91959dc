package orderflow.platform.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import orderflow.platform.startup.StartupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of named keys, one a line: {@code name role,role sha256:<64 hex digits>}. Additions take
 * effect within a second. Removals take effect when the file has been unchanged for some seconds,
 * because an editor that writes in place leaves it empty or truncated for a moment. While it is
 * broken or missing, the last good version stays in use.
 */
final class KeysFile {

  private static final Logger log = LoggerFactory.getLogger(KeysFile.class);
  private static final long LOOK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final Pattern LINE =
      Pattern.compile("([A-Za-z0-9._-]{1,64})\\s+([a-z]+(?:,[a-z]+)*)\\s+sha256:([0-9a-f]{64})");

  private record Stamp(FileTime modified, long size) {}

  private final Path path;
  private final LongSupplier nanos;
  private volatile List<ApiKey> keys = List.of();
  private volatile long looked;
  private @Nullable Stamp stamp;
  private long changed;
  private boolean settled = true;
  private boolean waits;

  /** A missing file holds no keys. */
  KeysFile(Path path) {
    this(path, System::nanoTime);
  }

  /**
   * @param nanos a monotonic clock
   */
  KeysFile(Path path, LongSupplier nanos) {
    this.path = path;
    this.nanos = nanos;
    stamp = stamp();
    if (stamp != null) {
      try {
        keys = read();
      } catch (IOException | IllegalArgumentException e) {
        throw new StartupException("the file of API keys " + path + " can't be used: " + why(e), e);
      }
      logKeys();
    }
    looked = nanos.getAsLong();
  }

  List<ApiKey> keys() {
    if (nanos.getAsLong() - looked >= LOOK_AGAIN_NANOS) {
      look();
    }
    return keys;
  }

  synchronized void look() {
    Stamp now = stamp();
    looked = nanos.getAsLong();
    if (!Objects.equals(now, stamp)) {
      stamp = now;
      changed = looked;
      settled = false;
    }
    if (!settled) {
      take(looked - changed >= QUIET_NANOS);
    }
  }

  private void take(boolean quiet) {
    try {
      if (stamp == null) {
        throw new IOException("it is missing");
      }
      List<ApiKey> read = read();
      if (quiet || words(read).containsAll(words(keys))) {
        keys = read;
        settle();
        logKeys();
      } else if (!waits) {
        waits = true;
        log.info(
            "The file of API keys {} lost some keys or roles; the keys known before stay in use until it has not changed for {} s",
            path,
            TimeUnit.NANOSECONDS.toSeconds(QUIET_NANOS));
      }
    } catch (IOException | IllegalArgumentException e) {
      if (quiet) {
        settle();
        log.error(
            "The file of API keys {} is refused, the keys known before stay in use: {}",
            path,
            why(e));
      }
    }
  }

  private void settle() {
    settled = true;
    waits = false;
  }

  /** Each key with its owner and roles, for comparison. */
  private static Set<String> words(List<ApiKey> keys) {
    return keys.stream()
        .map(key -> HexFormat.of().formatHex(key.digest()) + " " + key.owner())
        .collect(Collectors.toSet());
  }

  private List<ApiKey> read() throws IOException {
    List<ApiKey> read = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(path)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        read.add(key(line.strip(), number));
      }
    }
    return List.copyOf(read);
  }

  /** Messages never quote the line: it may hold a key in place of the hash. */
  private static ApiKey key(String line, int number) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "line " + number + " is not: name role,role sha256:<64 hex digits in small letters>");
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (String word : parts.group(2).split(",")) {
      roles.add(
          Role.of(word)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "line " + number + " has a role that is none of " + Role.words())));
    }
    return new ApiKey(
        HexFormat.of().parseHex(parts.group(3)), new Principal(parts.group(1), roles));
  }

  private void logKeys() {
    log.info(
        "API keys    in {}: {}",
        path,
        keys.stream()
            .map(key -> key.owner().name() + " " + words(key.owner().roles()))
            .collect(
                Collectors.collectingAndThen(
                    Collectors.joining("; "), all -> all.isEmpty() ? "none" : all)));
  }

  static String words(Set<Role> roles) {
    return roles.stream().map(Role::word).sorted().collect(Collectors.joining(","));
  }

  private static String why(Exception e) {
    return e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : e.toString();
  }

  private @Nullable Stamp stamp() {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return new Stamp(attributes.lastModifiedTime(), attributes.size());
    } catch (IOException e) {
      return null;
    }
  }
}
