package orderflow.overview;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * From when on a person should look at something.
 *
 * @param refundsAfter how long a refund may be due
 * @param importsWithin how long ago a file may have ended that failed or had rejected entries
 * @param backlogAfter how long an event may wait for Kafka, and a mail for the mail server
 */
@Validated
@ConfigurationProperties("orderflow.attention")
public record AttentionSettings(
    @DurationMin Duration refundsAfter,
    @DurationMin Duration importsWithin,
    @DurationMin Duration backlogAfter) {}
