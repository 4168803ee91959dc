package orderflow.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds the columns of a batch as arrays, one parameter after the other, for a statement's {@code
 * unnest}.
 */
public final class ArrayColumns {

  private final PreparedStatement statement;
  private int index;

  public ArrayColumns(PreparedStatement statement) {
    this.statement = statement;
  }

  /**
   * Binds the next parameter. Texts travel in binary form, which the driver has for a String[]
   * only.
   *
   * @param type PostgreSQL's name of the elements' type
   */
  public <T> void add(String type, List<T> rows, Function<T, @Nullable Object> value)
      throws SQLException {
    bind(
        type,
        rows.stream().map(value).toArray(type.equals("text") ? String[]::new : Object[]::new));
  }

  /**
   * Binds the next parameter as {@code bytea[]}; the driver would take bytes in an Object[] for a
   * second dimension.
   */
  public <T> void addBytes(List<T> rows, Function<T, byte @Nullable []> value) throws SQLException {
    bind("bytea", rows.stream().map(value).toArray(byte[][]::new));
  }

  /** Binds the next parameter, which is one value for the whole batch. */
  public void addValue(Object value) throws SQLException {
    statement.setObject(++index, value);
  }

  private void bind(String type, Object[] elements) throws SQLException {
    statement.setArray(++index, statement.getConnection().createArrayOf(type, elements));
  }
}
