package orderflow.platform.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.http.converter.json.Jackson2ObjectMapperBuilder;
import org.springframework.stereotype.Component;

/** How JSON is read and written at the HTTP interface: nothing is guessed, no digit is lost. */
@Component
class StrictJson implements Jackson2ObjectMapperBuilderCustomizer {

  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder()
          .maxNestingDepth(100)
          .maxNumberLength(1_000)
          .maxNameLength(1_000)
          .build();

  @Override
  public void customize(Jackson2ObjectMapperBuilder builder) {
    // Names that strangers make up are not kept for ever.
    builder.factory(
        JsonFactory.builder()
            .streamReadConstraints(BOUNDS)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());
    builder.featuresToEnable(
        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
        JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
    builder.serializerByType(Instant.class, new Milliseconds());
  }

  /** Times in UTC and ISO 8601, to the millisecond. */
  private static final class Milliseconds extends StdScalarSerializer<Instant> {

    private static final long serialVersionUID = 1;

    Milliseconds() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant time, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(time.truncatedTo(ChronoUnit.MILLIS).toString());
    }
  }
}
