package orderflow.consumer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.util.Collection;

/**
 * Writes what consumers publish, and the rows of a batch as the JSON that their statements read.
 */
public final class EventJson {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private static final ObjectWriter ROWS =
      JSON.copy().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).writer();

  private EventJson() {}

  /** An event's JSON, its fields in the order of the record's components. */
  public static String json(Record event) {
    return write(JSON.writer(), event);
  }

  /**
   * Rows for {@code jsonb_to_recordset}: an array of objects, the components' names in snake case.
   */
  public static String rows(Collection<? extends Record> rows) {
    return write(ROWS, rows);
  }

  private static String write(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw InvalidEvent.unreadable(e); // what it is written from came with a record
    }
  }
}
