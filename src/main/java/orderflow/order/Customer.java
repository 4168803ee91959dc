package orderflow.order;

/**
 * Who ordered.
 *
 * @param locale a BCP 47 language tag
 */
public record Customer(String id, String email, String name, String locale) {}
