/**
 * HTTP apart from what is asked for: bodies, request ids, problems (RFC 9457), pages of lists, and
 * the documents that describe the API.
 */
@NullMarked
package orderflow.platform.http;

import org.jspecify.annotations.NullMarked;
