package orderflow.fileimport;

import java.time.Duration;
import orderflow.outbox.Priority;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How files are imported.
 *
 * @param batch most orders in one transaction
 * @param threads how many files that are not big are imported at the same time
 * @param bulkFrom how large a file is, zipped ones counting tenfold, for other orders' effects to
 *     go first
 * @param bigFrom the same for smaller files to overtake it
 * @param quiet how long a file that is written in place must not have changed before it is read
 * @param wholeAfter the same before its last order is placed, and before one is read that ends
 *     without a line end
 * @param watchDone how long a file in done/ or failed/ is looked at, should it still grow
 * @param report how often a running import tells the log how far it is
 * @param keep how long ended imports can be asked for
 */
@ConfigurationProperties("orderflow.importing")
public record ImportSettings(
    @DefaultValue("2000") int batch,
    @DefaultValue("2") int threads,
    @DefaultValue("100KB") DataSize bulkFrom,
    @DefaultValue("1MB") DataSize bigFrom,
    @DefaultValue("10s") Duration quiet,
    @DefaultValue("1m") Duration wholeAfter,
    @DefaultValue("1h") Duration watchDone,
    @DefaultValue("5s") Duration report,
    @DefaultValue("90d") Duration keep) {

  public ImportSettings {
    if (batch < 1 || batch > 10_000) {
      throw new IllegalArgumentException("orderflow.importing.batch must be 1 to 10000 orders");
    }
    if (threads < 1 || threads > 20) {
      throw new IllegalArgumentException("orderflow.importing.threads must be 1 to 20");
    }
    if (bulkFrom.compareTo(bigFrom) > 0) {
      throw new IllegalArgumentException(
          "orderflow.importing.bulk-from must be no more than orderflow.importing.big-from");
    }
    if (quiet.compareTo(wholeAfter) > 0) {
      throw new IllegalArgumentException(
          "orderflow.importing.quiet must be no more than orderflow.importing.whole-after");
    }
  }

  Priority lane(FileIdentity drop, FileFormat format) {
    return size(drop, format) >= bulkFrom.toBytes() ? Priority.BULK : Priority.LIVE;
  }

  boolean isBig(FileIdentity drop, FileFormat format) {
    return size(drop, format) >= bigFrom.toBytes();
  }

  private static long size(FileIdentity drop, FileFormat format) {
    return drop.size() * (format.gzip() ? 10 : 1);
  }
}
