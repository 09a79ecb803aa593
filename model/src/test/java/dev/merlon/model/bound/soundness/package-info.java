/**
 * The soundness suite: random networks, inputs and radii, and points that try to leave the bounds.
 * It judges any {@link dev.merlon.model.bound.soundness.BoundsUnderTest}, ours and deliberately
 * wrong ones.
 */
@NullMarked
package dev.merlon.model.bound.soundness;

import org.jspecify.annotations.NullMarked;
