package orderflow.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OrderNumbersTest {

  @Test
  void areTenCharactersInTwoGroupsWithoutLookAlikes() {
    assertThat(OrderNumbers.of(UUID.fromString("019ab2c4-7d1e-7a51-9c3f-0b6a4a1f2e30")))
        .matches("[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}")
        .isEqualTo(OrderNumbers.of(UUID.fromString("019ab2c4-7d1e-7a51-9c3f-0b6a4a1f2e30")));
  }

  @Test
  void differBetweenOrdersOfTheSameMoment() {
    Instant now = Instant.parse("2026-11-22T05:00:00Z");

    assertThat(
            Stream.generate(() -> OrderNumbers.of(OrderIds.at(now)))
                .limit(10_000)
                .collect(Collectors.toSet()))
        .hasSize(10_000);
  }
}
