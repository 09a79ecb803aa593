/**
 * What moves the weights: Adam, schedules and gradient clipping, with state that can be saved and
 * restored bit for bit.
 */
@NullMarked
package dev.merlon.model.optimize;

import org.jspecify.annotations.NullMarked;
