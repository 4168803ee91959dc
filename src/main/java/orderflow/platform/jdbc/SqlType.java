package orderflow.platform.jdbc;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A type of PostgreSQL's: how its values are bound in arrays, copied and read. */
public final class SqlType<T> {

  public static final SqlType<String> TEXT =
      new SqlType<>("text", text -> text, CopyRows::add, ResultSet::getString);
  public static final SqlType<java.util.UUID> UUID =
      new SqlType<>(
          "uuid",
          id -> id,
          CopyRows::add,
          (row, name) -> row.getObject(name, java.util.UUID.class));
  public static final SqlType<byte[]> BYTEA =
      new SqlType<>("bytea", bytes -> bytes, CopyRows::add, ResultSet::getBytes);
  public static final SqlType<Short> INT2 =
      new SqlType<>("int2", number -> number, CopyRows::add, ResultSet::getShort);
  public static final SqlType<Integer> INT4 =
      new SqlType<>("int4", number -> number, CopyRows::add, ResultSet::getInt);
  public static final SqlType<BigDecimal> NUMERIC =
      new SqlType<>("numeric", number -> number, CopyRows::add, ResultSet::getBigDecimal);
  public static final SqlType<Instant> TIMESTAMPTZ =
      new SqlType<>("timestamptz", Instant::toString, CopyRows::add, SqlType::instant);

  public static final SqlType<Boolean> BOOL =
      new SqlType<>("bool", value -> value, CopyRows::add, ResultSet::getBoolean);

  /** As the JSON's text. */
  public static final SqlType<String> JSONB =
      new SqlType<>("jsonb", json -> json, CopyRows::addJson, ResultSet::getString);

  private interface Copier<T> {
    CopyRows add(CopyRows rows, T value);
  }

  private interface Reader<T> {
    @Nullable T read(ResultSet row, String name) throws SQLException;
  }

  private final String name;
  private final Function<T, Object> element;
  private final Copier<T> copier;
  private final Reader<T> reader;

  private SqlType(String name, Function<T, Object> element, Copier<T> copier, Reader<T> reader) {
    this.name = name;
    this.element = element;
    this.copier = copier;
    this.reader = reader;
  }

  /** PostgreSQL's name of it. */
  String sqlName() {
    return name;
  }

  /** A value as the driver takes it for an element of an array. */
  @Nullable Object element(@Nullable T value) {
    return value == null ? null : element.apply(value);
  }

  void copy(@Nullable T value, CopyRows rows) {
    if (value == null) {
      rows.addNull();
    } else {
      copier.add(rows, value);
    }
  }

  @Nullable T read(ResultSet row, String column) throws SQLException {
    return reader.read(row, column);
  }

  private static @Nullable Instant instant(ResultSet row, String name) throws SQLException {
    OffsetDateTime time = row.getObject(name, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
