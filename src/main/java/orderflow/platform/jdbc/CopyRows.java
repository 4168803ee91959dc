package orderflow.platform.jdbc;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/**
 * Rows for one of PostgreSQL's tables, in the binary format of its COPY (in its manual: COPY, File
 * Formats, Binary Format). Each row takes a value for each column, in the columns' order.
 */
public final class CopyRows {

  private static final byte[] SIGNATURE = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0
  };
  private static final long SECONDS_TO_2000 = 946_684_800L;
  private static final int NULL = -1;

  /** Far below what garbage collectors take for a large object. */
  private static final int CHUNK = 64 * 1024;

  private final String statement;
  private final int columns;
  private final List<ByteBuffer> chunks = new ArrayList<>();
  private ByteBuffer last = chunk(CHUNK);

  public CopyRows(String table, String... columns) {
    this.statement =
        "copy " + table + " (" + String.join(", ", columns) + ") from stdin (format binary)";
    this.columns = columns.length;
    last.put(SIGNATURE).putInt(0).putInt(0);
  }

  /** Begins a row. */
  public CopyRows row() {
    room(2).putShort((short) columns);
    return this;
  }

  public CopyRows add(@Nullable String text) {
    return text == null ? addNull() : add(text.getBytes(StandardCharsets.UTF_8));
  }

  public CopyRows add(byte @Nullable [] value) {
    if (value == null) {
      return addNull();
    }
    room(4 + value.length).putInt(value.length).put(value);
    return this;
  }

  public CopyRows addNull() {
    room(4).putInt(NULL);
    return this;
  }

  public CopyRows add(UUID id) {
    room(20).putInt(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    return this;
  }

  public CopyRows add(BigDecimal number) {
    return add(ByteConverter.numeric(number));
  }

  /** A bool. */
  public CopyRows add(boolean value) {
    room(5).putInt(1).put((byte) (value ? 1 : 0));
    return this;
  }

  /** An int2. */
  public CopyRows add(short number) {
    room(6).putInt(2).putShort(number);
    return this;
  }

  /** An int4. */
  public CopyRows add(int number) {
    room(8).putInt(4).putInt(number);
    return this;
  }

  /** A timestamptz, to the microsecond. */
  public CopyRows add(Instant time) {
    long micros =
        TimeUnit.SECONDS.toMicros(time.getEpochSecond() - SECONDS_TO_2000)
            + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    room(12).putInt(8).putLong(micros);
    return this;
  }

  /** A jsonb. */
  public CopyRows addJson(@Nullable String json) {
    if (json == null) {
      return addNull();
    }
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    room(5 + text.length).putInt(1 + text.length).put((byte) 1).put(text);
    return this;
  }

  /**
   * Writes the rows, within the connection's transaction if it is in one.
   *
   * @param meanwhile what can be done while PostgreSQL takes them in
   */
  public void into(Connection connection, Runnable meanwhile) throws SQLException {
    room(2).putShort((short) -1);
    CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    try {
      for (ByteBuffer chunk : chunks) {
        copy.writeToCopy(chunk.array(), 0, chunk.position());
      }
      copy.flushCopy();
      meanwhile.run();
      copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  private ByteBuffer room(int more) {
    if (last.remaining() < more) {
      last = chunk(Math.max(CHUNK, more));
    }
    return last;
  }

  private ByteBuffer chunk(int size) {
    ByteBuffer chunk = ByteBuffer.allocate(size);
    chunks.add(chunk);
    return chunk;
  }
}
