package orderflow.platform.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/**
 * Refuses a number such as 1e99999999999, which no decimal holds, as Jackson refuses one of too
 * many digits; by itself it lets a NumberFormatException through.
 */
public final class BoundedNumbers extends SimpleModule {

  private static final long serialVersionUID = 1;

  public BoundedNumbers() {
    super("bounded-numbers");
    addDeserializer(JsonNode.class, new Trees());
  }

  private static final class Trees extends JsonDeserializer<JsonNode> {

    private final JsonDeserializer<? extends JsonNode> trees =
        JsonNodeDeserializer.getDeserializer(JsonNode.class);

    @Override
    public JsonNode deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      try {
        return trees.deserialize(json, context);
      } catch (NumberFormatException e) {
        throw new StreamConstraintsException("a number is too large", json.currentLocation());
      }
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) throws JsonMappingException {
      return trees.getNullValue(context);
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
      return trees.getAbsentValue(context);
    }
  }
}
