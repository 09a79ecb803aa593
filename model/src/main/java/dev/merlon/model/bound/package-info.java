/**
 * Bounds on the values of a network over a perturbation set: boxes (interval bound propagation) and
 * backward linear bounds (CROWN). Imports networks and norms; decides nothing and trains nothing.
 */
@NullMarked
package dev.merlon.model.bound;

import org.jspecify.annotations.NullMarked;
