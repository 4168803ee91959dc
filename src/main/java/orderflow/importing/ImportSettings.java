package orderflow.importing;

import java.time.Duration;
import orderflow.outbox.Lane;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How files are imported.
 *
 * @param batch most orders in one transaction
 * @param bulkFrom how large a file is, zipped ones counting tenfold, for other orders' effects to
 *     go first
 * @param bigFrom the same for smaller files to overtake it
 * @param quiet how long a file must not have grown before it is taken
 * @param report how often a running import tells the log how far it is
 * @param keep how long ended imports can be asked for
 */
@ConfigurationProperties("orderflow.importing")
public record ImportSettings(
    @DefaultValue("2000") int batch,
    @DefaultValue("100KB") DataSize bulkFrom,
    @DefaultValue("1MB") DataSize bigFrom,
    @DefaultValue("3s") Duration quiet,
    @DefaultValue("5s") Duration report,
    @DefaultValue("90d") Duration keep) {

  public ImportSettings {
    if (batch < 1 || batch > 10_000) {
      throw new IllegalArgumentException("orderflow.importing.batch must be 1 to 10000 orders");
    }
    if (bulkFrom.compareTo(bigFrom) > 0) {
      throw new IllegalArgumentException(
          "orderflow.importing.bulk-from must be no more than orderflow.importing.big-from");
    }
  }

  Lane lane(DropIdentity drop, FileFormat format) {
    return size(drop, format) >= bulkFrom.toBytes() ? Lane.BULK : Lane.LIVE;
  }

  boolean isBig(DropIdentity drop, FileFormat format) {
    return size(drop, format) >= bigFrom.toBytes();
  }

  private static long size(DropIdentity drop, FileFormat format) {
    return drop.size() * (format.gzip() ? 10 : 1);
  }
}
