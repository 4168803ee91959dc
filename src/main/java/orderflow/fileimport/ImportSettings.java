package orderflow.fileimport;

import jakarta.validation.constraints.NotBlank;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.time.Duration;
import java.util.Map;
import orderflow.outbox.Priority;
import org.hibernate.validator.constraints.Range;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationFormat;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * How files are imported.
 *
 * @param batch most orders in one transaction
 * @param threads how many files that are not large are imported at the same time
 * @param bulkThreshold from what size on a file's effects follow those of other orders; zipped
 *     files and workbooks count tenfold
 * @param largeThreshold from what size on smaller files overtake it
 * @param stableFor how long a file that is written in place must not have changed before it is read
 * @param completeAfter the same before its last order is placed, and before one is read that ends
 *     without a line end
 * @param watchDone how long a file in done/ or failed/ is looked at, should it still grow
 * @param progressInterval how often a running import logs how far it is
 * @param retention how long ended imports can be asked for
 * @param maxUpload the largest file that is taken over HTTP
 * @param charset of rows that are no UTF-8
 * @param profiles how the rows of other systems are read, by the system's name
 * @param pollInterval how often the inbox is looked into; the route takes it as a placeholder
 */
@Validated
@ConfigurationProperties("orderflow.importing")
public record ImportSettings(
    @Range(min = 1, max = 10_000) int batch,
    @Range(min = 1, max = 20) int threads,
    DataSize bulkThreshold,
    DataSize largeThreshold,
    @DurationMin Duration stableFor,
    @DurationMin Duration completeAfter,
    @DurationMin Duration watchDone,
    @DurationMin(millis = 1) Duration progressInterval,
    @DurationMin Duration retention,
    DataSize maxUpload,
    @NotBlank String charset,
    @DefaultValue Map<String, Profile> profiles,
    @DurationMin(millis = 1) @DurationFormat(DurationStyle.SIMPLE) Duration pollInterval) {

  public ImportSettings {
    profiles = Profile.withBuiltIn(profiles);
    profiles.forEach(
        (name, profile) -> {
          String fault = ColumnNames.faultOf(profile);
          if (fault != null) {
            throw new IllegalArgumentException(
                "orderflow.importing.profiles." + name + " can't be used: " + fault);
          }
        });
    if (!isCharset(charset)) {
      throw new IllegalArgumentException(
          "orderflow.importing.charset must be a charset that this JDK knows, such as windows-949");
    }
    if (bulkThreshold.compareTo(largeThreshold) > 0) {
      throw new IllegalArgumentException(
          "orderflow.importing.bulk-threshold must be no more than"
              + " orderflow.importing.large-threshold");
    }
    if (stableFor.compareTo(completeAfter) > 0) {
      throw new IllegalArgumentException(
          "orderflow.importing.stable-for must be no more than"
              + " orderflow.importing.complete-after");
    }
  }

  Priority lane(FileIdentity drop, FileFormat format) {
    return size(drop, format) >= bulkThreshold.toBytes() ? Priority.BULK : Priority.LIVE;
  }

  boolean isLarge(FileIdentity drop, FileFormat format) {
    return size(drop, format) >= largeThreshold.toBytes();
  }

  private static long size(FileIdentity drop, FileFormat format) {
    return drop.size() * (format.isPacked() ? 10 : 1);
  }

  private static boolean isCharset(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }
}
