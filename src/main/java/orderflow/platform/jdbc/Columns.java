package orderflow.platform.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table's columns, each written down once: its name, its type and the value that a row has in it.
 * The statements that insert, COPY, and what reads rows are made of them.
 *
 * @param <R> what a row is made of
 */
public abstract class Columns<R> {

  private final String table;
  private final List<Written<R, ?>> all = new ArrayList<>();

  protected Columns(String table) {
    this.table = table;
  }

  /** A column, for reading rows. */
  public static final class Column<T> {

    private final String name;
    private final SqlType<T> type;

    private Column(String name, SqlType<T> type) {
      this.name = name;
      this.type = type;
    }

    public String name() {
      return name;
    }

    /**
     * The value in a row.
     *
     * @throws IllegalStateException if there is none
     */
    public T of(ResultSet row) throws SQLException {
      T value = orNull(row);
      if (value == null) {
        throw new IllegalStateException(name + " is null");
      }
      return value;
    }

    public @Nullable T orNull(ResultSet row) throws SQLException {
      return type.read(row, name);
    }
  }

  private record Written<R, T>(Column<T> column, Function<R, @Nullable T> value) {

    void bind(ArrayColumns parameters, List<R> rows) throws SQLException {
      SqlType<T> type = column.type;
      parameters.add(type.sqlName(), rows, row -> type.element(value.apply(row)));
    }

    void copy(R row, CopyRows rows) {
      column.type.copy(value.apply(row), rows);
    }

    <W> Written<W, T> of(Function<W, R> part) {
      return new Written<>(column, whole -> value.apply(part.apply(whole)));
    }
  }

  /** Adds the next column. */
  protected final <T> Column<T> column(
      String name, SqlType<T> type, Function<R, @Nullable T> value) {
    Column<T> column = new Column<>(name, type);
    all.add(new Written<>(column, value));
    return column;
  }

  /** Adds all columns of a part of each row. */
  protected final <P> void columns(Columns<P> columns, Function<R, P> part) {
    columns.all.forEach(column -> all.add(column.of(part)));
  }

  /**
   * What a statement's text has for these columns in the places {@code ${table.columns}}, their
   * names, and {@code ${table.arrays}}, a parameter for each.
   */
  public final Map<String, String> parts() {
    return Map.of(
        table + ".columns",
        String.join(", ", names()),
        table + ".arrays",
        all.stream()
            .map(written -> "?::" + written.column.type.sqlName() + "[]")
            .collect(Collectors.joining(", ")));
  }

  /** Binds a parameter for each column, an array with the values of all rows. */
  public final void bind(ArrayColumns parameters, List<R> rows) throws SQLException {
    for (Written<R, ?> written : all) {
      written.bind(parameters, rows);
    }
  }

  /** No rows yet, to be copied into the table. */
  public final CopyRows copyRows() {
    return new CopyRows(table, names().toArray(String[]::new));
  }

  /** Adds a row to those that are copied. */
  public final void copy(R row, CopyRows rows) {
    rows.row();
    for (Written<R, ?> written : all) {
      written.copy(row, rows);
    }
  }

  private List<String> names() {
    return all.stream().map(written -> written.column.name).toList();
  }
}
