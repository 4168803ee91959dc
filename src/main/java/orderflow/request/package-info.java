/** What every request has from its first moment on, before anything of it is changed or refused. */
@NullMarked
package orderflow.request;

import org.jspecify.annotations.NullMarked;
