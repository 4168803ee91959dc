package orderflow.platform.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What went wrong, as RFC 9457 has it told.
 *
 * @param extensions members beyond the standard's own, such as {@code errors}
 * @param headers to be sent with it
 */
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(
    @JsonIgnore ProblemType kind,
    String detail,
    @JsonAnyGetter Map<String, Object> extensions,
    @JsonIgnore Map<String, String> headers) {

  public static Problem of(ProblemType kind) {
    return new Problem(kind, kind.meaning(), Map.of(), Map.of());
  }

  /** The same with another member. */
  Problem with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(extensions);
    more.put(member, value);
    return new Problem(kind, detail, more, headers);
  }

  Problem withHeader(String name, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(name, value);
    return new Problem(kind, detail, extensions, more);
  }

  @JsonProperty
  public String type() {
    return "/problems/" + kind.slug();
  }

  @JsonProperty
  public String title() {
    return kind.title();
  }

  @JsonProperty
  public int status() {
    return kind.status();
  }
}
