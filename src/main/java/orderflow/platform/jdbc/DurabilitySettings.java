package orderflow.platform.jdbc;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.validation.annotation.Validated;

/**
 * What an answer promises.
 *
 * @param durability what the operator counts on; what is less is reported
 */
@Validated
@ConfigurationProperties("orderflow")
public record DurabilitySettings(Durability durability) {

  private static final String WRITE_SOMETHING =
      "select pg_logical_emit_message(true, 'orderflow', '')";

  /**
   * Makes the commit of the transaction at hand wait for the standby, where that is promised,
   * though the transaction writes nothing: what it has read may be on this server alone, because
   * the wait of the commit that wrote it was cut short.
   */
  public void awaitStandby(JdbcTemplate jdbc) {
    if (durability == Durability.REPLICATED) {
      jdbc.query(WRITE_SOMETHING, row -> {});
    }
  }
}
