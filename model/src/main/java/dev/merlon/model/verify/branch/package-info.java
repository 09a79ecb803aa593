/**
 * Branch and bound: halves a perturbation set at neurons whose sign is open until every part is
 * proved. Knows bounds and networks; what a counterexample is, and how long to search, it is told.
 */
@NullMarked
package dev.merlon.model.verify.branch;

import org.jspecify.annotations.NullMarked;
