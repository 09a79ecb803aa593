/** A set of one parameter, which shows what a new kind of perturbation set takes. */
@NullMarked
package dev.merlon.tests.sets;

import org.jspecify.annotations.NullMarked;
