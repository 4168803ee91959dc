package orderflow.fileimport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a file of rows is, found by looking through all of it before any of its orders is placed:
 * its charset, delimiter and columns, and which orders have rows in more than one place.
 */
final class FileSurvey implements Closeable {

  /** Opens the content, each time from its beginning. */
  interface Content {
    InputStream open() throws IOException;

    /**
     * The content as a file of its own.
     *
     * @param unzipped where it may be put, if it is none yet
     */
    default Path asFile(Path unzipped) throws IOException {
      throw new IOException("there is no file");
    }
  }

  /** Opens the rows, each time from the beginning. */
  private interface Rows {
    RowReader open() throws IOException;
  }

  private static final Pattern SEPARATOR =
      Pattern.compile("\\s*\"?sep=(.)\"?\\s*", Pattern.CASE_INSENSITIVE);

  /** Opens the entries, each time from the beginning. */
  private interface Entries {
    EntrySource open() throws IOException;
  }

  private final ImportFormat format;
  private final Entries entries;
  private final @Nullable ScatteredEntries scattered;
  private final @Nullable Path unzipped;

  private FileSurvey(
      ImportFormat format,
      Entries entries,
      @Nullable ScatteredEntries scattered,
      @Nullable Path unzipped) {
    this.format = format;
    this.entries = entries;
    this.scattered = scattered;
    this.unzipped = unzipped;
  }

  /**
   * Looks through a file; lines of JSON, each of which is an order of its own, are not.
   *
   * @param other the charset of rows that are no UTF-8
   * @param scratch where what does not fit into memory may be written
   * @throws UnreadableFile if it can't be read at all
   */
  static FileSurvey of(
      FileSubject subject,
      FileFormat.Content kind,
      Content content,
      String other,
      Map<String, Profile> profiles,
      Path scratch)
      throws IOException {
    return switch (kind) {
      case JSONL -> ofJson(kind, () -> new JsonEntries(TextRows.lines(content.open()), subject));
      case JSON -> ofJson(kind, () -> new JsonEntries(new JsonElements(content.open()), subject));
      case XLSX -> ofWorkbook(subject, content, profiles, scratch);
      default -> ofRows(subject, content, other, profiles, scratch);
    };
  }

  private static FileSurvey ofJson(FileFormat.Content kind, Entries entries) {
    return new FileSurvey(
        new ImportFormat(kind.kind(), null, Dialect.UTF_8, null), entries, null, null);
  }

  /**
   * Looks through a file of rows.
   *
   * @param other the charset of what is no UTF-8
   * @param scratch where what does not fit into memory may be written
   * @throws UnreadableFile if it has no header that can be used, or is no text
   */
  static FileSurvey ofRows(
      FileSubject subject,
      Content content,
      String other,
      Map<String, Profile> profiles,
      Path scratch)
      throws IOException {
    List<String> charsets;
    try (InputStream in = content.open()) {
      charsets = Dialect.charsets(in, other);
    }
    NotText first = null;
    for (String charset : charsets) {
      try {
        boolean asSeen = charsets.size() > 1 && charset.equals(Dialect.UTF_8);
        return ofText(
            subject,
            content,
            charset,
            new HangulInDisguise(asSeen ? other : null),
            profiles,
            scratch);
      } catch (NotText e) {
        first = first == null ? e : first;
      }
    }
    String sentence = first == null ? "" : String.valueOf(first.getMessage());
    throw new UnreadableFile(
        charsets.size() == 1
            ? sentence
            : sentence.replace(": save", ", nor is it " + other + ": save"));
  }

  private static FileSurvey ofWorkbook(
      FileSubject subject, Content content, Map<String, Profile> profiles, Path scratch)
      throws IOException {
    Path unzipped = scratch.resolveSibling(scratch.getFileName() + ".xlsx");
    try {
      Path file = content.asFile(unzipped);
      if (Files.size(file) == 0) {
        return new FileSurvey(
            new ImportFormat("xlsx", null, null, null), () -> EntrySource.NONE, null, null);
      }
      FileSurvey survey =
          of(
              subject,
              FileFormat.Content.XLSX,
              Dialect.OWN,
              () -> new WorkbookRows(file),
              new HangulInDisguise(null),
              profiles,
              scratch);
      return new FileSurvey(survey.format, survey.entries, survey.scattered, unzipped);
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(unzipped);
      throw e;
    }
  }

  private static FileSurvey ofText(
      FileSubject subject,
      Content content,
      String charset,
      HangulInDisguise hangul,
      Map<String, Profile> profiles,
      Path scratch)
      throws IOException {
    Dialect dialect = dialect(subject, content, charset, profiles);
    Rows rows = () -> TextRows.csv(dialect.decoded(content.open()), dialect.delimiter());
    return of(subject, FileFormat.Content.ROWS, dialect, rows, hangul, profiles, scratch);
  }

  private static FileSurvey of(
      FileSubject subject,
      FileFormat.Content kind,
      Dialect dialect,
      Rows rows,
      HangulInDisguise hangul,
      Map<String, Profile> profiles,
      Path scratch)
      throws IOException {
    boolean text = kind == FileFormat.Content.ROWS;
    try (RowReader read = rows.open()) {
      char delimiter = dialect.delimiter();
      SourceRow header = header(read, delimiter);
      RowColumns columns =
          header == null ? null : columns(subject, header, delimiter, profiles, hangul);
      ImportFormat format =
          new ImportFormat(
              kind.kind(),
              text ? String.valueOf(delimiter) : null,
              text ? dialect.charset() : null,
              columns == null ? null : columns.profile());
      if (header == null || columns == null) {
        return new FileSurvey(format, () -> EntrySource.NONE, null, null);
      }
      ScatteredEntries scattered =
          ScatteredEntries.find(
              new RowGroups(new CheckedRows(read, hangul), delimiter, columns), columns, scratch);
      return new FileSurvey(
          format,
          () -> {
            RowReader again = rows.open();
            header(again, delimiter);
            RowGroups groups = new RowGroups(again, delimiter, columns);
            return new RowEntries(groups, subject, dialect, header, columns, scattered);
          },
          scattered,
          null);
    }
  }

  /** The delimiter by which the header has most of the names that are known. */
  private static Dialect dialect(
      FileSubject subject, Content content, String charset, Map<String, Profile> profiles)
      throws IOException {
    Dialect best = new Dialect(',', charset);
    long most = 0;
    for (char delimiter : Dialect.DELIMITERS) {
      Dialect dialect = new Dialect(delimiter, charset);
      try (InputStream in = content.open()) {
        TextRows rows = TextRows.csv(dialect.decoded(in), delimiter);
        SourceRow first = firstNotBlank(rows, delimiter);
        if (first == null) {
          return best;
        }
        Matcher separator = SEPARATOR.matcher(first.tooLong() ? "" : first.text());
        if (separator.matches()) {
          return new Dialect(separator.group(1).charAt(0), charset);
        }
        long known =
            ColumnNames.known(
                subject, CsvRow.of(first, delimiter, RowColumns.MOST).fields(), profiles);
        if (known > most) {
          most = known;
          best = dialect;
        }
      }
    }
    return best;
  }

  private static @Nullable SourceRow firstNotBlank(RowReader rows, char delimiter)
      throws IOException {
    SourceRow row = rows.next();
    while (row != null
        && (row.bytes().length == 0
            || CsvRow.of(row, delimiter, RowColumns.MOST).isEmpty(delimiter))) {
      row = rows.next();
    }
    return row;
  }

  private static @Nullable SourceRow header(RowReader rows, char delimiter) throws IOException {
    SourceRow row = firstNotBlank(rows, delimiter);
    return row != null && !row.tooLong() && SEPARATOR.matcher(row.text()).matches()
        ? firstNotBlank(rows, delimiter)
        : row;
  }

  private static RowColumns columns(
      FileSubject subject,
      SourceRow header,
      char delimiter,
      Map<String, Profile> profiles,
      HangulInDisguise hangul) {
    CheckedRows.check(header, hangul);
    CsvRow names = CsvRow.of(header, delimiter, RowColumns.MOST);
    String fault =
        names.isBroken()
            ? names.fault()
            : names.count() > RowColumns.MOST
                ? "has more than " + RowColumns.MOST + " columns"
                : null;
    if (fault != null) {
      throw new UnreadableFile(
          "Line "
              + header.line()
              + ", the header row, "
              + fault
              + ". Correct it and drop the file again.");
    }
    return new RowColumns(
        new CsvHeader(subject, names.fields(), header.line(), delimiter, profiles));
  }

  ImportFormat format() {
    return format;
  }

  /** The entries, which are read once more. */
  EntrySource entries() throws IOException {
    return entries.open();
  }

  @Override
  public void close() throws IOException {
    if (scattered != null) {
      scattered.close();
    }
    if (unzipped != null) {
      Files.deleteIfExists(unzipped);
    }
  }

  /** Rows that are text, in all of which no NUL stands. */
  private record CheckedRows(RowReader rows, HangulInDisguise hangul) implements RowReader {

    @Override
    public @Nullable SourceRow next() throws IOException {
      SourceRow row = rows.next();
      if (row != null) {
        check(row, hangul);
      } else {
        hangul.requireNone();
      }
      return row;
    }

    @Override
    public void close() throws IOException {
      rows.close();
    }

    static void check(SourceRow row, HangulInDisguise hangul) {
      byte[] bytes = row.bytes();
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == 0) {
          throw new UnreadableFile(
              "Line "
                  + row.line()
                  + " has a NUL, as no text has: save the file in the encoding UTF-8 and drop it"
                  + " again.");
        }
        if (bytes[i] < 0) {
          i = hangul.look(bytes, i, row.line()) - 1;
        }
      }
      if (row.tooLong()) {
        row.text();
      }
    }
  }
}
