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

/** What is read of a file of rows: its orders, and what is given back. */
record ReadRows(
    ImportFormat format,
    List<NewOrder> orders,
    List<String> refusals,
    int skipped,
    byte[] rejected) {

  static ReadRows of(byte[] content) throws IOException {
    return of(FileFormat.Content.ROWS, () -> new ByteArrayInputStream(content), Map.of());
  }

  static ReadRows of(byte[] content, Map<String, Profile> profiles) throws IOException {
    return of(FileFormat.Content.ROWS, () -> new ByteArrayInputStream(content), profiles);
  }

  static ReadRows of(
      FileFormat.Content kind, FileSurvey.Content content, Map<String, Profile> profiles)
      throws IOException {
    Path none = Path.of("target", "none");
    try (FileSurvey survey = FileSurvey.of(kind, content, "windows-949", profiles, none);
        OrderSource source = survey.orders()) {
      List<NewOrder> orders = new ArrayList<>();
      List<String> refusals = new ArrayList<>();
      int skipped = 0;
      ByteArrayOutputStream rejected = new ByteArrayOutputStream();
      rejected.writeBytes(source.rejectedHeader());
      for (ParsedOrder next = source.next(); next != null; next = source.next()) {
        ParsedOrder.Reading read = next.read();
        if (read.order() != null) {
          orders.add(read.order());
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
      return new ReadRows(survey.format(), orders, refusals, skipped, rejected.toByteArray());
    }
  }

  List<String> references() {
    return orders.stream().map(NewOrder::reference).toList();
  }
}
