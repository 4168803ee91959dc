package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The published document, which every request and answer of the tests is held against. */
public final class OpenApi {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final Map<JsonNode, JsonSchema> COMPILED =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private static final JsonNode DOCUMENT = read("/static/openapi.yaml");

  private OpenApi() {}

  public static JsonNode read(String resource) {
    try (InputStream in = OpenApi.class.getResourceAsStream(resource)) {
      return JSON.valueToTree(new Yaml().load(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless the document foresees this answer to this request. */
  static void check(String method, String path, String sent, Http.Response response) {
    if (path.startsWith("/actuator")) {
      return;
    }
    JsonNode operation =
        operation(path.replaceFirst("\\?.*", "")).path(method.toLowerCase(Locale.ROOT));
    String status = String.valueOf(response.status());
    if (operation.isMissingNode()) {
      assertThat(response.status())
          .as("of undocumented %s %s", method, path)
          .isGreaterThanOrEqualTo(400);
      return;
    }
    JsonNode foreseen = resolved(operation.path("responses").path(status));
    assertThat(foreseen.isMissingNode())
        .as("status %s of %s %s is undocumented", status, method, path)
        .isFalse();
    for (Iterator<Map.Entry<String, JsonNode>> headers = foreseen.path("headers").fields();
        headers.hasNext(); ) {
      Map.Entry<String, JsonNode> header = headers.next();
      if (header.getValue().path("required").asBoolean()) {
        assertThat(response.header(header.getKey())).as(header.getKey()).isNotEmpty();
      }
    }
    String type = response.header("Content-Type").replaceFirst(";.*", "");
    JsonNode content = foreseen.path("content");
    assertThat(content.isMissingNode() ? type : content.path(type).isMissingNode() ? type : "")
        .as("type")
        .isEmpty();
    if (type.endsWith("json")) {
      assertValid(content.path(type).path("schema"), response.json());
    }
    if (response.status() < 300 && operation.at("/requestBody/content").has("application/json")) {
      assertValid(
          operation.at("/requestBody/content").path("application/json").path("schema"),
          parse(sent));
    }
  }

  static void assertValid(JsonNode schema, JsonNode value) {
    assertValid(DOCUMENT, schema, value);
  }

  /**
   * @param document where the schema's references lead
   */
  static void assertValid(JsonNode document, JsonNode schema, JsonNode value) {
    JsonSchema compiled = COMPILED.computeIfAbsent(schema, key -> compiled(document, schema));
    assertThat(compiled.validate(value)).as(value.toString()).isEmpty();
  }

  private static JsonSchema compiled(JsonNode document, JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.path("components"));
    return SCHEMAS.getSchema(whole);
  }

  private static JsonNode operation(String path) {
    String literal = null;
    for (Iterator<String> templates = DOCUMENT.path("paths").fieldNames(); templates.hasNext(); ) {
      String template = templates.next();
      if (template.equals(path)) {
        return DOCUMENT.path("paths").path(template);
      }
      if (path.matches(template.replaceAll("\\{[^}]+}", "[^/]+"))) {
        literal = template;
      }
    }
    return literal == null ? JSON.missingNode() : DOCUMENT.path("paths").path(literal);
  }

  private static JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
