/**
 * Interval bound propagation: boxes around the values of every node over a perturbation set, what
 * the first affine layer makes of the set itself, and outward rounding. Imports networks and norms.
 */
@NullMarked
package dev.merlon.model.bound.box;

import org.jspecify.annotations.NullMarked;
