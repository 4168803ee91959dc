package orderflow.platform.json;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.springframework.stereotype.Component;

/**
 * Reads JSON into trees that stay small, whatever is sent. Of an object or a list that is longer
 * than any that can be right, the rest is only passed over: what is kept is enough to refuse it by.
 *
 * <p>A name that is given twice is found here, too, which costs less than Jackson's own look, and a
 * number such as 1e99999999999, which no decimal holds: by itself Jackson lets a
 * NumberFormatException through.
 */
@Component
public final class BoundedTrees extends SimpleModule {

  private static final long serialVersionUID = 1;

  /** Of an object's fields, or a list's elements. */
  private static final int MOST_IN_ONE = 1_000;

  /** Values in all; an order of 200 items has 1,000. */
  private static final int MOST_IN_ALL = 20_000;

  public BoundedTrees() {
    super("bounded-trees");
    addDeserializer(JsonNode.class, new Trees());
  }

  private static final class Trees extends StdDeserializer<JsonNode> {

    private static final long serialVersionUID = 1;

    Trees() {
      super(JsonNode.class);
    }

    @Override
    public JsonNode deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      try {
        return new Tree(json, context.getNodeFactory()).read();
      } catch (NumberFormatException e) {
        throw new StreamConstraintsException("a number is too large", json.currentLocation());
      }
    }

    @Override
    public JsonNode getNullValue(DeserializationContext context) {
      return NullNode.getInstance();
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return MissingNode.getInstance();
    }
  }

  private static final class Tree {

    private final JsonParser json;
    private final JsonNodeFactory nodes;
    private int values;

    Tree(JsonParser json, JsonNodeFactory nodes) {
      this.json = json;
      this.nodes = nodes;
    }

    /** Goes no deeper than the parser, which bounds that. */
    JsonNode read() throws IOException {
      if (++values > MOST_IN_ALL) {
        throw new StreamConstraintsException("too many values", json.currentLocation());
      }
      return switch (json.currentToken()) {
        case START_OBJECT -> object();
        case START_ARRAY -> list();
        case VALUE_STRING -> nodes.textNode(json.getText());
        case VALUE_NUMBER_INT -> integer();
        case VALUE_NUMBER_FLOAT -> nodes.numberNode(json.getDecimalValue());
        case VALUE_TRUE -> nodes.booleanNode(true);
        case VALUE_FALSE -> nodes.booleanNode(false);
        case VALUE_NULL -> nodes.nullNode();
        default -> throw new JsonParseException(json, "not a value");
      };
    }

    private JsonNode object() throws IOException {
      ObjectNode object = nodes.objectNode();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        if (object.size() >= MOST_IN_ONE) {
          json.skipChildren();
        } else if (object.replace(name, read()) != null) {
          throw new JsonParseException(json, "Duplicate field '" + name + "'");
        }
      }
      return object;
    }

    private JsonNode list() throws IOException {
      ArrayNode list = nodes.arrayNode();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (list.size() >= MOST_IN_ONE) {
          json.skipChildren();
        } else {
          list.add(read());
        }
      }
      return list;
    }

    private JsonNode integer() throws IOException {
      return switch (json.getNumberType()) {
        case INT -> nodes.numberNode(json.getIntValue());
        case LONG -> nodes.numberNode(json.getLongValue());
        default -> nodes.numberNode(json.getBigIntegerValue());
      };
    }
  }
}
