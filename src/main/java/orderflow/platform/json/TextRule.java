package orderflow.platform.json;

import java.util.function.Predicate;

/**
 * What a text must be like.
 *
 * @param words the rule as a fault's detail: "must be …"
 */
public record TextRule(String words, Predicate<String> test) {

  public boolean allows(String text) {
    return test.test(text);
  }
}
