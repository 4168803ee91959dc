package orderflow.platform.jdbc;

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
   * Binds the next parameter.
   *
   * @param type PostgreSQL's name of the elements' type
   */
  public <T> void add(String type, List<T> rows, Function<T, @Nullable Object> value)
      throws SQLException {
    @Nullable Object[] elements = elements(type, rows.size());
    for (int i = 0; i < elements.length; i++) {
      elements[i] = value.apply(rows.get(i));
    }
    statement.setArray(++index, statement.getConnection().createArrayOf(type, elements));
  }

  /** Binds the next parameter, which is one value for the whole batch. */
  public void addValue(Object value) throws SQLException {
    statement.setObject(++index, value);
  }

  /**
   * Arrays that the driver sends in binary form; of others, it writes a text. Bytes in an Object[]
   * it would take for a second dimension.
   */
  private static @Nullable Object[] elements(String type, int length) {
    return switch (type) {
      case "text" -> new String[length];
      case "int2" -> new Short[length];
      case "int4" -> new Integer[length];
      case "int8" -> new Long[length];
      case "bool" -> new Boolean[length];
      case "bytea" -> new byte[length][];
      default -> new Object[length];
    };
  }
}
