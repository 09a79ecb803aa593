/**
 * Norms and what follows from one: balls, projections, steps of steepest ascent and dual norms. A
 * new norm is one new class and its name in {@link dev.merlon.model.norm.Norms#ALL}.
 */
@NullMarked
package dev.merlon.model.norm;

import org.jspecify.annotations.NullMarked;
