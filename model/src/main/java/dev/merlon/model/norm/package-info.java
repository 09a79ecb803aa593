/**
 * Norms and what follows from one: balls, projections, steps of steepest ascent and dual norms. A
 * new norm is one new class and its line among this module's services of {@link
 * dev.merlon.config.KnownNorm}.
 */
@NullMarked
package dev.merlon.model.norm;

import org.jspecify.annotations.NullMarked;
