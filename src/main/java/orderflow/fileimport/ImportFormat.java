package orderflow.fileimport;

import org.jspecify.annotations.Nullable;

/**
 * What a file was read as.
 *
 * @param kind rows, xlsx, jsonl or json
 * @param delimiter of rows: what stands between two fields
 * @param charset of text
 * @param profile whose columns they are, if not ours
 */
public record ImportFormat(
    String kind, @Nullable String delimiter, @Nullable String charset, @Nullable String profile) {

  /** The format as a line of the log shows it. */
  String shown() {
    return kind
        + (delimiter == null ? "" : ", delimiter \"" + FileNames.shown(delimiter) + "\"")
        + (charset == null ? "" : ", charset " + charset)
        + (profile == null ? "" : ", profile " + profile);
  }
}
