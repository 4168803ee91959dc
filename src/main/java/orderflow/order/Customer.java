package orderflow.order;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Who ordered.
 *
 * @param email null if the customer is to get no mail
 * @param locale a BCP 47 language tag
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Customer(
    String id,
    @Nullable String email,
    @Nullable String name,
    String locale,
    @Nullable String phone) {}
