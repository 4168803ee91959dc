/**
 * What the consumers of completed orders have in common: they read a batch, apply it, find the
 * records that can not be applied, and wait for what is away.
 */
@NullMarked
package orderflow.consumer;

import org.jspecify.annotations.NullMarked;
