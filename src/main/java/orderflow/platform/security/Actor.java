package orderflow.platform.security;

import org.jspecify.annotations.Nullable;

/**
 * The caller that acts, and its request.
 *
 * @param name of the API key, or the subject of the access token
 * @param role the actor's roles, separated by commas
 * @param requestId null where the request has none
 */
public record Actor(String name, String role, @Nullable String requestId) {}
