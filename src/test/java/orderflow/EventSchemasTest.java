package orderflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;

@OrderflowTest
class EventSchemasTest {

  @LocalServerPort private int port;
  private Http http;
  private final String customer = "c-" + UUID.randomUUID();

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  /** Of a return of some, a cancellation, and one that gives another coupon. */
  @Test
  void everyEventIsAsItsSchemaAndTheDocumentOfTheTopicsSay() {
    String cancelled = place();
    String returned = place();
    String reissued = place();
    for (String order : new String[] {cancelled, returned, reissued}) {
      awaitEffects(order);
    }
    act(cancelled, "cancel", "{\"reason\":\"CUSTOMER\"}");
    act(
        returned,
        "returns",
        "{\"reason\":\"OTHER\",\"items\":[{\"position\":0,\"quantity\":1},{\"position\":1,\"quantity\":1}]}");
    act(reissued, "cancel", "{\"reason\":\"FRAUD\",\"couponPolicy\":\"RELEASE_AND_REISSUE\"}");

    TreeSet<String> types = new TreeSet<>();
    Map<String, Map<String, String>> ofCancelled = new HashMap<>();
    Map<String, Integer> counts =
        Map.of(
            "order.completed", 3,
            "point.earned", 3,
            "coupon.used", 3,
            "order.cancelled", 2,
            "order.returned", 1,
            "point.changed", 3,
            "coupon.released", 2);
    counts.forEach(
        (topic, count) -> {
          for (TopicReader.Message message :
              TopicReader.await(topic, count, record -> record.hasKey(customer))) {
            Map<String, String> headers = headers(message);
            EventSchemas.assertDescribed(topic, headers, message.json());
            types.add(headers.get("ce_type"));
            if (message.header("ce_subject").equals(cancelled)) {
              ofCancelled.put(topic, headers);
            }
          }
        });

    assertThat(types).containsExactlyElementsOf(EventSchemas.types());
    ofCancelled
        .values()
        .forEach(headers -> assertThat(headers).containsEntry("ce_correlationid", cancelled));
    assertThat(ofCancelled.get("order.completed")).containsEntry("ce_orderversion", "1");
    assertThat(ofCancelled.get("order.completed")).doesNotContainKey("ce_causationid");
    for (String effect : new String[] {"point.earned", "coupon.used"}) {
      assertThat(ofCancelled.get(effect))
          .containsEntry("ce_orderversion", "1")
          .containsEntry("ce_causationid", ofCancelled.get("order.completed").get("ce_id"));
    }
    for (String effect : new String[] {"point.changed", "coupon.released"}) {
      assertThat(ofCancelled.get(effect))
          .containsEntry("ce_orderversion", "2")
          .containsEntry("ce_causationid", ofCancelled.get("order.cancelled").get("ce_id"));
    }
  }

  @Test
  void schemasAreServedWithoutAKeyAndDescribeEachField() {
    for (String type : EventSchemas.types()) {
      JsonNode schema = EventSchemas.of(type);
      Http.Response served =
          http.send("GET", "/schemas/" + type + ".json", "", "Authorization", "");
      assertThat(served.status()).isEqualTo(200);
      assertThat(served.header("Content-Type")).isEqualTo("application/schema+json");
      assertThat(served.json()).isEqualTo(schema);
      assertThat(schema.path("$schema").asText())
          .isEqualTo("https://json-schema.org/draft/2020-12/schema");
      for (JsonNode properties : schema.findValues("properties")) {
        for (Map.Entry<String, JsonNode> field : properties.properties()) {
          assertThat(field.getValue().path("description").asText())
              .as(type + " " + field.getKey())
              .isNotBlank();
        }
      }
    }
    for (String none :
        new String[] {
          "orderflow.order.completed.v2.json", "orderflow.order.completed.v1", "..%2Fdocs.js", "x"
        }) {
      assertThat(http.get("/schemas/" + none).status()).as(none).isBetween(400, 404);
    }
  }

  private static Map<String, String> headers(TopicReader.Message message) {
    Map<String, String> headers = new HashMap<>();
    message
        .raw()
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    return headers;
  }

  private void awaitEffects(String order) {
    await()
        .until(
            () -> {
              JsonNode effects = http.get("/api/orders/" + order).json().path("effects");
              return effects.at("/points/status").asText().equals("DONE")
                  && effects.at("/coupon/status").asText().equals("DONE");
            });
  }

  private void act(String order, String act, String body) {
    assertThat(
            http.post("/api/orders/" + order + "/" + act, body, "Idempotency-Key", "key-1")
                .status())
        .isEqualTo(201);
  }

  private String place() {
    String coupon = "C-" + UUID.randomUUID();
    http.post(
        "/api/coupons",
        "{\"code\":\"" + coupon + "\",\"discount\":{\"type\":\"PERCENT\",\"value\":\"10\"}}");
    Http.Response placed =
        http.post(
            "/api/orders",
            """
            {"customer":{"id":"%s","email":"%s@example.com","name":"김민지","locale":"ko","phone":"+82 10"},
             "currency":"EUR","couponCode":"%s","discounts":[{"label":"Sale","amount":"1.50"}],
             "charges":[{"label":"Shipping","amount":"3"}],
             "items":[{"sku":"TS-001","name":"Shirt","quantity":2,"unitPrice":"390"},
                      {"name":"Hat","quantity":1,"unitPrice":"100.05"}]}\
            """
                .formatted(customer, customer, coupon));
    assertThat(placed.status()).isEqualTo(201);
    return placed.json().path("orderId").asText();
  }
}
