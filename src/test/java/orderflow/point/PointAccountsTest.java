package orderflow.point;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

  @Test
  void theLedgerMergesWhatCameAndWentNewestFirstAndReadsNoMoreThanItsPage() {
    DataSource database = FreshDatabase.named("ledger");
    JdbcClient jdbc = JdbcClient.create(database);
    // All of the same moment, so that ids alone tell them apart; odd ones were taken back.
    jdbc.sql(
            """
            insert into point_entry
            select lpad(to_hex(n * 2), 32, '0')::uuid, 'c-1', n, '2026-11-29T00:00:00Z' from generate_series(1, 2000) as n
            """)
        .update();
    jdbc.sql(
            """
            insert into point_reversal
            select lpad(to_hex(n * 2 + 1), 32, '0')::uuid, lpad(to_hex(n * 2), 32, '0')::uuid, 'c-1', n,
              '2026-11-29T00:00:00Z'
            from generate_series(1, 2000) as n
            """)
        .update();
    PointAccounts accounts = new PointAccounts(jdbc);
    PointAccounts.Ledger all = accounts.ledger("c-1", 4_000, null);
    assertThat(all.next()).isNull();
    assertThat(all.entries()).hasSize(4_000);
    assertThat(all.entries().get(0).kind()).isEqualTo(PointAccounts.Kind.REVERSE);
    assertThat(all.entries().get(0).points()).isEqualTo(-2_000);
    assertThat(all.entries().get(1).points()).isEqualTo(2_000);
    assertThat(all.entries().get(1).reversalId()).isNull();

    List<PointAccounts.Movement> paged = new ArrayList<>();
    PointAccounts.Ledger page = accounts.ledger("c-1", 333, null);
    while (page.next() != null) {
      paged.addAll(page.entries());
      page = accounts.ledger("c-1", 333, page.next());
    }
    paged.addAll(page.entries());
    assertThat(paged).isEqualTo(all.entries());

    PointAccounts.Ledger first = accounts.ledger("c-1", 3_000, null);
    for (String table : List.of("point_entry", "point_reversal")) {
      long read =
          RowsRead.of(
              table,
              database,
              sql -> new PointAccounts(JdbcClient.create(sql)).ledger("c-1", 10, first.next()));
      assertThat(read).as(table).isLessThan(100);
    }
  }
}
