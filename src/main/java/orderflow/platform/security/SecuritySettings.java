package orderflow.platform.security;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param apiKey the key with all roles that an operator has set; empty: one is made and kept in a
 *     file
 * @param keysFile named keys with their roles
 * @param wrongKeys how many wrong keys an address may send in a minute
 */
@ConfigurationProperties("orderflow.security")
record SecuritySettings(String apiKey, Path keysFile, @DefaultValue("60") int wrongKeys) {}
