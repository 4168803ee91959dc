package orderflow.order;

import java.util.Locale;
import java.util.UUID;

/**
 * Numbers that people read out to each other, made from orders' ids: ten characters in two groups,
 * among which none looks like another one or like a digit.
 *
 * <p>They hold 49 of the id's random bits. Two of ten million orders share such a number with a
 * probability of some per cent, so a unique index refuses the second one, which then gets another
 * id.
 */
public final class OrderNumbers {

  private static final char[] CHARACTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int LENGTH = 10;
  private static final long RANDOM_BITS = 0x3FFF_FFFF_FFFF_FFFFL;

  private OrderNumbers() {}

  /**
   * A number as it is made, of one as people write it down: without the hyphen, in small letters.
   */
  public static String tidy(String number) {
    String letters = number.toUpperCase(Locale.ROOT).replaceAll("[\\s-]", "");
    return letters.length() == LENGTH
        ? letters.substring(0, LENGTH / 2) + "-" + letters.substring(LENGTH / 2)
        : number;
  }

  /** The number of an order that has none of its own; the same each time. */
  public static String of(UUID id) {
    StringBuilder number = new StringBuilder(LENGTH + 1);
    long rest = id.getLeastSignificantBits() & RANDOM_BITS;
    for (int i = 0; i < LENGTH; i++) {
      number.append(CHARACTERS[(int) (rest % CHARACTERS.length)]);
      rest /= CHARACTERS.length;
    }
    return number.insert(LENGTH / 2, '-').toString();
  }
}
