package orderflow.fileimport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import orderflow.order.NewOrder;
import orderflow.outbox.Priority;

/** What is read of a file: its orders or reversals, and what is given back. */
record ReadRows(
    ImportFormat format,
    List<NewOrder> orders,
    List<FileReversal> reversals,
    List<String> refusals,
    int skipped,
    byte[] rejected) {

  /** Reads orders, and places none. */
  static final Importer<NewOrder> AS_ORDERS = new OrderImporter(null, Priority.LIVE, 1);

  static ReadRows of(byte[] content) throws IOException {
    return of(content, Map.of());
  }

  static ReadRows of(byte[] content, Map<String, Profile> profiles) throws IOException {
    return of(FileFormat.Content.ROWS, () -> new ByteArrayInputStream(content), profiles);
  }

  static ReadRows of(
      FileFormat.Content kind, FileSurvey.Content content, Map<String, Profile> profiles)
      throws IOException {
    return of(FileSubject.ORDERS, kind, content, profiles);
  }

  static ReadRows of(
      FileSubject subject,
      FileFormat.Content kind,
      FileSurvey.Content content,
      Map<String, Profile> profiles)
      throws IOException {
    List<NewOrder> orders = new ArrayList<>();
    List<FileReversal> reversals = new ArrayList<>();
    return subject == FileSubject.ORDERS
        ? read(AS_ORDERS, kind, content, profiles, orders, orders, reversals)
        : read(
            new ReversalImporter(subject, null, null, null),
            kind,
            content,
            Map.of(),
            reversals,
            orders,
            reversals);
  }

  private static <T> ReadRows read(
      Importer<T> importer,
      FileFormat.Content kind,
      FileSurvey.Content content,
      Map<String, Profile> profiles,
      List<T> contents,
      List<NewOrder> orders,
      List<FileReversal> reversals)
      throws IOException {
    Path none = Path.of("target", "none");
    try (FileSurvey survey =
            FileSurvey.of(importer.subject(), kind, content, "windows-949", profiles, none);
        EntrySource source = survey.entries()) {
      List<String> refusals = new ArrayList<>();
      int skipped = 0;
      ByteArrayOutputStream rejected = new ByteArrayOutputStream();
      rejected.writeBytes(source.rejectedHeader());
      for (ParsedEntry next = source.next(); next != null; next = source.next()) {
        ParsedEntry.Reading<T> read = next.read(importer);
        if (read.content() != null) {
          contents.add(read.content());
        } else if (read.rejection() == null) {
          skipped++;
        } else {
          List<String> said =
              IntStream.range(0, next.rows().size())
                  .mapToObj(read.rejection()::ofRow)
                  .distinct()
                  .toList();
          refusals.add((next.continued() ? "continued: " : "") + String.join(" | ", said));
          for (int i = 0; i < next.rows().size(); i++) {
            rejected.writeBytes(source.rejected(next.rows().get(i), read.rejection().ofRow(i)));
          }
        }
      }
      return new ReadRows(
          survey.format(), orders, reversals, refusals, skipped, rejected.toByteArray());
    }
  }

  List<String> references() {
    return orders.stream().map(NewOrder::reference).toList();
  }
}
