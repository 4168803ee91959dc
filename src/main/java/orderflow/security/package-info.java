/** The API key: made at the first start, asked for on every call below {@code /api}. */
@NullMarked
package orderflow.security;

import org.jspecify.annotations.NullMarked;
