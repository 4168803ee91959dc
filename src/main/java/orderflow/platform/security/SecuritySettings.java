package orderflow.platform.security;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Who may call.
 *
 * @param apiKey the key with all roles that an operator has set; empty: one is made and kept in a
 *     file
 * @param keysFile named keys with their roles
 * @param maxFailedLoginsPerMinute how many wrong keys an address may send in a minute
 */
@Validated
@ConfigurationProperties("orderflow.security")
record SecuritySettings(
    @Pattern(
            regexp = "\\s*|\\s*[\\x21-\\x7E]{24,}\\s*",
            message =
                "must be 24 or more visible ASCII characters without spaces:"
                    + " openssl rand -hex 32 makes one")
        String apiKey,
    Path keysFile,
    @Min(1) int maxFailedLoginsPerMinute) {}
