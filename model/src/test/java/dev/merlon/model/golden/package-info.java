/**
 * Reads published reference numbers ("golden cases") as networks and tensors for tests. The small
 * cases are bundled as resources; all of them are found through the environment variable {@code
 * MERLON_GOLDEN}.
 */
@NullMarked
package dev.merlon.model.golden;

import org.jspecify.annotations.NullMarked;
