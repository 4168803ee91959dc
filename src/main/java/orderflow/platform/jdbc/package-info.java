/**
 * PostgreSQL: how many connections each part of the application may hold and for how long, and how
 * statements take many rows.
 */
@NullMarked
package orderflow.platform.jdbc;

import org.jspecify.annotations.NullMarked;
