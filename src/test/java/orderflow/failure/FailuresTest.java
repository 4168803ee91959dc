package orderflow.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.sql.SQLException;
import orderflow.event.BadEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class FailuresTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "57P01", "57P03", "53100", "53300", "40001", "40P01", "55P03", "25006", "42P01",
        "58030"
      })
  void theWorldIsAway(String sqlState) {
    assertThat(Failures.isAway(new RuntimeException(new SQLException("x", sqlState)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"22001", "22003", "22021", "22P05", "23505", "23514", "54000"})
  void theDataIsBad(String sqlState) {
    assertThat(
            Failures.isAway(
                new DataIntegrityViolationException("x", new SQLException("x", sqlState))))
        .isFalse();
  }

  @Test
  void aConnectionRefusedPasses() {
    assertThat(Failures.isAway(new RuntimeException(new ConnectException("refused")))).isTrue();
    assertThat(Failures.isAway(new CannotGetJdbcConnectionException("pool is empty"))).isTrue();
  }

  @Test
  void aBadEventOrAFaultInTheCodeNeverPasses() {
    assertThat(Failures.isAway(new BadEvent("total is missing"))).isFalse();
    assertThat(Failures.isAway(new NullPointerException())).isFalse();
  }
}
