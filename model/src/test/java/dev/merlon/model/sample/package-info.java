/** Small runs, networks and batches for tests, drawn from fixed seeds. */
@NullMarked
package dev.merlon.model.sample;

import org.jspecify.annotations.NullMarked;
