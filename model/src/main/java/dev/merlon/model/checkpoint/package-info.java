/**
 * What a training run needs to go on exactly, as a value, as bytes and as files that are written
 * atomically. May import {@code config}, {@code proto} and the packages of the values it holds.
 */
@NullMarked
package dev.merlon.model.checkpoint;

import org.jspecify.annotations.NullMarked;
