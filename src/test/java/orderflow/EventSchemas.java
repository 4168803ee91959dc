package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is published about events: their JSON Schemas, and the document of the topics. */
final class EventSchemas {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("src/main/resources/static/schemas");
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final JsonNode TOPICS = OpenApi.read("/static/asyncapi.yaml");

  private EventSchemas() {}

  /** The types that there are schemas of. */
  static List<String> types() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode of(String type) {
    try {
      return JSON.readTree(FOLDER.resolve(type + ".json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails unless value and headers are as both say, and no field is left undescribed. */
  static void assertDescribed(String topic, Map<String, String> headers, JsonNode value) {
    String type = headers.get("ce_type");
    JsonNode schema = of(type);
    assertThat(SCHEMAS.getSchema(schema).validate(value)).as(value.toString()).isEmpty();
    assertThat(schema.path("properties").properties().stream().map(Map.Entry::getKey))
        .as(type)
        .containsAll(value.properties().stream().map(Map.Entry::getKey).toList());
    JsonNode message = message(topic, type);
    OpenApi.assertValid(TOPICS, message.path("payload"), value);
    OpenApi.assertValid(TOPICS, message.path("headers"), JSON.valueToTree(headers));
    assertThat(headers).containsEntry("ce_dataschema", "/schemas/" + type + ".json");
    assertThat(headers.keySet())
        .contains("ce_specversion", "ce_id", "ce_source", "ce_time", "ce_subject", "content-type")
        .contains("ce_orderversion", "ce_correlationid");
  }

  private static JsonNode message(String topic, String type) {
    for (JsonNode reference : TOPICS.at("/channels").path(topic).path("messages")) {
      JsonNode message = TOPICS.at(reference.path("$ref").asText().substring(1));
      if (message.findValues("const").stream().anyMatch(name -> name.asText().equals(type))) {
        return message;
      }
    }
    throw new AssertionError("no message of " + topic + " has the type " + type);
  }
}
