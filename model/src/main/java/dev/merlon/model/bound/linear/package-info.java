/**
 * Backward linear bounds (CROWN, CROWN-IBP): activations are replaced by lines around them, and
 * linear functions of the outputs are carried back to the perturbation set. Decides nothing and
 * trains nothing.
 */
@NullMarked
package dev.merlon.model.bound.linear;

import org.jspecify.annotations.NullMarked;
