package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import java.util.Set;
import orderflow.consumer.InvalidEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfirmationTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nobody",
        "a@b@c",
        "a@b.c\r\nRCPT TO:<x@y.z>",
        "x@example.com, y@example.com",
        "Eve <eve@example.com>",
        "김@example.com"
      })
  void refusesWhatIsNoAddress(String email) {
    assertThatThrownBy(
            () -> Events.confirmation(event -> Events.customer(event).put("email", email)))
        .isInstanceOf(InvalidEvent.class)
        .hasMessageContaining("email");
  }

  @Test
  void aPhoneIsTakenAsItIsAndOneThatIsNotUsableIsNone() {
    assertThat(phone("\"+82 10-1234-5678\"")).isEqualTo("+82 10-1234-5678");
    assertThat(phone("\"extension 7\"")).as("another system's").isEqualTo("extension 7");
    for (String unusable :
        List.of("null", "\"\"", "\" \"", "7", "{}", "[\"1\"]", "\"" + "1".repeat(41) + "\"")) {
      assertThat(phone(unusable)).as(unusable).isNull();
    }
  }

  private static String phone(String json) {
    return Events.confirmation(
            event -> Events.customer(event).putRawValue("phone", new RawValue(json)))
        .customerPhone();
  }

  @Test
  void refusesAnEventThatLacksWhatAMailShows() {
    for (String field :
        Set.of("orderId", "customer", "currency", "items", "subtotal", "discount", "total")) {
      assertThatThrownBy(() -> Events.confirmation(event -> event.remove(field)))
          .isInstanceOf(InvalidEvent.class);
    }
  }
}
