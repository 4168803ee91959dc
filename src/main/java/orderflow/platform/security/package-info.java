/**
 * Who may call and what: named keys and access tokens with their roles, asked for below {@code
 * /api}.
 */
@NullMarked
package orderflow.platform.security;

import org.jspecify.annotations.NullMarked;
