package orderflow.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Who ordered.
 *
 * @param locale a BCP 47 language tag
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Customer(
    String id, String email, String name, String locale, @Nullable String phone) {}
