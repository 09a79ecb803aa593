/**
 * Verdicts about one model: climbs from cheap to expensive ways of proving or refuting that a class
 * holds throughout a perturbation set, and counts the answers. It may import every other package of
 * {@code model} except training ones, and never Akka.
 */
@NullMarked
package dev.merlon.model.verify;

import org.jspecify.annotations.NullMarked;
