package orderflow.platform.retry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParseException;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.charset.MalformedInputException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import orderflow.consumer.InvalidEvent;
import org.apache.camel.CamelExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotCoordinatorException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class FailureClassifierTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "08006", "57P01", "57P03", "53100", "53300", "40001", "40P01", "55P03", "57014", "25006",
        "25P02", "25P03", "25P04", "57P05", "42P01", "58030"
      })
  void theWorldIsAway(String sqlState) {
    assertThat(FailureClassifier.isTransient(new RuntimeException(new SQLException("x", sqlState))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"21000", "22001", "22003", "22021", "22P05", "23505", "23514", "54000"})
  void theDataIsBad(String sqlState) {
    assertThat(
            FailureClassifier.isTransient(
                new DataIntegrityViolationException("x", new SQLException("x", sqlState))))
        .isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void aConnectionOrATransactionThatCannotBeHadPasses(Exception failure) {
    assertThat(FailureClassifier.isTransient(failure)).isTrue();
    assertThat(FailureClassifier.isTransient(new IllegalStateException(failure))).isTrue();
    assertThat(FailureClassifier.isRefusedByBroker(failure)).isFalse();
  }

  static List<Exception> aConnectionOrATransactionThatCannotBeHadPasses() {
    return List.of(
        new CannotGetJdbcConnectionException("pool is empty"),
        new SQLTransientConnectionException("pool is empty"),
        new CannotCreateTransactionException("can't begin"),
        new TransactionSystemException("can't commit"),
        new CannotAcquireLockException("locked"),
        new QueryTimeoutException("slow"),
        new SQLException("closed", new ConnectException("refused")),
        new InterruptedException("stopped"),
        new RejectedExecutionException("stopped"));
  }

  /** Parsers throw it too: only the database's and the broker's own words count. */
  @ParameterizedTest
  @MethodSource
  void anIoExceptionAloneIsNoWordOfTheWorlds(IOException failure) {
    assertThat(FailureClassifier.isTransient(failure)).isFalse();
    assertThat(FailureClassifier.isTransient(new UncheckedIOException(failure))).isFalse();
  }

  static List<IOException> anIoExceptionAloneIsNoWordOfTheWorlds() {
    return List.of(
        new CharConversionException("Invalid UTF-32 character"),
        new MalformedInputException(1),
        new EOFException("Unexpected end of ZLIB input stream"),
        new JsonParseException(null, "no JSON"),
        new IOException("x"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"08006", "25006", "40P01", "53100", "55P03", "57P01", "58030"})
  void theServerIsAwayWhateverItIsAsked(String sqlState) {
    assertThat(
            FailureClassifier.isServerUnavailable(
                new RuntimeException(new SQLException("x", sqlState))))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"42501", "42P01", "XX000", "XX001", "P0001", "0A000"})
  void theServerAnswersAndOnlyWhatIsAskedIsAway(String sqlState) {
    SQLException failure = new SQLException("x", sqlState);

    assertThat(FailureClassifier.isTransient(failure)).isTrue();
    assertThat(FailureClassifier.isServerUnavailable(new RuntimeException(failure))).isFalse();
  }

  @ParameterizedTest
  @MethodSource
  void whatKafkaSaysOfItsOwnStatePasses(Exception failure) {
    assertThat(FailureClassifier.isTransient(failure)).isTrue();
    assertThat(FailureClassifier.isTransient(asAProducerThrowsIt(failure))).isTrue();
    assertThat(FailureClassifier.isRefusedByBroker(asAProducerThrowsIt(failure))).isFalse();
  }

  static List<Exception> whatKafkaSaysOfItsOwnStatePasses() {
    return List.of(
        new LeaderNotAvailableException("x"),
        new NotLeaderOrFollowerException("x"),
        new NotEnoughReplicasException("x"),
        new TimeoutException("x"),
        new NetworkException("x"),
        new DisconnectException("x"),
        new CoordinatorNotAvailableException("x"),
        new NotCoordinatorException("x"),
        new UnknownTopicOrPartitionException("x"));
  }

  @ParameterizedTest
  @MethodSource
  void theBrokerWillNeverTakeWhatIsTooLargeOrInvalid(Exception failure) {
    assertThat(FailureClassifier.isRefusedByBroker(failure)).isTrue();
    assertThat(FailureClassifier.isRefusedByBroker(asAProducerThrowsIt(failure))).isTrue();
    assertThat(FailureClassifier.isTransient(asAProducerThrowsIt(failure))).isFalse();
  }

  static Stream<Exception> theBrokerWillNeverTakeWhatIsTooLargeOrInvalid() {
    return Stream.of(
        new RecordTooLargeException("x"),
        new RecordBatchTooLargeException("x"),
        new InvalidRecordException("x"));
  }

  /** An operator's fault costs no record: the outbox keeps what is not refused by the broker. */
  @ParameterizedTest
  @MethodSource
  void noRecordIsToBlameForARefusalOfAnotherKind(Exception failure) {
    assertThat(FailureClassifier.isRefusedByBroker(asAProducerThrowsIt(failure))).isFalse();
  }

  static List<Exception> noRecordIsToBlameForARefusalOfAnotherKind() {
    return List.of(
        new TopicAuthorizationException("order.completed"),
        new SaslAuthenticationException("x"),
        new SslAuthenticationException("x"),
        new UnknownTopicOrPartitionException("x"),
        new KafkaException("x"),
        new SQLException("x", "22003"));
  }

  @Test
  void aBadEventOrAFaultInTheCodeNeverPasses() {
    assertThat(FailureClassifier.isTransient(new InvalidEvent("total is missing"))).isFalse();
    assertThat(FailureClassifier.isTransient(new NullPointerException())).isFalse();
    assertThat(FailureClassifier.isTransient(null)).isFalse();
  }

  private static Exception asAProducerThrowsIt(Exception failure) {
    return new CamelExecutionException("x", null, new ExecutionException(failure));
  }
}
