package orderflow.reversal;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * For how long the places of an order's effects stay taken that was cancelled before it came.
 *
 * @param keepSlots after its cancellation
 */
@Validated
@ConfigurationProperties("orderflow.reversals")
record SlotSettings(@DurationMin Duration keepSlots) {}
