/** The mails the embedded SMTP server has taken, and the page that shows them. */
@NullMarked
package orderflow.platform.mailbox;

import org.jspecify.annotations.NullMarked;
