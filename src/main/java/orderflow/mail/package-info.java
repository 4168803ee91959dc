/**
 * Order confirmations: queued by the e-mail consumer, written from templates, sent over pooled SMTP
 * connections.
 */
@NullMarked
package orderflow.mail;

import org.jspecify.annotations.NullMarked;
