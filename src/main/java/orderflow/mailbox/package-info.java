/** The mails the embedded SMTP server has taken, and the page that shows them. */
@NullMarked
package orderflow.mailbox;

import org.jspecify.annotations.NullMarked;
