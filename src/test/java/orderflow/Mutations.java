package orderflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes a JSON document in one to three places: its values, its shape or its letters. */
final class Mutations {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String[] VALUES = {
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    "0",
    "-0",
    "-1",
    "1",
    "1.5",
    "2.0",
    "1e3",
    "1e-400",
    "1e400",
    "1e99999999999",
    "9999",
    "10000",
    "2147483648",
    "9223372036854775808",
    "999999999999999999999999999999",
    "NaN",
    "Infinity",
    "01",
    "+1",
    "\"\"",
    "\" \"",
    "\"0\"",
    "\"-1\"",
    "\"1e3\"",
    "\"0.001\"",
    "\"12.50\"",
    "\"999999999999\"",
    "\"1000000000000\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\r\\nBcc: a@b.c\"",
    "\"a\\tb\"",
    "\"${7*7}\"",
    "\"#{1}\"",
    "\"'; drop table orders; --\"",
    "\"../../etc/passwd\"",
    "\"<script>alert(1)</script>\"",
    "\"KRW\"",
    "\"USD\"",
    "\"BHD\"",
    "\"XXX\"",
    "\"krw\"",
    "\"ko-KR\"",
    "\"zh-Hant-TW\"",
    "\"x\"",
    "\"" + "a".repeat(64) + "\"",
    "\"" + "a".repeat(65) + "\"",
    "\"" + "가".repeat(200) + "\"",
    "\"" + "가".repeat(201) + "\"",
    "\"a@b\"",
    "\"\\\"a b\\\"@[127.0.0.1]\"",
    "\"a@b, c@d\""
  };

  private static final String[] LETTERS = {
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\0", "\uFEFF", "0", "e", "-", "\n"
  };

  private final RandomGenerator random;

  Mutations(RandomGenerator random) {
    this.random = random;
  }

  String of(String json) {
    String text = json;
    for (int i = random.nextInt(3); i >= 0; i--) {
      text = random.nextInt(6) == 0 ? otherLetters(text) : otherTree(text);
    }
    return text;
  }

  private String otherLetters(String text) {
    int at = random.nextInt(text.length() + 1);
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + any(LETTERS) + text.substring(at);
      default -> text.substring(0, at) + text.substring(Math.min(text.length(), at + 1));
    };
  }

  /** The new value is put in as text, for no tree holds NaN or 01. */
  private String otherTree(String text) {
    JsonNode tree;
    try {
      tree = JSON.readTree(text);
    } catch (IOException e) {
      return otherLetters(text);
    } catch (NumberFormatException e) {
      return text;
    }
    List<ContainerNode<?>> places = new ArrayList<>();
    collect(tree, places);
    places.removeIf(JsonNode::isEmpty);
    if (places.isEmpty()) {
      return any(VALUES);
    }
    ContainerNode<?> place = places.get(random.nextInt(places.size()));
    String mark = "@" + random.nextLong() + "@";
    if (place instanceof ArrayNode list) {
      int at = random.nextInt(list.size());
      switch (random.nextInt(4)) {
        case 0 -> list.remove(at);
        case 1 -> list.add(list.get(at).deepCopy());
        case 2 -> list.insert(at, mark);
        default -> list.set(at, mark);
      }
    } else if (place instanceof ObjectNode object) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      switch (random.nextInt(6)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(name + "x", object.remove(name));
        case 2 -> object.put("more", mark);
        default -> object.put(name, mark);
      }
    }
    return written(tree).replace("\"" + mark + "\"", any(VALUES));
  }

  private static void collect(JsonNode node, List<ContainerNode<?>> into) {
    if (node instanceof ContainerNode<?> container) {
      into.add(container);
    }
    node.forEach(child -> collect(child, into));
  }

  private static String written(JsonNode tree) {
    try {
      return JSON.writeValueAsString(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String any(String[] choices) {
    return choices[random.nextInt(choices.length)];
  }
}
