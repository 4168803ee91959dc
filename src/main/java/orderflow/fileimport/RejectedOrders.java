package orderflow.fileimport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Reads what an import has given back, for people to look at. */
@Component
public class RejectedOrders {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_ROWS = 200;
  private static final int MOST_COLUMNS = 1_000;

  private final Imports imports;
  private final Inbox inbox;

  RejectedOrders(Imports imports, Inbox inbox) {
    this.imports = imports;
    this.inbox = inbox;
  }

  /**
   * What was given back.
   *
   * @param file where it stands in the folder done
   * @param rows the first ones; none if the file is not there any more, or not here
   * @param more whether there are more
   */
  public record Rejected(String file, List<Row> rows, boolean more) {}

  /**
   * A row or line.
   *
   * @param line in the file as it was dropped; null if it is not known
   */
  public record Row(@Nullable Long line, @Nullable String orderRef, String error) {}

  /** Of an import that has ended; empty if there is no such import, or nothing was rejected. */
  public Optional<Rejected> of(long importId) {
    Optional<Import> ended =
        imports.find(importId).filter(one -> one.state().equals("DONE") && one.rejected() > 0);
    if (ended.isEmpty()) {
      return Optional.empty();
    }
    Progress progress = imports.progress(importId);
    FileFormat format = FileFormat.of(progress.drop().name());
    String target = progress.target();
    if (format == null || target == null) {
      return Optional.empty();
    }
    FileFormat.Content content = progress.content(format);
    String name = FileNames.withEnding(target, Inbox.rejectedEnding(content));
    Path file = inbox.done().resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.of(new Rejected(name, List.of(), false));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return Optional.of(
          content.rejectedEnding.equals("csv")
              ? rows(name, in, dialect(ended.get().format()))
              : lines(name, in));
    } catch (IOException e) {
      return Optional.of(new Rejected(name, List.of(), false));
    }
  }

  private static Dialect dialect(@Nullable ImportFormat format) {
    if (format == null || format.delimiter() == null || format.charset() == null) {
      return Dialect.OWN;
    }
    String delimiter = format.delimiter().equals("\\t") ? "\t" : format.delimiter();
    return new Dialect(delimiter.charAt(0), format.charset());
  }

  private static Rejected rows(String name, InputStream in, Dialect dialect) throws IOException {
    try (TextRows rows = TextRows.csv(dialect.decoded(in), dialect.delimiter())) {
      SourceRow header = rows.next();
      List<String> names =
          header == null
              ? List.of()
              : CsvRow.of(header, dialect.delimiter(), MOST_COLUMNS).fields().stream()
                  .map(RejectedOrders::tidy)
                  .toList();
      List<Row> shown = new ArrayList<>();
      SourceRow row = rows.next();
      for (; row != null && shown.size() < MOST_ROWS; row = rows.next()) {
        List<String> fields = CsvRow.of(row, dialect.delimiter(), MOST_COLUMNS).fields();
        String line = field(names, fields, "line");
        String error = field(names, fields, "error");
        shown.add(
            new Row(
                line != null && line.matches("[0-9]{1,18}") ? Long.valueOf(line) : null,
                field(names, fields, "orderref"),
                error == null ? "" : error));
      }
      return new Rejected(name, shown, row != null);
    }
  }

  private static Rejected lines(String name, InputStream in) throws IOException {
    try (TextRows rows = TextRows.lines(in)) {
      List<Row> shown = new ArrayList<>();
      SourceRow row = rows.next();
      for (; row != null && shown.size() < MOST_ROWS; row = rows.next()) {
        shown.add(line(row.text()));
      }
      return new Rejected(name, shown, row != null);
    }
  }

  private static Row line(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      return new Row(
          json.path("_line").isIntegralNumber() ? json.path("_line").longValue() : null,
          json.path("orderRef").asText(null),
          json.path("_error").asText(""));
    } catch (JsonProcessingException e) {
      return new Row(null, null, "");
    }
  }

  private static @Nullable String field(List<String> names, List<String> fields, String name) {
    int at = names.indexOf(name);
    return at < 0 || at >= fields.size() ? null : fields.get(at);
  }

  /** As headers are compared. */
  private static String tidy(String name) {
    return name.replaceAll("[\\s_-]", "").toLowerCase(Locale.ROOT);
  }
}
