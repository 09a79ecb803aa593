/**
 * One training run as actors: who loads, attacks, propagates, saves and supervises. May import
 * {@code config}, {@code model}, {@code streams} and {@code actors.device}.
 */
@NullMarked
package dev.merlon.actors.training;

import org.jspecify.annotations.NullMarked;
