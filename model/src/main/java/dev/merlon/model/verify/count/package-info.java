/**
 * Counts of verdicts: for each perturbation set, for unions of sets, and what a gate demands of
 * them.
 */
@NullMarked
package dev.merlon.model.verify.count;

import org.jspecify.annotations.NullMarked;
