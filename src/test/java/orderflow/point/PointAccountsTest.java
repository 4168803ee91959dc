package orderflow.point;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import orderflow.FreshDatabase;
import orderflow.RowsRead;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class PointAccountsTest {

  @Test
  void aPageFarBackCostsNoMoreThanTheFirst() {
    DataSource database = FreshDatabase.named("points");
    JdbcClient jdbc = JdbcClient.create(database);
    jdbc.sql(
            """
            insert into point_entry
            select lpad(to_hex(n), 32, '0')::uuid, 'c-1', n, now() from generate_series(1, 2000) as n
            """)
        .update();
    PointAccounts.Account first = new PointAccounts(jdbc).find("c-1", 1_900, null);

    long read =
        RowsRead.of(
            "point_entry",
            database,
            sql -> {
              var later = new PointAccounts(JdbcClient.create(sql)).find("c-1", 10, first.next());
              assertThat(later.entries().get(0).points()).isEqualTo(100);
            });
    assertThat(read).isLessThan(100);
  }
}
