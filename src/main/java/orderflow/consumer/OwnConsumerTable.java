package orderflow.consumer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The consumers that shops add, as all instances know them. */
@Repository
public class OwnConsumerTable {

  private final JdbcClient jdbc;

  OwnConsumerTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Work that the first start of a consumer needs. */
  @FunctionalInterface
  interface FirstStart {
    void run() throws Exception;
  }

  /** Keeps a consumer's name. At its first start, whichever instance has it, the work is done. */
  @Transactional(rollbackFor = Exception.class)
  public void register(String name, FirstStart work) throws Exception {
    boolean isNew =
        jdbc.sql("insert into own_consumer (name) values (?) on conflict do nothing")
                .param(name)
                .update()
            == 1;
    if (isNew) {
      work.run(); // another instance's insert waits for this transaction
    }
  }

  public List<String> names() {
    return List.copyOf(pauses().keySet());
  }

  /** Their names in order, each with whether it is paused. */
  Map<String, Boolean> pauses() {
    Map<String, Boolean> pauses = new LinkedHashMap<>();
    jdbc.sql("select name, paused from own_consumer order by name")
        .query(
            (RowCallbackHandler)
                row -> pauses.put(row.getString("name"), row.getBoolean("paused")));
    return pauses;
  }

  /** Returns false if there is no such consumer. */
  public boolean pause(String name, boolean paused) {
    return jdbc.sql("update own_consumer set paused = ? where name = ?")
            .params(paused, name)
            .update()
        == 1;
  }
}
