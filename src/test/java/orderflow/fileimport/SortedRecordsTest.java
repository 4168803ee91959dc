package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedRecordsTest {

  @TempDir Path folder;

  @Test
  void sortsAnyNumberOfRecordsThroughAFileThatIsGoneAfterwards() throws IOException {
    Path spill = folder.resolve("spill");
    for (int count : List.of(0, 1, 15, 16, 17, 1_000, 4_999)) {
      for (long bound : List.of(3L, 1L << 20, Long.MAX_VALUE)) {
        Random random = new Random(count);
        List<long[]> expected = new ArrayList<>();
        List<long[]> sorted = new ArrayList<>();
        try (SortedRecords records = new SortedRecords(3, spill, 16)) {
          for (int i = 0; i < count; i++) {
            long[] record = {random.nextLong(bound), i, random.nextLong()};
            expected.add(record);
            records.add(record);
          }
          SortedRecords.Cursor cursor = records.sorted();
          for (long[] next = cursor.next(); next != null; next = cursor.next()) {
            sorted.add(next.clone());
          }
        }
        expected.sort(Comparator.<long[]>comparingLong(r -> r[0]).thenComparingLong(r -> r[1]));
        assertThat(sorted.stream().map(Arrays::toString))
            .as("%d records below %d", count, bound)
            .containsExactlyElementsOf(expected.stream().map(Arrays::toString).toList());
        assertThat(spill).doesNotExist();
      }
    }
  }
}
