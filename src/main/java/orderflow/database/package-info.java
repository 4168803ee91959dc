/** Connections to PostgreSQL: how many each part of the application may hold, and for how long. */
@NullMarked
package orderflow.database;

import org.jspecify.annotations.NullMarked;
