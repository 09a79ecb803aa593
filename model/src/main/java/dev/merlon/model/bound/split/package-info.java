/**
 * Linear bounds over subproblems of branch and bound, in which neurons are fixed to one side, with
 * optimised slopes and multipliers (alpha-CROWN, beta-CROWN).
 */
@NullMarked
package dev.merlon.model.bound.split;

import org.jspecify.annotations.NullMarked;
