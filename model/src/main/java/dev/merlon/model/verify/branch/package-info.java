/**
 * Branch and bound: splits a perturbation set at neurons whose sign is open until every subproblem
 * is proved. Knows bounds and networks; what a counterexample is, and how long to search, it is
 * told.
 */
@NullMarked
package dev.merlon.model.verify.branch;

import org.jspecify.annotations.NullMarked;
