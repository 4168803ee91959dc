package orderflow.platform.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Types;
import javax.sql.DataSource;
import orderflow.FreshDatabase;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TransactionConnectionsTest {

  private static final DataSource DATABASE = FreshDatabase.named("transaction_connections");
  private static final String STATEMENT =
      "insert into erased_address (customer_id, address) values ('c-1', :?address) returning address";

  private final CamelContext camel = new DefaultCamelContext();

  @BeforeEach
  void begin() throws Exception {
    JdbcComponent jdbc = new JdbcComponent();
    UntypedParameters parameters = new UntypedParameters();
    new TransactionConnections(parameters).configure("jdbc", jdbc);
    camel.addComponent("jdbc", jdbc);
    camel.getRegistry().bind("dataSource", DATABASE);
    camel.getRegistry().bind("untypedParameters", parameters);
    camel.start();
    JdbcClient.create(DATABASE).sql("truncate erased_address").update();
  }

  @AfterEach
  void end() {
    camel.stop();
  }

  @Test
  void aStatementOfARouteIsRolledBackWithTheTransactionAtHand() {
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(DATABASE));

    transaction.executeWithoutResult(
        status -> {
          status.setRollbackOnly();
          insert("a");
          insert("b");
          assertThat(addresses()).as("within it").isEqualTo(2);
        });

    assertThat(addresses()).isZero();
  }

  @Test
  void withoutATransactionItHasItsOwnAndGivesItsConnectionBack() {
    for (int i = 0; i < 50; i++) {
      insert("a" + i);
    }

    assertThat(addresses()).isEqualTo(50);
  }

  @Test
  void theServerIsNotAskedHowManyParametersAStatementHas() throws Exception {
    DataSource database = mock();
    Connection connection = mock();
    PreparedStatement statement = mock();
    when(database.getConnection()).thenReturn(connection);
    when(connection.prepareStatement(anyString())).thenReturn(statement);
    camel.getComponent("jdbc", JdbcComponent.class).setDataSource(database);

    insert("a");

    verify(statement).setObject(1, "a", Types.OTHER);
    verify(statement).execute();
    verify(statement, never()).getParameterMetaData();
  }

  private void insert(String address) {
    Exchange answer =
        camel
            .createProducerTemplate()
            .send(
                BatchStatement.JDBC,
                exchange -> {
                  exchange.getMessage().setHeader("address", address);
                  exchange.getMessage().setBody(STATEMENT);
                });
    assertThat(answer.getException()).isNull();
  }

  private static int addresses() {
    return JdbcClient.create(DATABASE)
        .sql("select count(*) from erased_address")
        .query(Integer.class)
        .single();
  }
}
