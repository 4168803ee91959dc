package orderflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import orderflow.platform.http.ProblemType;
import orderflow.platform.security.Role;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class DocumentsTest {

  @LocalServerPort private int port;
  @Autowired private CamelContext camel;

  @ParameterizedTest
  @CsvSource({"/openapi.yaml, openapi: 3.1.0", "/asyncapi.yaml, asyncapi: 3.0.0"})
  void servesTheDocumentsWithoutAKey(String path, String begin) throws Exception {
    HttpResponse<String> response = getWithoutKey(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/yaml");
    assertThat(response.body()).startsWith(begin);
  }

  @ParameterizedTest
  @CsvSource({
    "/docs, text/html, /docs.js",
    "/docs.js, text/javascript, /openapi.yaml",
    "/webjars/swagger-ui/swagger-ui-bundle.js, text/javascript, SwaggerUIBundle",
    "/webjars/swagger-ui/swagger-ui.css, text/css, .swagger-ui"
  })
  void showsThePageOfTheInterfaceFromTheJarAlone(String path, String type, String content)
      throws Exception {
    HttpResponse<String> response = getWithoutKey(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(type);
    assertThat(response.body()).contains(content);
  }

  @ParameterizedTest
  @EnumSource
  void documentsEveryProblemWithoutAKey(ProblemType type) throws Exception {
    HttpResponse<String> response = getWithoutKey("/problems/" + type.slug());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains(type.title(), String.valueOf(type.status()));
  }

  @Test
  void documentsEveryRouteAndNoOther() {
    JsonNode paths = OpenApi.read("/static/openapi.yaml").path("paths");
    List<String> documented = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : paths.properties()) {
      path.getValue()
          .fieldNames()
          .forEachRemaining(
              method -> documented.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    documented.removeIf(operation -> !operation.contains(" /api/"));

    assertThat(
            camel.getRoutes().stream()
                .map(route -> route.getEndpoint())
                .filter(PlatformHttpEndpoint.class::isInstance)
                .map(PlatformHttpEndpoint.class::cast)
                .map(endpoint -> endpoint.getHttpMethodRestrict() + " " + endpoint.getPath()))
        .containsExactlyInAnyOrderElementsOf(documented);
  }

  @Test
  void namesTheRoleThatEachCallNeeds() {
    for (Map.Entry<String, JsonNode> path :
        OpenApi.read("/static/openapi.yaml").path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        if (path.getKey().startsWith("/api/")) {
          String method = operation.getKey().toUpperCase(Locale.ROOT);
          assertThat(operation.getValue().path("x-role").asText())
              .as(method + " " + path.getKey())
              .isEqualTo(Role.words(Role.neededFor(method, path.getKey())));
        }
      }
    }
  }

  @Test
  void describesEachCallAndNamesEachSchema() {
    JsonNode document = OpenApi.read("/static/openapi.yaml");
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> operation : path.getValue().properties()) {
        assertThat(operation.getValue().path("description").asText())
            .as(operation.getKey() + " " + path.getKey())
            .isNotBlank();
        assertThat(operation.getValue().path("operationId").asText()).matches("[a-z][A-Za-z]+");
      }
    }
    for (JsonNode content : document.findValues("application/json")) {
      assertThat(content.at("/schema/$ref").asText()).as(content.toString()).isNotEmpty();
    }
    for (Map.Entry<String, JsonNode> schema : document.at("/components/schemas").properties()) {
      for (JsonNode part : schema.getValue().findValues("properties")) {
        for (Map.Entry<String, JsonNode> property : part.properties()) {
          assertThat(property.getValue().has("properties"))
              .as("%s of %s has a name of its own", property.getKey(), schema.getKey())
              .isFalse();
        }
      }
    }
  }

  @Test
  void holdsItsOwnExamples() {
    JsonNode openApi = OpenApi.read("/static/openapi.yaml");
    for (JsonNode content : openApi.findValues("application/json")) {
      if (content.has("example")) {
        OpenApi.assertValid(openApi, content.path("schema"), content.path("example"));
      }
    }
    JsonNode asyncApi = OpenApi.read("/static/asyncapi.yaml");
    List<JsonNode> schemas =
        StreamSupport.stream(asyncApi.at("/components/schemas").spliterator(), false).toList();
    for (JsonNode schema : schemas) {
      schema.path("examples").forEach(example -> OpenApi.assertValid(asyncApi, schema, example));
    }
  }

  private HttpResponse<String> getWithoutKey(String path) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            BodyHandlers.ofString());
  }
}
