package orderflow.security;

import org.springframework.boot.context.properties.ConfigurationProperties;

/** The key an operator has set; empty: one is made and kept in a file. */
@ConfigurationProperties("orderflow.security")
record SecuritySettings(String apiKey) {}
