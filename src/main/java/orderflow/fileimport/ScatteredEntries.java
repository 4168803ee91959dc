package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The orders of a file whose rows do not stand together. They are known before any order is placed,
 * however long the file: of each order a hash of its reference is kept, 24 bytes with its number
 * and line, and sorted; equal ones are next to each other then. Sorted by the orders' numbers, they
 * are met again in the order in which the file is read.
 *
 * <p>Two references have the same hash of 63 bits by chance once in a million files of five million
 * orders; both are refused then. Nobody can choose such references, as each file has its own key.
 */
final class ScatteredEntries implements Closeable {

  private static final int MOST_LINES = 5;
  private static final int WIDTH = 3 + MOST_LINES;

  /**
   * Where the rows of one order stand.
   *
   * @param first whether it is the first place
   * @param lines on which the first of these places begin
   * @param more whether there are more
   */
  record Places(boolean first, List<Long> lines, boolean more) {

    String shown() {
      return lines.stream().map(String::valueOf).collect(Collectors.joining(", "))
          + (more ? " and more" : "");
    }
  }

  private final SortedRecords byNumber;
  private final SortedRecords.Cursor cursor;
  private long @Nullable [] ahead;

  private ScatteredEntries(SortedRecords byNumber) throws IOException {
    this.byNumber = byNumber;
    this.cursor = byNumber.sorted();
    this.ahead = cursor.next();
  }

  /** Reads all orders of a file and finds those that have rows in more than one place. */
  static ScatteredEntries find(RowGroups groups, RowColumns columns, Path scratch)
      throws IOException {
    SortedRecords byNumber =
        new SortedRecords(WIDTH, scratch.resolveSibling(scratch.getFileName() + ".2"));
    try (SortedRecords byHash = new SortedRecords(3, scratch)) {
      Hash hash = new Hash();
      for (RowGroups.Group group = groups.next(); group != null; group = groups.next()) {
        if (!group.rest()) {
          long line = group.rows().get(0).row().line();
          for (String reference : references(group, columns)) {
            byHash.add(hash.of(reference), group.number(), line);
          }
        }
      }
      match(byHash.sorted(), byNumber);
      return new ScatteredEntries(byNumber);
    } catch (IOException | RuntimeException e) {
      byNumber.close();
      throw e;
    }
  }

  /** The references that an order has, and those that its broken rows seem to have. */
  private static Set<String> references(RowGroups.Group group, RowColumns columns) {
    if (group.rows().size() == 1) {
      return group.reference().isEmpty() ? Set.of() : Set.of(group.reference());
    }
    Set<String> references = new LinkedHashSet<>();
    references.add(group.reference());
    for (CsvRow row : group.rows()) {
      if (row.isBroken()) {
        references.add(columns.referenceOf(row));
      }
    }
    references.remove("");
    return references;
  }

  /** Finds the equal hashes, and notes each of their orders with the places of the first few. */
  private static void match(SortedRecords.Cursor byHash, SortedRecords byNumber)
      throws IOException {
    List<long[]> first = new ArrayList<>();
    long latest = -1;
    boolean more = false;
    for (long[] next = byHash.next(); next != null; next = byHash.next()) {
      if (!first.isEmpty() && first.get(0)[0] != next[0]) {
        note(first, more, byNumber);
        first.clear();
        more = false;
      } else if (!first.isEmpty() && latest == next[1]) {
        continue; // a row of the same order
      }
      latest = next[1];
      if (first.size() < MOST_LINES) {
        first.add(next.clone());
      } else {
        more = true;
        byNumber.add(record(next[1], false, first, true));
      }
    }
    note(first, more, byNumber);
  }

  private static void note(List<long[]> places, boolean more, SortedRecords byNumber)
      throws IOException {
    for (int i = 0; i < places.size() && places.size() > 1; i++) {
      byNumber.add(record(places.get(i)[1], i == 0, places, more));
    }
  }

  private static long[] record(long number, boolean first, List<long[]> places, boolean more) {
    long[] record = new long[WIDTH];
    record[0] = number;
    record[1] = first ? 0 : 1;
    record[2] = more ? 1 : 0;
    for (int i = 0; i < places.size(); i++) {
      record[3 + i] = places.get(i)[2];
    }
    return record;
  }

  /**
   * Where else rows of an order stand, or null if they stand together.
   *
   * @param number of the order, none of them smaller than the one before
   */
  @Nullable Places of(long number) throws IOException {
    while (ahead != null && ahead[0] < number) {
      ahead = cursor.next();
    }
    return ahead == null || ahead[0] != number
        ? null
        : new Places(
            ahead[1] == 0,
            Arrays.stream(ahead, 3, WIDTH).filter(line -> line > 0).boxed().toList(),
            ahead[2] == 1);
  }

  @Override
  public void close() throws IOException {
    byNumber.close();
  }

  /** Hashes with a key that nobody knows. */
  private static final class Hash {

    private final MessageDigest digest;
    private final byte[] key = new byte[16];

    Hash() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e); // every JDK has it
      }
      new SecureRandom().nextBytes(key);
    }

    long of(String reference) {
      digest.update(key);
      byte[] hash = digest.digest(reference.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong() >>> 1;
    }
  }
}
